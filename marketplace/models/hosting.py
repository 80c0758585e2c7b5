"""What hosts work with: ticks of the hand-out list, links for a deputy, lists on their way by mail, points moved for a
day, and the shifts that volunteers fill."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.models.people import Household
from marketplace.models.reservations import Reservation
from marketplace.models.rounds import Handover
from marketplace.rules.hand_out import TickKind


class DeputyLink(models.Model):
    """A link that opens one handover's hand-out list without an account, on the handover's local day.

    Only the hash of its token is kept: who reads the table cannot use it.
    """

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="deputy_links")
    name = models.CharField(_("for whom"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    valid_from = models.DateTimeField(_("from"))
    valid_until = models.DateTimeField(_("until"))
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("link for a deputy")
        verbose_name_plural = _("links for deputies")
        ordering: ClassVar = ["made_at", "id"]

    def __str__(self) -> str:
        return f"{self.name} · {self.handover}"


class HandOutTick(models.Model):
    """One tap on a hand-out list: appended, never edited. What a reservation's ticks come to is rules/hand_out.py's.

    `key` is made by the device, so that sending twice is harmless; `at` is when it was tapped, by the device's clock
    put right by ours; `told_at` is when the household was told of a no-show, or the tick no longer meant one.
    """

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="ticks")
    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="ticks")
    kind = models.CharField(_("kind"), max_length=12, choices=[(k.value, k.value) for k in TickKind])
    key = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"))
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    deputy = models.ForeignKey(DeputyLink, on_delete=models.PROTECT, null=True, blank=True, related_name="ticks")
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("tick of a hand-out list")
        verbose_name_plural = _("ticks of hand-out lists")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handover", "key"], name="hand_out_tick_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in TickKind]), name="hand_out_tick_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(by__isnull=True, deputy__isnull=False)
                | models.Q(by__isnull=False, deputy__isnull=True),
                name="hand_out_tick_by_one",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["at"], condition=models.Q(kind="no_show", told_at__isnull=True), name="hand_out_no_show_untold"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reservation_id} {self.kind}"


class HandOutMail(models.Model):
    """One hand-out list as PDF on its way to one person. `number` 0 is the one before the opening, later ones were
    asked for; each is sent once, tried again with growing pauses, then given up."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a mail in its queue", "waiting")
        SENT = "sent", _("sent")
        GIVEN_UP = "given_up", _("given up")

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="hand_out_mails")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    # Not before: the hour it is due, the next try, or the end of a sender's lease.
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("hand-out list by mail")
        verbose_name_plural = _("hand-out lists by mail")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handover", "user", "number"], name="hand_out_mail_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sent", "given_up"]), name="hand_out_mail_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="hand_out_mail_due")
        ]

    def __str__(self) -> str:
        return f"{self.handover} → {self.user} #{self.number}"


class HandoverMove(models.Model):
    """A handover moved for its one day: what was told, and what it goes back to when it is taken back."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="moves")
    moved_to = models.TextField(_("moved to"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    usual_starts_at = models.DateTimeField()
    usual_ends_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("move of a handover")
        verbose_name_plural = _("moves of handovers")
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["handover"], condition=models.Q(ended_at__isnull=True), name="handover_move_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.handover} → {self.moved_to}"


class VolunteerShift(models.Model):
    """A task at one handover that `needed` people help with."""

    handover = models.ForeignKey(Handover, on_delete=models.PROTECT, related_name="shifts")
    task = models.CharField(_("task"), max_length=80)
    needed = models.PositiveSmallIntegerField(_("people needed"), default=1)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    note = models.CharField(_("good to know"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["handover", "task", "starts_at"], name="volunteer_shift_once"),
            models.CheckConstraint(condition=models.Q(needed__gte=1), name="volunteer_shift_needs_somebody"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="volunteer_shift_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} · {self.handover}"


class ShiftVolunteer(models.Model):
    """A person of a household who helps in a shift."""

    shift = models.ForeignKey(VolunteerShift, on_delete=models.PROTECT, related_name="volunteers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("volunteer")
        verbose_name_plural = _("volunteers")
        ordering: ClassVar = ["signed_at", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "shift"], name="shift_volunteer_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.shift}"
