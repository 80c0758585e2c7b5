"""A person's wishes about notices: which kinds by which ways, quiet hours, one mail a day."""

from collections.abc import Iterable, Mapping
from datetime import time

from django.db import transaction

from marketplace import clock
from marketplace.models import Notice, NoticeHours, NoticePreference, User
from marketplace.queries.notices import notice_for, wishes_of
from marketplace.rules.notices import Channel, NoticeKind


@transaction.atomic
def set_wishes(*, wanted: Mapping[tuple[NoticeKind, Channel], bool], by: User) -> int:
    """Keep the answers that differ from how it is; how many changed. What was never answered keeps its default."""
    now = wishes_of(by)
    changed = {at: answer for at, answer in wanted.items() if at in now and now[at] != answer}
    NoticePreference.objects.bulk_create(
        [
            NoticePreference(user=by, kind=kind.value, channel=channel.value, wanted=answer)
            for (kind, channel), answer in changed.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "kind", "channel"],
        update_fields=["wanted"],
    )
    return len(changed)


def set_hours(
    *,
    time_zone: str,
    quiet_from: time | None,
    quiet_until: time | None,
    digest_at: time | None,
    hours_before_close: int,
    by: User,
) -> NoticeHours:
    """When the person may be disturbed, by the wall clock of `time_zone`."""
    kept, _new = NoticeHours.objects.update_or_create(
        user=by,
        defaults={
            "time_zone": time_zone,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
            "digest_at": digest_at,
            "hours_before_close": hours_before_close,
        },
    )
    return kept


def stop_mails(*, kinds: Iterable[NoticeKind], by: User) -> None:
    """No more mails of these kinds; they stay in the inbox. What already waits is not sent either."""
    wanted = {(kind, Channel.EMAIL): False for kind in kinds}
    with transaction.atomic():
        set_wishes(wanted=wanted, by=by)
        from_now = Notice.objects.filter(user=by, kind__in=[kind.value for kind, _channel in wanted])
        for notice in from_now.filter(deliveries__state="waiting", deliveries__channel=Channel.EMAIL):
            notice.deliveries.filter(state="waiting", channel=Channel.EMAIL, claimed_until=None).delete()


def mark_read(*, notice_id: int, by: User) -> Notice:
    """Open one's own notice; once read it stays read."""
    notice = notice_for(by, notice_id)
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=clock.now())
    return notice


def mark_all_read(*, by: User) -> int:
    """Everything in one's inbox; how many were unread."""
    return Notice.objects.filter(user=by, read_at__isnull=True).update(read_at=clock.now())
