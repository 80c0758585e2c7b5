"""What hosts read: their coming handovers, who hosts with them, and which lists are to be mailed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from marketplace import clock
from marketplace.models import (
    DeputyLink,
    Group,
    HandOutMail,
    Handover,
    PickupPointHost,
    Reservation,
    User,
    VolunteerShift,
)
from marketplace.queries.hand_out import published
from marketplace.rules.hand_out import NAMES_AFTER
from marketplace.rules.states import VersionState

# Handovers that a board shows at once.
BOARD_ROWS = 40


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A coming handover on a host's board. `missing` people are still needed for its shifts."""

    handover: Handover
    reservations: int
    missing: int
    published: bool


@dataclass(frozen=True, slots=True)
class Board:
    now: datetime
    rows: tuple[BoardRow, ...]
    groups: tuple[Group, ...]


def board(user: User) -> Board:
    """The user's handovers that are not over for a day, and the groups that the user hosts. Four queries."""
    now = clock.now()
    placed = Q(reservations__state=VersionState.PLACED.value)
    points = PickupPointHost.objects.filter(user=user).values("pickup_point")
    handovers = list(
        Handover.objects.filter(Q(pickup_point__in=points) | Q(pk__in=_of_groups(user)), ends_at__gt=now - NAMES_AFTER)
        .select_related("round__hub", "pickup_point", "capacity")
        .annotate(held=Count("reservations", filter=placed, distinct=True))
        .order_by("starts_at", "pk")[:BOARD_ROWS]
    )
    missing = shift_gaps([h.pk for h in handovers])
    out = published({h.round_id for h in handovers})
    rows = tuple(BoardRow(h, h.held, missing.get(h.pk, 0), h.round_id in out) for h in handovers)
    groups = Group.objects.filter(host=user).select_related("hub", "pickup_point").order_by("name", "pk")
    return Board(now, rows, tuple(groups))


def _of_groups(user: User) -> QuerySet[Reservation, int]:
    mine = Reservation.objects.filter(group__host=user, state=VersionState.PLACED.value)
    return mine.values_list("handover_id", flat=True)


def shift_gaps(handover_ids: Sequence[int]) -> Mapping[int, int]:
    """How many people each handover's shifts still need; one that needs nobody is left out. One query."""
    gaps: dict[int, int] = {}
    shifts = VolunteerShift.objects.filter(handover__in=handover_ids).annotate(came=Count("volunteers")).order_by()
    for handover_id, needed, came in shifts.values_list("handover_id", "needed", "came"):
        if needed > came:
            gaps[handover_id] = gaps.get(handover_id, 0) + needed - came
    return gaps


def hosts_of(handover: Handover) -> list[User]:
    """Host and deputies of a handover's point. One query."""
    return list(
        User.objects.filter(hosted_points__pickup_point=handover.pickup_point_id, is_active=True)
        .distinct()
        .order_by("pk")
        if handover.pickup_point_id
        else User.objects.none()
    )


def deputy_links(handover: Handover) -> list[DeputyLink]:
    """A handover's links for deputies, newest last. One query."""
    return list(DeputyLink.objects.filter(handover=handover))


def lists_on_their_way(handover: Handover, user: User) -> HandOutMail | None:
    """The newest mail of a handover's list to a person. One query."""
    return HandOutMail.objects.filter(handover=handover, user=user).order_by("-number").first()


def due_for_mailing(now: datetime, before: timedelta) -> QuerySet[Handover]:
    """Handovers at a point that open within `before` of now and have not ended. One query."""
    return (
        Handover.objects.filter(starts_at__lte=now + before, ends_at__gt=now, pickup_point__isnull=False)
        .select_related("round__hub", "pickup_point")
        .order_by("starts_at", "pk")
    )
