"""Events between the rooms of the house, leases of long jobs, and the audit of every change of state."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxEvent(models.Model):
    """Something that happened, written in the transaction that made it happen; delivered at least once."""

    topic = models.CharField(max_length=60)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    # All subscribed handlers are done (or parked): nothing is left to do for the relay.
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=models.Q(settled_at__isnull=True), name="outbox_unsettled")
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class HandledEvent(models.Model):
    """One handler's dealing with one event: a second delivery finds the row and does nothing."""

    class State(models.TextChoices):
        DONE = "done", _("done")
        FAILED = "failed", _("failed, will be tried again")
        PARKED = "parked", _("parked")

    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="handled")
    handler = models.CharField(max_length=120)
    state = models.CharField(max_length=6, choices=State)
    attempts = models.PositiveSmallIntegerField(default=1)
    next_try_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("handled event")
        verbose_name_plural = _("handled events")
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "handler"], name="event_handled_once")]

    def __str__(self) -> str:
        return f"{self.handler} {self.state}"


class Lease(models.Model):
    """Who does a long or single-handed job now, until when; a second one ends at once while it is alive."""

    name = models.CharField(max_length=80, primary_key=True)
    holder = models.CharField(max_length=80)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class StateChange(models.Model):
    """One lawful move of one object: who, when, why. Appended, never edited."""

    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    from_state = models.CharField(max_length=16)
    to_state = models.CharField(max_length=16)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        indexes: ClassVar = [models.Index(fields=["kind", "object_id"], name="state_change_by_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}: {self.from_state} → {self.to_state}"
