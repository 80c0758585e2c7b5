"""A cap below what is reserved: each line keeps what the shortage rule leaves it, as a version of its reservation."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db.models import F

from marketplace.actions.reserving.context import HeldLine
from marketplace.actions.reserving.giving import Giver, read_givers, stored_line
from marketplace.actions.reserving.plan import times_after
from marketplace.errors import ReservationChanged
from marketplace.models import Capacity, Offer, Reservation, ReservationLine, ReservationVersion, User, Via
from marketplace.rules.states import VersionState


def cut_lines(*, offer: Offer, kept: Mapping[int, int], version: int, at: datetime, by: User) -> None:
    """Reduce the named lines to what they keep (none: the line goes). The windows of the round are held exclusively.

    Three statements for each reservation. The offer's own counter is the caller's.
    """
    rows = ReservationLine.objects.filter(pk__in=kept).order_by("reservation_id")
    by_reservation = {reservation_id: kept[pk] for pk, reservation_id in rows.values_list("pk", "reservation_id")}
    for reservation in read_givers(by_reservation):
        _cut(reservation, offer.pk, by_reservation[reservation.reservation_id], version, at, by)


def cut_key(offer_id: int, version: int, household_id: int) -> str:
    """The request key of a cut: one per change and household; hashed, so that nobody can guess it and use it up."""
    return "cut:" + hashlib.sha256(f"{offer_id}:{version}:{household_id}".encode()).hexdigest()


def _cut(reservation: Giver, offer_id: int, units: int, version: int, at: datetime, by: User) -> None:
    held, lines = reservation.lines[offer_id], dict(reservation.lines)
    mine = ReservationLine.objects.filter(reservation=reservation.reservation_id, offer=offer_id)
    if units:
        lines[offer_id] = after = _left(held, units, at)
        mine.update(
            firm=after.firm,
            raised=after.raised,
            offered_back=after.offered_back,
            offered_back_at=after.offered_back_at,
        )
    else:
        del lines[offer_id]
        mine.delete()
    state = (VersionState.PLACED if lines else VersionState.CANCELLED).value
    if not lines and reservation.capacity_id is not None:
        Capacity.objects.filter(pk=reservation.capacity_id).update(taken=F("taken") - 1)
    before = Reservation.objects.filter(pk=reservation.reservation_id, version=reservation.version)
    if not before.update(version=reservation.version + 1, state=state, changed_at=at):
        raise ReservationChanged(expected=reservation.version, actual=None)
    ReservationVersion.objects.create(
        reservation_id=reservation.reservation_id,
        number=reservation.version + 1,
        state=state,
        household_id=reservation.household_id,
        request_key=cut_key(offer_id, version, reservation.household_id),
        # Not a request of the household's, so no request of it can have this hash.
        request_hash="",
        lines=[stored_line(line) for line in lines.values()],
        answer={"cut": {"offer_id": offer_id, "version": version, "before": held.firm, "after": units}},
        changed_offers=[offer_id],
        by=by,
        via=Via.CUT,
        placed_at=at,
    )


def _left(held: HeldLine, units: int, at: datetime) -> HeldLine:
    """The line with so many units; the latest go, and of what is offered to others no more than is left."""
    offered = min(held.offered_back, units)
    return held._replace(
        firm=units,
        raised=times_after(held.raised, units - held.firm, at),
        offered_back=offered,
        offered_back_at=held.offered_back_at if offered else None,
    )
