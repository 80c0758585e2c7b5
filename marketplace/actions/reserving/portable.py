"""Reserving in the ORM, for SQLite: its write transactions are IMMEDIATE, so nobody else writes meanwhile."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db.models import F, Q

from marketplace import access, clock
from marketplace.actions.reserving.context import (
    Context,
    HandoverFacts,
    HeldLine,
    HeldReservation,
    OfferFacts,
    Standing,
    StoredAnswer,
    Who,
    terms_of,
)
from marketplace.actions.reserving.request import Request
from marketplace.actions.reserving.writing import Want, Writing
from marketplace.errors import NotFound, ReservationChanged
from marketplace.models import (
    Capacity,
    Group,
    Handover,
    Household,
    HubMembership,
    Offer,
    OrderingWindow,
    PriceStep,
    Reservation,
    ReservationLine,
    ReservationVersion,
    Round,
    User,
)
from marketplace.queries.demand import from_stored
from marketplace.rules.states import WindowState

LINE = HeldLine._fields


def who(request: Request, by: User) -> Who:
    """The household needs no lock of its own here."""
    if request.for_household:
        household = Household.objects.filter(pk=request.household_id or 0, erased_at__isnull=True).first()
        if household is None:
            raise NotFound(kind="household", id=request.household_id)
    else:
        household = access.household_of(by, request.household_id)
    concerned = Q(offers__in=[wanted.offer_id for wanted in request.lines])
    if request.concerns_all_windows:
        concerned |= Q(state=WindowState.OPEN.value)
    windows = OrderingWindow.objects.filter(concerned, round_id=request.round_id)
    return Who(household.pk, list(windows.values_list("pk", flat=True).distinct()))


def context(request: Request, who: Who) -> Context:
    """About ten statements."""
    round_ = (
        Round.objects.filter(pk=request.round_id)
        .annotate(now=clock.expression())
        .values_list("now", "hub_id", "hub__currency", "hub__join_policy", "hub__trial_orders")
        .first()
    )
    if round_ is None:
        raise NotFound(kind="round", id=request.round_id)
    now, hub_id, currency, join_policy, trial_orders = round_
    mine = Reservation.objects.filter(round_id=request.round_id, household_id=who.household_id)
    row = mine.values_list(*HeldReservation._fields).first()
    reservation = HeldReservation(*row) if row else None
    lines = ReservationLine.objects.filter(reservation__in=mine).values_list(*LINE)
    held = {line.offer_id: line for line in (HeldLine(*row) for row in lines)}
    group_id = request.group_id
    if group_id is None and reservation:
        group_id = reservation.group_id
    groups = Group.objects.filter(pk=group_id or 0, hub_id=hub_id, members=who.household_id)
    group = groups.values_list("pickup_point_id").first()
    stored = ReservationVersion.objects.filter(household_id=who.household_id, request_key=request.request_key)
    answer = stored.values_list("reservation_id", "request_hash", "answer").first()
    handovers = Handover.objects.filter(round_id=request.round_id)
    return Context(
        now=now,
        hub_id=hub_id,
        currency=currency,
        windows={window.pk: window for window in OrderingWindow.objects.filter(round_id=request.round_id)},
        locked=frozenset(who.window_ids),
        offers=_offers(request.round_id, {wanted.offer_id for wanted in request.lines} | set(held)),
        handovers=[
            HandoverFacts(*row)
            for row in handovers.values_list(
                "pk", "pickup_point_id", "capacity_id", "capacity__limit", "capacity__taken"
            )
        ],
        in_group=group is not None,
        group_point_id=group[0] if group else None,
        reservation=reservation,
        lines=held,
        stored=StoredAnswer(*answer) if answer else None,
        standing=Standing(join_policy, trial_orders, *(_membership(hub_id, who.household_id) or (None, 0))),
        products=_products(request),
    )


def hold_households(household_ids: Collection[int]) -> None:
    """Nothing to do: nobody else writes."""


def try_households(household_ids: Collection[int]) -> set[int]:
    """All of them: nobody else writes."""
    return set(household_ids)


def hold_offers(offer_ids: Sequence[int]) -> None:
    """Nothing to do: nobody else writes."""


def take(wants: Sequence[Want]) -> dict[int, int]:
    """Read, grant, count, in id order."""
    rows = Capacity.objects.filter(pk__in=[want.capacity_id for want in wants])
    free = {pk: limit - taken for pk, limit, taken in rows.values_list("pk", "limit", "taken")}
    granted: dict[int, int] = {}
    for want in sorted(wants):
        units = want.units
        if units > free[want.capacity_id]:
            units = 0 if want.whole else max(free[want.capacity_id], 0)
        if units:
            Capacity.objects.filter(pk=want.capacity_id).update(taken=F("taken") + units)
            granted[want.capacity_id] = units
    return granted


def write(writing: Writing) -> int:
    """Reservation, lines, version."""
    reservation_id = _reservation(writing)
    ReservationLine.objects.filter(reservation_id=reservation_id, offer_id__in=writing.gone).delete()
    ReservationLine.objects.bulk_create(
        [ReservationLine(reservation_id=reservation_id, **line._asdict()) for line in writing.put],
        update_conflicts=True,
        unique_fields=["reservation", "offer"],
        update_fields=[
            "firm",
            "flexible",
            "flexible_for",
            "max_unit_price_minor",
            "whole_only",
            "raised",
            "offered_back",
            "offered_back_at",
            "agreed_version",
            "substitutes",
            "collect_until",
        ],
    )
    ReservationVersion.objects.create(
        reservation_id=reservation_id,
        number=writing.version,
        state=writing.state,
        household_id=writing.household_id,
        request_key=writing.request_key,
        request_hash=writing.request_hash,
        lines=writing.lines,
        answer=writing.answer,
        changed_offers=writing.changed_offers,
        by_id=writing.user_id,
        via=writing.via,
        placed_at=writing.at,
    )
    return reservation_id


def take_and_write(wants: Sequence[Want], writing: Writing) -> int | None:
    """One after the other: nobody else writes, so the counts that the context told still hold."""
    take(wants)
    return write(writing)


def _reservation(writing: Writing) -> int:
    mine = {"round_id": writing.round_id, "household_id": writing.household_id}
    values: dict[str, Any] = {
        "handover_id": writing.handover_id,
        "group_id": writing.group_id,
        "state": writing.state,
        "version": writing.version,
        "changed_at": writing.at,
    }
    if writing.version == 1:
        return Reservation.objects.create(**mine, **values, created_at=writing.at).pk
    before = Reservation.objects.filter(**mine, version=writing.version - 1)
    reservation_id = before.values_list("pk", flat=True).first()
    if reservation_id is None or not before.update(**values):
        raise ReservationChanged(expected=writing.version - 1, actual=None)
    return reservation_id


def _offers(round_id: int, offer_ids: Iterable[int]) -> dict[int, OfferFacts]:
    offers = Offer.objects.filter(pk__in=offer_ids, window__round_id=round_id)
    ladders: dict[int, list[tuple[int, int, int]]] = {}
    steps = PriceStep.objects.filter(offer__in=offers).order_by("from_quantity")
    for offer_id, *step in steps.values_list("offer_id", "from_quantity", "cost_minor", "unit_price_minor"):
        ladders.setdefault(offer_id, []).append((step[0], step[1], step[2]))
    rows = offers.values_list(
        "pk", "window_id", "capacity_id", "demand__groups", "case", "splittable", "multiple", "split_fee_minor",
        "hub_flexible", "shortage_rule", "capacity__limit", "capacity__taken", "version", "agreement_version",
        "product_id",
    )  # fmt: skip
    return {row[0]: _offer(row, ladders[row[0]]) for row in rows if row[0] in ladders}


def _offer(row: tuple[Any, ...], ladder: Sequence[Sequence[int]]) -> OfferFacts:
    offer_id, window_id, capacity_id, groups, *terms, taken, version, agreement_version, product_id = row
    return OfferFacts(
        window_id, capacity_id, terms_of(offer_id, ladder, terms), from_stored(groups or []), taken or 0,
        version, agreement_version, product_id,
    )  # fmt: skip


def _membership(hub_id: int, household_id: int) -> tuple[str, int] | None:
    rows = HubMembership.objects.filter(hub_id=hub_id, household_id=household_id)
    return rows.values_list("state", "trial_orders_left").first()


def _products(request: Request) -> frozenset[int]:
    """Only where substitutes are named."""
    named = {product for wanted in request.lines for product in wanted.substitutes}
    if not named:
        return frozenset()
    offers = Offer.objects.filter(window__round_id=request.round_id, product__in=named)
    return frozenset(offers.exclude(window__state=WindowState.DRAFT.value).values_list("product_id", flat=True))
