"""What a clearing decided: its runs, the outcome of each offer, and who gets something other than asked."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.offers import Offer
from marketplace.models.reservations import ReservationLine
from marketplace.models.windows import OrderingWindow


class ClearingRun(models.Model):
    """One run of the clearing over one window: at close, at confirmation, at receipt. The newest run counts."""

    class Kind(models.TextChoices):
        CLOSE = "close", _("close")
        CONFIRMATION = "confirmation", _("confirmation")
        RECEIPT = "receipt", _("receipt")

    window = models.ForeignKey(OrderingWindow, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.CLOSE)
    # Dated by the deadline; `computed_at` says when the worker came to it.
    closes_at = models.DateTimeField()
    computed_at = models.DateTimeField()
    input_hash = models.CharField(max_length=64)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("clearing run")
        verbose_name_plural = _("clearing runs")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "number"], name="clearing_run_once"),
        ]

    def __str__(self) -> str:
        return f"{self.window} #{self.number}"


class OfferOutcome(models.Model):
    """One offer's result of one run: reached or not and why, price, quantity."""

    run = models.ForeignKey(ClearingRun, on_delete=models.PROTECT, related_name="outcomes", db_index=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="outcomes")
    reached = models.BooleanField()
    reason = models.CharField(max_length=40)
    unit_price_minor = models.PositiveBigIntegerField(null=True, blank=True)
    cost_minor = models.PositiveBigIntegerField(null=True, blank=True)
    demand_firm = models.PositiveIntegerField(default=0)
    ordered = models.PositiveIntegerField(default=0)
    whole_cases = models.PositiveIntegerField(default=0)
    split = models.BooleanField(default=False)
    hub_units = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("outcome of an offer")
        verbose_name_plural = _("outcomes of offers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "offer"], name="offer_outcome_once"),
            models.CheckConstraint(
                condition=models.Q(reached=False, ordered=0, unit_price_minor__isnull=True)
                | models.Q(reached=True, ordered__gte=1, unit_price_minor__isnull=False),
                name="offer_outcome_reached_has_price",
            ),
            models.CheckConstraint(
                condition=models.Q(hub_units__lte=models.F("ordered")), name="offer_outcome_hub_within_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}: {self.reason}"


class Allocation(models.Model):
    """What a line gets where that is not exactly its firm quantity of a reached offer."""

    run = models.ForeignKey(ClearingRun, on_delete=models.PROTECT, related_name="allocations")
    line = models.ForeignKey(ReservationLine, on_delete=models.PROTECT, related_name="allocations", db_index=False)
    quantity = models.PositiveIntegerField()
    extra = models.PositiveIntegerField(default=0)
    charged_minor = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "run"], name="allocation_once"),
            models.CheckConstraint(
                condition=models.Q(extra__lte=models.F("quantity")), name="allocation_extra_within_quantity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.quantity}"
