"""When a merchant is away or does not deliver, and the planned windows that it is left out of for that."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.hubs import Hub
from marketplace.models.merchants import Merchant, Supply
from marketplace.models.windows import OrderingWindow


class SupplyBreak(models.Model):
    """Days on which a merchant takes no orders (`vacation`) or brings nothing (`delivery`), first and last included.

    By the wall calendar of the hub; without a hub it holds at all of them. rules/catalogue/breaks.py says which
    windows it blocks.
    """

    class Kind(models.TextChoices):
        VACATION = "vacation", _("away: no orders, no deliveries")
        DELIVERY = "delivery", _("no deliveries")

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="breaks")
    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, null=True, blank=True, related_name="supply_breaks")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.VACATION)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("break")
        verbose_name_plural = _("breaks")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="break_ends_after_start"
            ),
            models.CheckConstraint(condition=models.Q(kind__in=["vacation", "delivery"]), name="break_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.merchant} {self.starts_on} – {self.ends_on}"


class LeftOut(models.Model):
    """A merchant that a draft window was planned with and that is left out of it for a break; it comes back when the
    break is taken back before the window is announced."""

    window = models.ForeignKey(OrderingWindow, on_delete=models.CASCADE, related_name="left_out")
    supply = models.ForeignKey(Supply, on_delete=models.CASCADE, related_name="+")
    pause = models.ForeignKey(SupplyBreak, on_delete=models.CASCADE, related_name="left_out")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("merchant left out")
        verbose_name_plural = _("merchants left out")
        constraints: ClassVar = [models.UniqueConstraint(fields=["window", "supply"], name="left_out_once")]

    def __str__(self) -> str:
        return f"{self.window} – {self.supply.merchant}"
