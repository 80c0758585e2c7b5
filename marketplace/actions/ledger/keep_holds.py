"""Keep what reservations hold of their household's credit, where the hub limits it."""

from collections.abc import Iterable

from django.db import transaction

from marketplace.models import Hub, Reservation
from marketplace.queries.holds import holds_of, unsettled

BATCH = 500


@transaction.atomic
def keep_holds(*, reservation_ids: Iterable[int]) -> int:
    """For how many reservations what they hold was put right. Joins the caller's transaction; again is harmless.

    A reservation that changes meanwhile keeps what its change wrote. Hubs that limit nothing are left out.
    """
    concerned = Reservation.objects.filter(pk__in=list(reservation_ids), round__hub__limits_credit=True)
    ids = list(concerned.order_by("pk").values_list("pk", flat=True))
    return sum(_keep(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))


@transaction.atomic
def keep_holds_of_hub(*, hub_id: int) -> int:
    """The same of all reservations of a hub that are not settled: when it begins to limit credit."""
    Hub.objects.select_for_update().get(pk=hub_id)
    waiting = unsettled(Reservation.objects.filter(round__hub=hub_id))
    return keep_holds(reservation_ids=waiting.values_list("pk", flat=True))


def _keep(ids: list[int]) -> int:
    waiting = set(unsettled(Reservation.objects.filter(pk__in=ids)).values_list("pk", flat=True))
    before = {row.pk: row for row in Reservation.objects.filter(pk__in=ids)}
    wanted = dict.fromkeys(ids, 0) | {hold.reservation.pk: hold.amount_minor for hold in holds_of(waiting)}
    changed = 0
    for pk, amount in wanted.items():
        row = before[pk]
        if row.holds_minor != amount:
            # By compare-and-set: a change of the household knows better.
            same = Reservation.objects.filter(pk=pk, version=row.version, holds_minor=row.holds_minor)
            changed += same.update(holds_minor=amount)
    return changed
