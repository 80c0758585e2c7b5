"""Forget what a person was told: part of erasing the person."""

from django.db import transaction

from marketplace.models import (
    HubNews,
    Notice,
    NoticeDelivery,
    NoticeHours,
    NoticePreference,
    OpeningReminder,
    PushSubscription,
    ThreadRead,
)


@transaction.atomic
def forget(*, user_id: int) -> None:
    """Remove the person's inbox, wishes, reminders and browsers; twice is harmless. The caller has authorised it."""
    NoticeDelivery.objects.filter(notice__user=user_id).delete()
    for rows in (Notice, NoticePreference, NoticeHours, OpeningReminder, HubNews, PushSubscription, ThreadRead):
        rows._default_manager.filter(user=user_id).delete()
