"""Shared lines as both households see them, with each one's exact part once the window has closed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from marketplace.models import (
    Allocation,
    ClearingRun,
    GroupMember,
    Household,
    LineShare,
    OfferOutcome,
    ReservationLine,
)
from marketplace.rules.parts import Part, split
from marketplace.rules.states import ShareState, WindowState

LIVE = (ShareState.OFFERED.value, ShareState.ACCEPTED.value)
PAGE = 50


@dataclass(frozen=True, slots=True)
class Bill:
    """What a line costs after its close, in minor units, deposits apart."""

    quantity: int
    charged_minor: int
    deposit_minor: int


@dataclass(frozen=True, slots=True)
class SharedLine:
    """A share with its line: `own_parts` is what the offerer keeps. `bill` is the whole line's after the close;
    `theirs`, `ours` are the share's and the offerer's part of charge and deposit."""

    share: LineShare
    line: ReservationLine | None
    own_parts: int
    bill: Bill | None
    theirs: tuple[int, int] | None
    ours: tuple[int, int] | None

    @property
    def closes_at(self) -> datetime:
        return self.share.offer.window.closes_at


def neighbours(household_id: int) -> QuerySet[Household]:
    """The households that share a group with this one; only these are named, others are invited by link."""
    groups = GroupMember.objects.filter(household_id=household_id).values("group_id")
    with_us = GroupMember.objects.filter(group__in=groups, household_id=OuterRef("pk"))
    return (
        Household.objects.filter(Exists(with_us), erased_at__isnull=True)
        .exclude(pk=household_id)
        .order_by("name", "pk")
    )


def shares_of_reservation(reservation_id: int) -> dict[int, list[SharedLine]]:
    """The live shares of a reservation's own lines, by offer. Five queries, one where nothing is shared."""
    found = _shares().filter(reservation_id=reservation_id, state__in=LIVE).order_by("offered_at", "pk")
    by_offer: dict[int, list[SharedLine]] = {}
    for shared in _told(list(found)):
        by_offer.setdefault(shared.share.offer_id, []).append(shared)
    return by_offer


def shares_taken(household_id: int, round_id: int) -> list[SharedLine]:
    """What the household takes, or is offered, of its neighbours' lines in a round. Five queries, one without any."""
    found = _shares().filter(household_id=household_id, reservation__round_id=round_id, state__in=LIVE)
    return _told(list(found.order_by("offer__product__name", "pk")))


def shares_of_households(household_ids: Sequence[int]) -> list[SharedLine]:
    """The newest shares that these households offered or were offered, answered ones too. Five queries."""
    return _told(list(shares_seen_by(household_ids).order_by("-offered_at", "-pk")[:PAGE]))


def shares_seen_by(household_ids: Sequence[int]) -> QuerySet[LineShare]:
    """What these households offered or were offered, answered ones too; evaluated by the caller."""
    return _shares().filter(Q(household__in=household_ids) | Q(reservation__household__in=household_ids))


def waiting_for(household_ids: Sequence[int]) -> Q:
    """Narrows shares to those that wait for an answer of these households."""
    open_now = Q(offer__window__state=WindowState.OPEN.value)
    return Q(household__in=household_ids, state=ShareState.OFFERED.value) & open_now


def with_parts(shares: Iterable[LineShare]) -> list[SharedLine]:
    """A page of `shares_seen_by` with everybody's parts. At most five queries."""
    return _told(list(shares))


def _shares() -> QuerySet[LineShare]:
    return LineShare.objects.select_related(
        "reservation__household",
        "reservation__round__hub",
        "reservation__handover__pickup_point",
        "offer__product__deposit_type",
        "offer__window",
        "household",
    )


def _told(shares: list[LineShare]) -> list[SharedLine]:
    if not shares:
        return []
    keys = [(share.reservation_id, share.offer_id) for share in shares]
    pairs = Q(reservation__in={r for r, _ in keys}, offer__in={o for _, o in keys})
    lines = {(line.reservation_id, line.offer_id): line for line in ReservationLine.objects.filter(pairs)}
    accepted: dict[tuple[int, int], list[LineShare]] = {}
    for share in LineShare.objects.filter(pairs, state=ShareState.ACCEPTED.value):
        accepted.setdefault((share.reservation_id, share.offer_id), []).append(share)
    bills = _bills([share for share in shares if (share.reservation_id, share.offer_id) in lines], lines)
    return [
        _shared(share, lines.get(key), accepted.get(key, []), bills.get(key))
        for share, key in zip(shares, keys, strict=True)
    ]


def _shared(
    share: LineShare, line: ReservationLine | None, accepted: Sequence[LineShare], bill: Bill | None
) -> SharedLine:
    own = share.total_parts - sum(other.parts for other in accepted)
    if bill is None or share.state != ShareState.ACCEPTED:
        return SharedLine(share, line, own, bill, None, None)
    offerer = share.reservation.household_id
    parts = [Part(offerer, own), *(Part(other.household_id or 0, other.parts) for other in accepted)]
    charge, deposit = split(bill.charged_minor, parts), split(bill.deposit_minor, parts)
    place = next(n for n, part in enumerate(parts) if part.household_id == share.household_id)
    return SharedLine(share, line, own, bill, (charge[place], deposit[place]), (charge[0], deposit[0]))


def _bills(
    shares: Iterable[LineShare], lines: Mapping[tuple[int, int], ReservationLine]
) -> dict[tuple[int, int], Bill]:
    """The bills of the lines whose window has closed, by each window's newest run that was not voided: as
    queries.reservations.outcome_lines tells them of one reservation. Three queries for any number of lines."""
    by_key = {(share.reservation_id, share.offer_id): share for share in shares}
    windows = {share.offer.window_id for share in by_key.values()}
    runs = ClearingRun.objects.filter(window__in=windows, voided_at__isnull=True).order_by("number")
    run_ids = list(dict(runs.values_list("window_id", "pk")).values())
    outcomes = {o.offer_id: o for o in OfferOutcome.objects.filter(run__in=run_ids, offer__in={o for _, o in by_key})}
    held = [lines[key].pk for key in by_key]
    allocations = {a.line_id: a for a in Allocation.objects.filter(run__in=run_ids, line__in=held).order_by("pk")}
    return {
        key: _bill(lines[key], outcomes[share.offer_id], allocations.get(lines[key].pk), share)
        for key, share in by_key.items()
        if share.offer_id in outcomes
    }


def _bill(line: ReservationLine, outcome: OfferOutcome, allocation: Allocation | None, share: LineShare) -> Bill:
    price, limit = outcome.unit_price_minor, line.max_unit_price_minor
    if allocation is not None:
        quantity, charged = allocation.quantity, allocation.charged_minor
    elif price is None or (limit is not None and limit < price):
        quantity, charged = 0, 0
    else:
        quantity, charged = line.firm, line.firm * price
    deposit = share.offer.product.deposit_type
    return Bill(quantity, charged, quantity * deposit.amount_minor if deposit else 0)
