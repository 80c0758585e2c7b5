"""Change what an offer promises: freely before it opens, afterwards for the better at once or by agreement."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock, locks
from marketplace.access import offer_to_change
from marketplace.actions.offers.cutting import cut_lines
from marketplace.actions.publish_offer import terms_problems
from marketplace.errors import IllegalMove, InvalidInput, WindowClosed
from marketplace.events import emit
from marketplace.models import Capacity, Offer, OfferChange, OrderingWindow, PriceStep, User
from marketplace.queries.offer_changes import agreement_version_after, cut_to, lines_of_offer, terms_now
from marketplace.rules.offer_changes import Terms, needs_agreement
from marketplace.rules.states import WindowState

_BEFORE_OPENING = (WindowState.DRAFT.value, WindowState.SCHEDULED.value)
LONGEST_REASON = 200


@transaction.atomic
def change_offer(
    *, offer_id: int, terms: Terms, reason: str = "", expected_version: int | None = None, by: User
) -> OfferChange | None:
    """The change, or None where the terms are these already. `terms` are all of the offer's terms as they shall be.

    Once the window is open, what harms nobody applies at once; a lower cap shares out at once what is left; anything
    else counts for a line once its household agrees, and without that the line is released at the close
    (docs/adr/0013). `expected_version` is the version that the form showed.

    Raises NotFound for an offer that is not the actor's, WindowClosed after the deadline, IllegalMove for a window that
    takes no change any more or another version, InvalidInput naming each problem; then nothing has changed.
    """
    offer = offer_to_change(by, offer_id)
    # No request of the round is half-way while all of its windows are held: lines of several windows are in one
    # reservation, and a cut writes reservations (docs/adr/0002).
    siblings = OrderingWindow.objects.filter(round_id=offer.window.round_id).order_by("pk")
    for window_id in list(siblings.values_list("pk", flat=True)):
        locks.window_exclusive(window_id)
    offer = offer_to_change(by, offer_id)
    at = clock.now()
    _check_time(offer, at)
    if expected_version is not None and expected_version != offer.version:
        raise IllegalMove(
            kind="offer",
            id=offer_id,
            from_state=f"version {offer.version}",
            to_state=f"after version {expected_version}",
        )
    _check(offer, terms, reason)
    before = terms_now(offer)
    if terms == before:
        return None
    return _apply(offer, before, terms, reason=reason, at=at, by=by)


def _apply(offer: Offer, before: Terms, after: Terms, *, reason: str, at: datetime, by: User) -> OfferChange:
    least = agreement_version_after(offer, before, after)
    version = offer.version + 1
    lines = lines_of_offer(offer)
    kept = cut_to(offer, after, lines)
    if kept:
        cut_lines(offer=offer, kept=kept, version=version, at=at, by=by)
    reserved = sum(kept.get(int(line.id), line.firm) for line in lines)
    capacity = _set_cap(offer, after.cap, reserved)
    if after.ladder != before.ladder:
        PriceStep.objects.filter(offer=offer).delete()
        PriceStep.objects.bulk_create(
            PriceStep(offer=offer, from_quantity=q, cost_minor=c, unit_price_minor=p) for q, c, p in after.ladder
        )
    Offer.objects.filter(pk=offer.pk).update(
        version=version,
        agreement_version=least,
        case=after.case,
        splittable=after.splittable,
        multiple=after.multiple,
        split_fee_minor=after.split_fee,
        hub_flexible=after.hub_flexible,
        shortage_rule=after.shortage_rule,
        best_before=after.best_before,
        capacity=capacity,
    )
    if capacity is None and offer.capacity is not None:
        offer.capacity.delete()
    change = OfferChange.objects.create(
        offer=offer,
        version=version,
        before=before.as_json(),
        after=after.as_json(),
        needs_agreement=needs_agreement(before, after),
        reason=reason.strip(),
        by=by,
        changed_at=at,
    )
    emit(
        "offer.changed",
        offer_id=offer.pk,
        window_id=offer.window_id,
        round_id=offer.window.round_id,
        version=version,
    )
    return change


def _set_cap(offer: Offer, cap: int | None, reserved: int) -> Capacity | None:
    """The counter with the new bound; what is taken is counted anew from the lines, which nobody changes now."""
    if cap is None:
        return None
    if offer.capacity is None:
        return Capacity.objects.create(limit=cap, taken=reserved)
    Capacity.objects.filter(pk=offer.capacity.pk).update(limit=cap, taken=reserved)
    return offer.capacity


def _check_time(offer: Offer, at: datetime) -> None:
    window = offer.window
    if window.state in _BEFORE_OPENING or window.takes_reservations(at):
        return
    if window.state == WindowState.OPEN and at < window.opens_at:
        return
    if window.state == WindowState.CANCELLED:
        raise IllegalMove(kind="window", id=window.pk, from_state=window.state, to_state="offer changed")
    raise WindowClosed(
        window_id=window.pk, closes_at=window.closes_at, next_opens_at=None, time_zone=window.round.hub.time_zone
    )


def _check(offer: Offer, terms: Terms, reason: str) -> None:
    problems = terms_problems(
        ladder=terms.ladder,
        case=terms.case,
        multiple=terms.multiple,
        splittable=terms.splittable,
        from_stock=offer.from_stock,
        cap=terms.cap,
    )
    if len(reason) > LONGEST_REASON:
        problems.append({"place": "reason", "problem": _("At most %(n)s characters.") % {"n": LONGEST_REASON}})
    if offer.window.state not in _BEFORE_OPENING and not reason.strip():
        problems.append({"place": "reason", "problem": _("Say why: those who reserved are told.")})
    if problems:
        raise InvalidInput(problems=problems)
