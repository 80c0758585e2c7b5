"""Give reservations the code that they are collected with: once each, unguessable."""

import secrets
from collections.abc import Iterable

from django.db import transaction

from marketplace.models import PickupCode, Reservation
from marketplace.rules.pickup_codes import ALPHABET, LENGTH


@transaction.atomic
def give_pickup_codes(*, reservation_ids: Iterable[int]) -> int:
    """How many of the reservations had none yet. Two queries per five hundred; safe to run twice at once.

    A code that somebody else has already (one in 10^11) is left to the next run.
    """
    without = Reservation.objects.filter(pk__in=set(reservation_ids), pickup_code__isnull=True)
    ids = sorted(without.values_list("pk", flat=True))
    PickupCode.objects.bulk_create(
        [PickupCode(reservation_id=pk, code=_new_code()) for pk in ids], ignore_conflicts=True, batch_size=500
    )
    return len(ids)


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
