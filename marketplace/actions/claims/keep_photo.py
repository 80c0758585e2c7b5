"""Keep a picture for a claim that is being written, so that a mistake elsewhere in the form loses it not."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.actions.claims.pictures import clean_picture
from marketplace.errors import InvalidInput
from marketplace.models import ClaimPhoto, Reservation, User
from marketplace.queries.claims import claimable, require_time
from marketplace.rules.claims import MOST_PHOTOS

# A form that nobody sent within a day is forgotten with its pictures.
WAITS = timedelta(days=1)


def keep_photo(*, round_id: int, request_key: str, content: bytes, by: User) -> ClaimPhoto:
    """The kept picture: turned upright and cleaned, waiting for the claim of this request key.

    Raises NotFound without a reservation, ClaimNotOpen out of time, InvalidInput for what is no picture and for one
    too many.
    """
    found = claimable(by, round_id)
    require_time(found.time, found.reservation.round.hub.time_zone)
    picture = clean_picture(content)  # slow: outside the transaction
    with transaction.atomic():
        # Under the reservation's lock, so that two uploads at once count each other.
        Reservation.objects.select_for_update().get(pk=found.reservation.pk)
        mine = ClaimPhoto.objects.filter(reservation=found.reservation)
        now = clock.now()
        mine.filter(claim=None, added_at__lt=now - WAITS).delete()
        if mine.filter(request_key=request_key).count() >= MOST_PHOTOS:
            problem = _("Three pictures are enough; the others were left out.")
            raise InvalidInput(problems=[{"place": "photos", "problem": problem}])
        return ClaimPhoto.objects.create(
            reservation=found.reservation, request_key=request_key, added_at=now, **picture._asdict()
        )
