"""Notices: what a person is told, once each, and the ways by which it reaches them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.models.hubs import Hub
from marketplace.models.windows import OrderingWindow
from marketplace.rules.notices import CHANNELS, NOTICE_KINDS


class Notice(models.Model):
    """One thing told to one person. `key` names the occasion ("window:12"): the same is never told twice.

    The words are made when it is shown or sent, from kind and `facts`, in the reader's language. `link` is a path.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(_("kind"), max_length=20, choices=[(kind, kind) for kind in NOTICE_KINDS])
    key = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="notice_told_once"),
            models.CheckConstraint(condition=models.Q(kind__in=list(NOTICE_KINDS)), name="notice_kind_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["user", "-created_at"], name="notice_inbox"),
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class NoticeDelivery(models.Model):
    """One notice on its way to one person by one channel: sent once, tried again with growing pauses, then given up."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a mail in its queue", "waiting")
        SENT = "sent", _("sent")
        GIVEN_UP = "given_up", _("given up")

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=8, choices=[(channel, channel) for channel in CHANNELS])
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    # Not before: quiet hours, a digest's hour, or the next try.
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    # Whoever sends it now, by a word of its own, and until when nobody else may take it over.
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        verbose_name = _("delivery of a notice")
        verbose_name_plural = _("deliveries of notices")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "channel"], name="notice_delivery_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sent", "given_up"]), name="notice_delivery_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="notice_delivery_due")
        ]

    def __str__(self) -> str:
        return f"{self.notice} · {self.channel}"


class NoticePreference(models.Model):
    """A person's answer to "tell me this way"; without a row the kind's default counts (rules/notices.py)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in NOTICE_KINDS])
    channel = models.CharField(max_length=8, choices=[(channel, channel) for channel in CHANNELS])
    wanted = models.BooleanField()

    class Meta:
        verbose_name = _("wish about notices")
        verbose_name_plural = _("wishes about notices")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="notice_preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.channel}"


class NoticeHours(models.Model):
    """When a person may be disturbed: quiet hours by local wall time, and one digest mail a day instead of single ones.

    `hours_before_close` is how long before a window's close the reminder comes; 0 means the kind's default.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="notice_hours"
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    digest_at = models.TimeField(_("one mail a day, at"), null=True, blank=True)
    hours_before_close = models.PositiveSmallIntegerField(_("hours before the close"), default=4)

    class Meta:
        verbose_name = _("hours of notices")
        verbose_name_plural = _("hours of notices")

    def __str__(self) -> str:
        return f"{self.user_id}"


class PushSubscription(models.Model):
    """A browser that may be told by web push (RFC 8030, keys of RFC 8291); removed when its service says it is gone."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=500, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=40)
    device = models.CharField(_("device"), max_length=120, blank=True)
    created_at = models.DateTimeField()
    last_sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("push subscription")
        verbose_name_plural = _("push subscriptions")

    def __str__(self) -> str:
        return f"{self.user_id} {self.device}"


class OpeningReminder(models.Model):
    """A person asked to be told when this window opens."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="opening_reminders")
    window = models.ForeignKey(OrderingWindow, on_delete=models.CASCADE, related_name="opening_reminders")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder of an opening")
        verbose_name_plural = _("reminders of openings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "window"], name="opening_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.window_id}"


class HubNews(models.Model):
    """A person follows a hub: told when one of its windows opens."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followed_hubs")
    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="followers")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("follower of a hub")
        verbose_name_plural = _("followers of hubs")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "hub"], name="hub_news_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.hub_id}"
