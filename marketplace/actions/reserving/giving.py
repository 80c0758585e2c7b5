"""Households whose units others take over in the filling stretch: who offers, and what becomes of their reservations.

A taker changes another household's reservation, so it holds that household too, as the household's own requests do.
Households come first in the order of locks (docs/adr/0002) and a taker learns late whom it needs: so it takes only
what nobody holds, and otherwise begins anew with all of them held from the start.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, QuerySet

from marketplace.actions.reserving.context import HeldLine, Taking
from marketplace.actions.reserving.handing_on import line_without
from marketplace.actions.reserving.plan import LinePlan, times_after
from marketplace.actions.reserving.request import Request
from marketplace.actions.reserving.store import Store
from marketplace.errors import ReservationChanged
from marketplace.models import Reservation, ReservationLine, ReservationVersion
from marketplace.rules.states import VersionState

# After so many attempts whoever is still busy with requests of its own is passed over.
MOST_ATTEMPTS = 4


class BeginAnew(Exception):
    """The request cannot go on as it began: it needs households that others hold, or may not take over units of
    some offers."""

    def __init__(self, *, households: Collection[int] = (), offers: Collection[int] = ()) -> None:
        super().__init__(sorted(households), sorted(offers))
        self.households = frozenset(households)
        self.offers = frozenset(offers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One of a request's attempts: `households` to be held from the start, `spared` offers whose offered units stay
    where they are."""

    number: int = 1
    households: frozenset[int] = frozenset()
    spared: frozenset[int] = frozenset()

    def after(self, why: BeginAnew) -> "Attempt":
        return Attempt(
            number=self.number + 1, households=self.households | why.households, spared=self.spared | why.offers
        )


class Giver(NamedTuple):
    """A reservation as it is before units of it are taken over. `capacity_id`: its handover's counter, if any."""

    reservation_id: int
    household_id: int
    version: int
    capacity_id: int | None
    user_id: int
    lines: Mapping[int, HeldLine]

    def after(self, takings: Iterable[Taking], at: datetime) -> dict[int, HeldLine]:
        """Its lines without what was taken over; the latest units go."""
        lines = dict(self.lines)
        for line, units in ((lines.pop(taking.line.offer_id), taking.units) for taking in takings):
            left = line_without(line, units)
            if left is not None:
                lines[line.offer_id] = left._replace(raised=times_after(line.raised, -units, at))
        return lines


@dataclass(slots=True, kw_only=True)
class Givers:
    """The other households of one attempt, as far as its household takes over units of theirs."""

    household_id: int
    attempt: Attempt
    known: list[tuple[Giver, list[Taking]]] = field(default_factory=list)

    def offered(self, store: Store, rising: Sequence[LinePlan]) -> dict[int, list[Taking]]:
        """What others offer of these offers, oldest offer first, at least as far as it may be needed; their
        households are held. Raises BeginAnew where one is busy."""
        rises = {plan.now.offer_id: plan.rise for plan in rising if plan.now.offer_id not in self.attempt.spared}
        if not rises:
            return {}
        found = self._offering([plan.offer.window_id for plan in rising], rises)
        needed = _needed(found.values_list("offer_id", "offered_back", "reservation__household_id"), rises)
        if not needed:
            return {}
        held = store.try_households(needed)
        if held != needed and self.attempt.number < MOST_ATTEMPTS:
            raise BeginAnew(households={self.household_id, *needed})
        offered: dict[int, list[Taking]] = {}
        # Read anew: what was read before its household was held may have changed.
        for row in found.filter(reservation__household__in=held).values_list("reservation_id", *HeldLine._fields):
            line = HeldLine(*row[1:])
            offered.setdefault(line.offer_id, []).append(Taking(row[0], line, line.offered_back))
        return offered

    def read(self, plans: Iterable[LinePlan]) -> None:
        """Read the reservations that units are taken from; three statements if there are any."""
        by_giver: dict[int, list[Taking]] = {}
        for taking in (taking for plan in plans for taking in plan.takings):
            by_giver.setdefault(taking.reservation_id, []).append(taking)
        if by_giver:
            self.known = [(giver, by_giver[giver.reservation_id]) for giver in read_givers(by_giver)]

    def places_left(self, at: datetime) -> list[int]:
        """The handovers' counters in which a giver that is left without lines gives its place back."""
        emptied = (giver for giver, takings in self.known if not giver.after(takings, at))
        return [giver.capacity_id for giver in emptied if giver.capacity_id is not None]

    def write(self, request: Request, at: datetime) -> None:
        """Write each giver's next version: two statements for each, and one per line."""
        for giver, takings in self.known:
            _write(giver, takings, at, request_key=_key(request, self.household_id))

    def _offering(self, window_ids: Iterable[int], offer_ids: Iterable[int]) -> QuerySet[ReservationLine]:
        lines = ReservationLine.objects.filter(
            window__in=set(window_ids),
            offer__in=list(offer_ids),
            offered_back__gt=0,
            # A line that waits for its household's agreement has no units that count.
            agreed_version__gte=F("offer__agreement_version"),
        )
        return lines.exclude(reservation__household=self.household_id).order_by("offered_back_at", "pk")


