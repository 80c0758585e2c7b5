"""Take a picture out of a claim that is still being written."""

from django.db import transaction

from marketplace.access import reservation_for
from marketplace.models import ClaimPhoto, User


@transaction.atomic
def drop_photo(*, round_id: int, request_key: str, photo_id: int, by: User) -> bool:
    """Whether there was such a picture; one of a sent claim stays. Raises NotFound without a reservation."""
    reservation = reservation_for(by, round_id)
    waiting = ClaimPhoto.objects.filter(reservation=reservation, request_key=request_key, claim=None, pk=photo_id)
    dropped, _rows = waiting.delete()
    return bool(dropped)
