"""How a reservation's goods come along, as the household sees it, and who it is that collects them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.reservations import Reservation
from marketplace.rules.states import ProgressStep


class HandoverProgress(models.Model):
    """One step that a reservation has reached; empty means not known yet. The upper rooms and the host's list fill it
    through the published action `record_progress`. `at` is when it happened, `recorded_at` when we heard of it.
    """

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="progress")
    step = models.CharField(_("step"), max_length=12, choices=[(s.value, s.value) for s in ProgressStep])
    at = models.DateTimeField(_("at"))
    # When the next step is expected, where a route or a host says so.
    expected_at = models.DateTimeField(_("expected"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name = _("step of a handover")
        verbose_name_plural = _("steps of handovers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reservation", "step"], name="handover_progress_step_once"),
            models.CheckConstraint(
                condition=models.Q(step__in=[s.value for s in ProgressStep]), name="handover_progress_step_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reservation}: {self.step}"


class PickupCode(models.Model):
    """What a household shows when it collects: a short code, unguessable, the same for the whole reservation."""

    reservation = models.OneToOneField(
        Reservation, on_delete=models.PROTECT, primary_key=True, related_name="pickup_code"
    )
    code = models.CharField(_("code"), max_length=12, unique=True)

    class Meta:
        verbose_name = _("pickup code")
        verbose_name_plural = _("pickup codes")

    def __str__(self) -> str:
        return self.code
