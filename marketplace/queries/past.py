"""A person's reservations over time, with what each came to."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from marketplace.access import households_of
from marketplace.models import Reservation, User
from marketplace.queries.outcomes import Result, results_of

PAGE = 20
# Longer numbers are no key of ours.
_DIGITS = 19


@dataclass(frozen=True, slots=True)
class PastOrder:
    """A reservation with its result; no lines where everything was given back."""

    reservation: Reservation
    result: Result


@dataclass(frozen=True, slots=True)
class PastOrders:
    """`after` asks for the next page: "<handover day>_<id>" of the last row, empty on the last page."""

    orders: tuple[PastOrder, ...]
    after: str


def past_orders(user: User, *, after: str = "") -> PastOrders:
    """A page of the reservations of the user's households, the newest handover first. Five queries.

    A cursor that cannot be read begins anew.
    """
    mine = Reservation.objects.filter(household__in=households_of(user).values("pk"))
    rows = mine.select_related("round__hub", "handover__pickup_point", "household").filter(_beyond(after))
    found = list(rows.order_by("-round__handover_on", "-pk")[: PAGE + 1])
    shown = found[:PAGE]
    results = results_of({row.pk: row.handover.fee_minor for row in shown}) if shown else {}
    more = len(found) > PAGE
    return PastOrders(
        orders=tuple(PastOrder(row, results[row.pk]) for row in shown),
        after=f"{shown[-1].round.handover_on:%Y%m%d}_{shown[-1].pk}" if more else "",
    )


def _beyond(after: str) -> Q:
    day, _, pk = after.partition("_")
    if not (pk.isdecimal() and len(pk) < _DIGITS):
        return Q()
    try:
        on = datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a calendar day, in no zone
    except ValueError:
        return Q()
    return Q(round__handover_on__lt=on) | Q(round__handover_on=on, pk__lt=int(pk))
