"""Who may not pass: replays and stale versions, rounds that take nothing any more, foreign groups and handovers."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from marketplace.actions.reserving.answer import LineReason, ReservationAnswer, stored
from marketplace.actions.reserving.context import Context, HandoverFacts
from marketplace.actions.reserving.plan import LinePlan, is_early
from marketplace.actions.reserving.request import ON_ONES_OWN, Request, Verb
from marketplace.errors import (
    IllegalMove,
    InvalidInput,
    LimitExceeded,
    MembershipNeeded,
    NotFound,
    PriceChanged,
    RequestKeyReused,
    ReservationChanged,
    StockShort,
    WindowClosed,
    WindowNotOpen,
)
from marketplace.models import Hub, JoinPolicy, OfferChange, OrderingWindow, Reservation
from marketplace.rules.states import MembershipState, VersionState, WindowState


def answered_before(request: Request, context: Context) -> ReservationAnswer | None:
    """The answer that this very request was given already. Raises RequestKeyReused for another body."""
    if context.stored is None:
        return None
    if context.stored.request_hash != request.body_hash():
        raise RequestKeyReused(request_key=request.request_key)
    return stored(context.stored.reservation_id, context.stored.answer)


def check_reservation(request: Request, context: Context) -> None:
    """What the verb needs: changing needs a placed reservation, cancelling any, both the version that was expected."""
    held = context.reservation
    if held is None and request.verb is not Verb.RESERVE:
        raise NotFound(kind="reservation", id=request.round_id)
    if held is not None and request.verb is Verb.CHANGE and not held.is_placed:
        raise IllegalMove(kind="reservation", id=held.id, from_state=held.state, to_state=VersionState.PLACED.value)
    actual = held.version if held else 0
    if request.expected_version is not None and request.expected_version != actual:
        raise ReservationChanged(expected=request.expected_version, actual=actual)


def check_in_time(request: Request, context: Context, plans: Sequence[LinePlan]) -> None:
    """Raise WindowClosed or WindowNotOpen where nothing that was asked can be done any more, or yet."""
    named = {wanted.offer_id for wanted in request.lines}
    if named and not request.replace:
        concerned = {plan.offer.window_id for plan in plans if plan.now.offer_id in named}
    elif request.verb is Verb.CANCEL:
        concerned = {line.window_id for line in context.lines.values()}
    else:
        concerned = set(context.windows)
    if not concerned or any(context.takes_changes(window_id) for window_id in concerned):
        return
    too_late = [context.windows[w] for w in concerned if not is_early(context, w)]
    if too_late:
        window = max(too_late, key=lambda w: (w.closes_at, w.pk))
        raise WindowClosed(
            window_id=window.pk,
            closes_at=window.closes_at,
            next_opens_at=_next_opening(context),
            time_zone=Hub.objects.values_list("time_zone", flat=True).get(pk=context.hub_id),
        )
    window = min((context.windows[w] for w in concerned), key=lambda w: (w.opens_at, w.pk))
    raise WindowNotOpen(window_id=window.pk, state=window.state, opens_at=window.opens_at)


def check_member(request: Request, context: Context, plans: Sequence[LinePlan]) -> None:
    """Raise MembershipNeeded where a household that may not order at the hub asks for more than it has. What it holds
    it may always reduce, and what was begun on trial it may finish."""
    if _may_order(context) or not any(plan.asks_more for plan in plans):
        return
    slug = Hub.objects.values_list("slug", flat=True).get(pk=context.hub_id)
    raise MembershipNeeded(hub=slug, join_policy=context.standing.join_policy)


def _may_order(context: Context) -> bool:
    at_hub = context.standing
    if at_hub.state == MembershipState.MEMBER:
        return True
    if at_hub.state == MembershipState.TRIAL and (
        at_hub.trial_orders_left > 0 or (context.reservation is not None and context.reservation.is_placed)
    ):
        return True
    # Open to everybody: the first reservation joins, unless the hub has sent the household away.
    is_open = at_hub.join_policy == JoinPolicy.OPEN and not at_hub.trial_orders
    return is_open and at_hub.state != MembershipState.REFUSED


def check_terms_seen(request: Request, context: Context, plans: Sequence[LinePlan]) -> None:
    """Raise PriceChanged where all that was asked for was meant for an offer as it was before, and what speaks against
    an agreement: NotFound without such a line, IllegalMove for declining what is agreed."""
    if request.verb in (Verb.AGREE, Verb.DECLINE):
        _check_agreement(request, plans)
    named = [plan for plan in plans if plan.wanted is not None]
    outdated = [plan for plan in named if plan.reason is LineReason.PRICE_CHANGED]
    if outdated and all(plan.reason for plan in named):
        raise _price_changed(outdated[0])


def _check_agreement(request: Request, plans: Sequence[LinePlan]) -> None:
    for plan in plans:
        if plan.wanted is None:
            continue
        if plan.held is None:
            raise NotFound(kind="reservation line", id=plan.now.offer_id)
        if request.verb is Verb.AGREE and (plan.wanted.seen_version or 0) < plan.offer.agreement_version:
            raise _price_changed(plan)
        if request.verb is Verb.DECLINE and plan.held_counts:
            raise IllegalMove(kind="offer change", id=plan.now.offer_id, from_state="agreed", to_state="declined")


def _price_changed(plan: LinePlan) -> PriceChanged:
    """The refusal with the terms as they were seen and as they are."""
    seen = plan.wanted.seen_version if plan.wanted else None
    changes = OfferChange.objects.filter(offer=plan.now.offer_id, version__gt=seen or 0).order_by("version")
    told = list(changes.values_list("before", "after"))
    return PriceChanged(
        offer_id=plan.now.offer_id,
        seen=seen,
        version=plan.offer.version,
        before=told[0][0] if told else None,
        after=told[-1][1] if told else None,
    )


def check_something_kept(request: Request, context: Context, plans: Sequence[LinePlan]) -> None:
    """Where the request asks for that: raise StockShort or LimitExceeded if nothing at all of it is kept."""
    named = [plan for plan in plans if plan.wanted is not None]
    moves = request.handover_id is not None and context.reservation is not None
    if not request.keeps_something or not named or moves or any(plan.changes for plan in plans):
        return
    for plan in named:
        if plan.reason in (LineReason.STOCK_SHORT, LineReason.WHOLE_ONLY_SHORT):
            raise StockShort(offer_id=plan.now.offer_id, asked=plan.asked_firm, kept=plan.now.firm)
        if plan.reason in (LineReason.FILLING_LIMIT, LineReason.BREAKS_CASE, LineReason.BREAKS_STEP):
            raise LimitExceeded(offer_id=plan.now.offer_id, at_most=max(plan.rise, 0))


def group_of(request: Request, context: Context) -> int | None:
    """The group that the reservation belongs to; ON_ONES_OWN leaves it.

    Raises NotFound for one that the household is not in.
    """
    if request.group_id is None:
        return context.reservation.group_id if context.reservation else None
    if request.group_id == ON_ONES_OWN:
        return None
    if not context.in_group:
        raise NotFound(kind="group", id=request.group_id)
    return request.group_id


def handover_of(request: Request, context: Context, household_id: int) -> HandoverFacts:
    """Where the goods are handed over: as asked, as before, the group's place, the only one, the one used last.

    Raises NotFound for another round's handover, InvalidInput where there is a choice and none was made, or where
    the group meets elsewhere.
    """
    known = {handover.id: handover for handover in context.handovers}
    groups_own = [h for h in context.handovers if h.pickup_point_id and h.pickup_point_id == context.group_point_id]
    if request.handover_id is not None:
        if request.handover_id not in known:
            raise NotFound(kind="handover", id=request.handover_id)
        if groups_own and request.handover_id not in {h.id for h in groups_own}:
            raise _handover_problem(_("Your group collects at another place; choose that one, or order on your own."))
        return known[request.handover_id]
    before = context.reservation
    if before is not None and request.group_id in (None, before.group_id):
        return known[before.handover_id]
    if groups_own:
        return groups_own[0]
    if before is not None:
        return known[before.handover_id]
    if len(known) == 1:
        return context.handovers[0]
    point_id = _point_used_last(household_id)
    for handover in context.handovers:
        if point_id is not None and handover.pickup_point_id == point_id:
            return handover
    raise _handover_problem(_("Choose where you collect your order."))


def _handover_problem(sentence: str) -> InvalidInput:
    return InvalidInput(problems=[{"place": "handover", "problem": sentence}])


def _point_used_last(household_id: int) -> int | None:
    used = Reservation.objects.filter(household_id=household_id, handover__pickup_point__isnull=False)
    return used.order_by("-changed_at", "-pk").values_list("handover__pickup_point_id", flat=True).first()


def _next_opening(context: Context) -> object:
    """When the hub's next window opens, if one is planned."""
    planned = OrderingWindow.objects.filter(
        round__hub_id=context.hub_id,
        state__in=[WindowState.SCHEDULED.value, WindowState.OPEN.value],
        opens_at__gt=context.now,
    )
    return planned.order_by("opens_at").values_list("opens_at", flat=True).first()
