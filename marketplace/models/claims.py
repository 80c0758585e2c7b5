"""Claims: what a household says was wrong with what it got, with pictures, and what the hub answered."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.models.reservations import Reservation, ReservationLine
from marketplace.rules.claims import ClaimState


class Claim(models.Model):
    """One problem of one line, or of the order as a whole (no line).

    `units` are consumer units; none where they cannot be counted. `accepted_minor` is the amount that the hub agreed
    to give back, in minor units; the books of it come with the ledger.
    """

    class Kind(models.TextChoices):
        MISSING = "missing", _("missing")
        DAMAGED = "damaged", _("damaged")
        SPOILED = "spoiled", _("spoiled")
        WRONG = "wrong", _("something else than ordered")
        SHORT_WEIGHT = "short_weight", _("less than its weight")
        OTHER = "other", _("something else")

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="claims", db_index=False)
    line = models.ForeignKey(ReservationLine, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")
    kind = models.CharField(_("what is wrong"), max_length=12, choices=Kind)
    units = models.PositiveIntegerField(_("how many"), null=True, blank=True)
    text = models.TextField(_("in words"), blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=[(s.value, s.value) for s in ClaimState], default=ClaimState.OPEN.value
    )
    # What the form sent along: a second tap makes no second claim.
    request_key = models.CharField(max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("reported"))
    answer = models.TextField(_("answer"), blank=True)
    answered_at = models.DateTimeField(pgettext_lazy("when it was answered", "answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_minor = models.PositiveBigIntegerField(_("to give back, minor units"), null=True, blank=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reservation", "request_key"], name="claim_request_once"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["missing", "damaged", "spoiled", "wrong", "short_weight", "other"],
                ),
                name="claim_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "answered", "declined"], accepted_minor__isnull=True)
                | models.Q(state="accepted", accepted_minor__gte=1),
                name="claim_accepted_has_amount",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", answered_at__isnull=True)
                | (~models.Q(state="open") & models.Q(answered_at__isnull=False)),
                name="claim_answer_dated",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["made_at"], condition=models.Q(state__in=["open", "answered"]), name="claim_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.state})"


class ClaimPhoto(models.Model):
    """A picture of what was wrong: turned upright, without what the camera noted about place and owner, WebP.

    Kept in the database: it is private, small and rare, and goes with the claim in one transaction. Until the claim
    is made it waits under the form's request key, so that a mistake in the form loses no picture.
    """

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="+")
    request_key = models.CharField(max_length=80)
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, null=True, blank=True, related_name="photos")
    content = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("picture of a claim")
        verbose_name_plural = _("pictures of claims")

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.width} × {self.height}"
