"""A person has read a thread: its notices are read, and the next message may tell again."""

from django.db import transaction
from django.db.models import Max

from marketplace import clock
from marketplace.models import Notice, ThreadRead, User
from marketplace.queries.threads import Seat, messages_for
from marketplace.rules.notices import NoticeKind


@transaction.atomic
def read(*, seat: Seat, by: User) -> None:
    """Up to the newest message that the side may see; never back."""
    newest = messages_for(seat).aggregate(newest=Max("pk"))["newest"] or 0
    kept, new = ThreadRead.objects.get_or_create(thread=seat.thread, user=by, defaults={"message_id": newest})
    if not new and kept.message_id < newest:
        ThreadRead.objects.filter(pk=kept.pk, message_id__lt=newest).update(message_id=newest)
    told = Notice.objects.filter(user=by, kind=NoticeKind.MESSAGE, key__startswith=f"thread:{seat.thread.pk}:")
    told.filter(read_at__isnull=True).update(read_at=clock.now())