def _needed(offering: Iterable[tuple[int, int, int]], rises: Mapping[int, int]) -> set[int]:
    """The households that offer first, as far as the rises go."""
    open_ = dict(rises)
    needed = set()
    for offer_id, units, household_id in offering:
        if open_[offer_id] > 0:
            needed.add(household_id)
            open_[offer_id] -= units
    return needed


def read_givers(reservation_ids: Iterable[int]) -> list[Giver]:
    """Reservations as they are, in the order of ids. Three statements."""
    ids = sorted(reservation_ids)
    lines: dict[int, dict[int, HeldLine]] = {}
    held = ReservationLine.objects.filter(reservation__in=ids).order_by("offer_id")
    for reservation_id, *columns in held.values_list("reservation_id", *HeldLine._fields):
        line = HeldLine(*columns)
        lines.setdefault(reservation_id, {})[line.offer_id] = line
    versions = ReservationVersion.objects.filter(reservation__in=ids).order_by("number")
    last_users = dict(versions.values_list("reservation_id", "by_id"))
    rows = Reservation.objects.filter(pk__in=ids).order_by("pk")
    return [
        Giver(*row, last_users[row[0]], lines[row[0]])
        for row in rows.values_list("pk", "household_id", "version", "handover__capacity_id")
    ]


def _write(giver: Giver, takings: Sequence[Taking], at: datetime, *, request_key: str) -> None:
    after = giver.after(takings, at)
    state = (VersionState.PLACED if after else VersionState.CANCELLED).value
    mine = ReservationLine.objects.filter(reservation=giver.reservation_id)
    for taking in takings:
        line = after.get(taking.line.offer_id)
        if line is None:
            mine.filter(offer=taking.line.offer_id).delete()
        else:
            mine.filter(offer=line.offer_id).update(
                firm=line.firm,
                raised=line.raised,
                offered_back=line.offered_back,
                offered_back_at=line.offered_back_at,
            )
    before = Reservation.objects.filter(pk=giver.reservation_id, version=giver.version)
    if not before.update(version=giver.version + 1, state=state, changed_at=at):
        raise ReservationChanged(expected=giver.version, actual=None)
    taken = {str(taking.line.offer_id): taking.units for taking in takings}
    ReservationVersion.objects.create(
        reservation_id=giver.reservation_id,
        number=giver.version + 1,
        state=state,
        household_id=giver.household_id,
        # Not a request of the household's, so no request of it can have this hash.
        request_key=request_key,
        request_hash="",
        lines=[stored_line(line) for line in after.values()],
        answer={"taken_over": taken},
        changed_offers=sorted(taking.line.offer_id for taking in takings),
        # Nobody of the household acted now: its offer did, so this names who spoke for the household last.
        by_id=giver.user_id,
        placed_at=at,
    )


def stored_line(line: HeldLine) -> dict[str, Any]:
    """A line as its version keeps it: all of it, so that a cancelled one can be read for ever."""
    offered_at = line.offered_back_at and line.offered_back_at.isoformat()
    return {
        **line._asdict(),
        "placed_at": line.placed_at.isoformat(),
        "offered_back_at": offered_at,
        "collect_until": line.collect_until and line.collect_until.isoformat(),
    }


def _key(request: Request, household_id: int) -> str:
    """The giver's version is the taker's request, seen from the other side; hashed, so that nobody can guess it and
    use it up."""
    return "taken-over:" + hashlib.sha256(f"{household_id}:{request.request_key}".encode()).hexdigest()
