"""What helpers and hosts read of the shifts at handovers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from marketplace import clock
from marketplace.access import hubs_where
from marketplace.errors import NotFound
from marketplace.models import (
    Group,
    Handover,
    Household,
    Hub,
    HubMembership,
    PickupPointHost,
    Reservation,
    ShiftVolunteer,
    User,
    VolunteerShift,
)
from marketplace.rules.roles import Permission
from marketplace.rules.states import MembershipState


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift with who comes. `mine`: the reader is one of them."""

    shift: VolunteerShift
    names: tuple[str, ...]
    mine: bool

    @property
    def missing(self) -> int:
        return max(0, self.shift.needed - len(self.names))


def hubs_of(user: User) -> QuerySet[Hub]:
    """The hubs at which the user's households order: members, those in a group there, those who ever reserved there."""
    households = Household.objects.filter(memberships__user=user)
    joined = HubMembership.objects.filter(
        household__in=households, state__in=[MembershipState.MEMBER.value, MembershipState.TRIAL.value]
    )
    grouped = Group.objects.filter(members__in=households)
    reserved = Reservation.objects.filter(household__in=households)
    return (
        Hub.objects.filter(pk__in=joined.values("hub"))
        | Hub.objects.filter(pk__in=grouped.values("hub"))
        | Hub.objects.filter(pk__in=reserved.values("round__hub"))
    )


def coming_shifts(user: User) -> list[Shift]:
    """Shifts ahead at the user's hubs, the next first. Two queries."""
    now = clock.now()
    shifts = _shown(VolunteerShift.objects.filter(handover__round__hub__in=hubs_of(user), ends_at__gt=now))
    return _with_names(shifts[:60], user)


def shifts_at(handover: Handover, user: User | None = None) -> list[Shift]:
    """A handover's shifts with who comes. Two queries."""
    return _with_names(_shown(VolunteerShift.objects.filter(handover=handover)), user)


def shift_told(shift: VolunteerShift, user: User) -> Shift:
    """A shift, with handover, round and hub loaded, with who comes. One query."""
    return _with_names([shift], user)[0]


def shift_for_member(user: User, shift_id: int) -> VolunteerShift:
    """A shift of a hub at which the user's household orders. One query."""
    found = _shown(VolunteerShift.objects.filter(handover__round__hub__in=hubs_of(user))).filter(pk=shift_id).first()
    if found is None:
        raise NotFound(kind="shift", id=shift_id)
    return found


def shift_for_host(user: User, shift_id: int) -> VolunteerShift:
    """A shift at a point that the user hosts, or of a hub whose rounds the user runs. Two queries."""
    found = _shown(VolunteerShift.objects.filter(pk=shift_id)).first()
    if found is not None:
        hosts = PickupPointHost.objects.filter(user=user, pickup_point=found.handover.pickup_point_id)
        runs = hubs_where(user, Permission.RUN_ROUNDS).filter(pk=found.handover.round.hub_id)
        if hosts.exists() or runs.exists():
            return found
    raise NotFound(kind="shift", id=shift_id)


def last_with_shifts(handover: Handover) -> Handover | None:
    """The handover before this one, at the same place, that had shifts. One query."""
    return (
        Handover.objects.filter(
            pickup_point=handover.pickup_point_id,
            round__hub=handover.round.hub_id,
            starts_at__lt=handover.starts_at,
            shifts__isnull=False,
        )
        .order_by("-starts_at", "-pk")
        .first()
    )


def late_words_for(user: User, shift: VolunteerShift) -> str:
    """What the volunteer's group at that place says to late withdrawals; empty for the usual words. One query."""
    groups = Group.objects.filter(pickup_point=shift.handover.pickup_point_id, members__memberships__user=user)
    return groups.exclude(late_words="").order_by("pk").values_list("late_words", flat=True).first() or ""


def unfilled(until: datetime, now: datetime) -> list[Shift]:
    """Shifts that begin between now and then and still need somebody. Two queries."""
    shifts = _shown(VolunteerShift.objects.filter(starts_at__gt=now, starts_at__lte=until))
    return [shift for shift in _with_names(shifts, None) if shift.missing]


def _shown(shifts: QuerySet[VolunteerShift]) -> QuerySet[VolunteerShift]:
    parts = ("handover__round__hub", "handover__pickup_point")
    return shifts.select_related(*parts).order_by("starts_at", "task", "pk")


def _with_names(shifts: Sequence[VolunteerShift] | QuerySet[VolunteerShift], user: User | None) -> list[Shift]:
    loaded = list(shifts)
    names: dict[int, list[str]] = {}
    mine: set[int] = set()
    for person in ShiftVolunteer.objects.filter(shift__in=[s.pk for s in loaded]).select_related("user"):
        names.setdefault(person.shift_id, []).append(person.user.name)
        if user is not None and person.user_id == user.pk:
            mine.add(person.shift_id)
    return [Shift(s, tuple(names.get(s.pk, ())), s.pk in mine) for s in loaded]
