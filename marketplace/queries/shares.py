"""Shared lines as both households see them, with each one's exact part once the window has closed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from marketplace.models import GroupMember, Household, LineShare, ReservationLine
from marketplace.queries.results import got_by_line
from marketplace.rules.parts import Part, split_as_agreed
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


def units_of(share: LineShare) -> int:
    """What the share's whole line may come to, in units; 0 where it is no longer reserved. One query."""
    line = ReservationLine.objects.filter(reservation_id=share.reservation_id, offer_id=share.offer_id).first()
    return line.firm + line.flexible if line is not None else 0


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
    loaded = ReservationLine.objects.filter(pairs).select_related("offer")
    lines = {(line.reservation_id, line.offer_id): line for line in loaded}
    accepted: dict[tuple[int, int], list[LineShare]] = {}
    for share in LineShare.objects.filter(pairs, state=ShareState.ACCEPTED.value):
        accepted.setdefault((share.reservation_id, share.offer_id), []).append(share)
    bills = _bills(shares, lines)
    found = []
    for share, key in zip(shares, keys, strict=True):
        line = lines.get(key)
        found.append(_shared(share, line, accepted.get(key, []), bills.get(line.pk) if line else None))
    return found


def _shared(
    share: LineShare, line: ReservationLine | None, accepted: Sequence[LineShare], bill: Bill | None
) -> SharedLine:
    own = share.total_parts - sum(other.parts for other in accepted)
    if bill is None or share.state != ShareState.ACCEPTED:
        return SharedLine(share, line, own, bill, None, None)
    kept = Part(share.reservation.household_id, own)
    taken = [(Part(other.household_id or 0, other.parts), other.agreed_units) for other in accepted]
    charge = split_as_agreed(bill.charged_minor, bill.quantity, kept, taken)
    deposit = split_as_agreed(bill.deposit_minor, bill.quantity, kept, taken)
    place = next(n for n, (part, _agreed) in enumerate(taken, start=1) if part.household_id == share.household_id)
    return SharedLine(share, line, own, bill, (charge[place], deposit[place]), (charge[0], deposit[0]))


def _bills(shares: Iterable[LineShare], lines: Mapping[tuple[int, int], ReservationLine]) -> dict[int, Bill]:
    """The bills of shared lines whose window was counted, by line. Three queries."""
    got = got_by_line(list(lines.values()))
    bills = {}
    for share in shares:
        line = lines.get((share.reservation_id, share.offer_id))
        if line is not None and line.pk in got:
            each = share.offer.product.deposit_type
            quantity, charged = got[line.pk].quantity, got[line.pk].charged_minor
            bills[line.pk] = Bill(quantity, charged, quantity * each.amount_minor if each else 0)
    return bills
