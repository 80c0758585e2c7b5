"""Ordering windows: the cut-offs inside a round."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.merchants import Supply
from marketplace.models.rounds import Round
from marketplace.rules.states import WindowState


class OrderingWindow(models.Model):
    """A cut-off inside a round, with one or more merchants; closing and purchase orders are per window.

    "Filling" is not a state: it is open with the clock past `fills_at`.
    """

    class AfterClose(models.TextChoices):
        SEND = "send", _("send the orders after the grace time")
        SEND_ABOVE_MINIMUM = "send_above_minimum", _("send orders above the minimum, hold the others")
        HOLD = "hold", _("hold the orders for the coordinator")
        ONLY_CLOSE = "only_close", _("only close")

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="windows")
    name = models.CharField(_("name"), max_length=120)
    state = models.CharField(
        _("state"), max_length=10, choices=[(s.value, s.value) for s in WindowState], default=WindowState.DRAFT.value
    )
    opens_at = models.DateTimeField(_("opens"))
    fills_at = models.DateTimeField(_("filling stretch from"))
    closes_at = models.DateTimeField(_("closes"))
    after_close = models.CharField(_("after the close"), max_length=20, choices=AfterClose, default=AfterClose.SEND)
    grace_minutes = models.PositiveSmallIntegerField(_("grace before orders go out, minutes"), default=10)
    send_above_minor = models.PositiveBigIntegerField(_("send only above, minor units"), default=0)
    supplies = models.ManyToManyField(Supply, through="WindowSupply", related_name="windows")

    class Meta:
        verbose_name = _("ordering window")
        verbose_name_plural = _("ordering windows")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(opens_at__lt=models.F("closes_at"))
                & models.Q(fills_at__gte=models.F("opens_at"))
                & models.Q(fills_at__lte=models.F("closes_at")),
                name="window_opens_fills_closes",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in WindowState]), name="window_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["closes_at"], condition=models.Q(state="open"), name="window_due_to_close"),
            models.Index(fields=["opens_at"], condition=models.Q(state="scheduled"), name="window_due_to_open"),
        ]

    def __str__(self) -> str:
        return self.name

    def takes_reservations(self, now: datetime) -> bool:
        """The one answer to "is it open": for banner, page, API and guard. `now` by the one clock."""
        return self.state == WindowState.OPEN and self.opens_at <= now < self.closes_at

    def is_filling(self, now: datetime) -> bool:
        """Open, in its last stretch, where changes may only help."""
        return self.takes_reservations(now) and now >= self.fills_at


class WindowSupply(models.Model):
    """A merchant's part in a window, on the terms of its supply."""

    window = models.ForeignKey(OrderingWindow, on_delete=models.PROTECT, related_name="window_supplies")
    supply = models.ForeignKey(Supply, on_delete=models.PROTECT, related_name="window_supplies")
    # The merchant's own cut-off for this window: a close later than it computes, and dispatch waits.
    orders_due_at = models.DateTimeField(_("orders due at the merchant"))

    class Meta:
        verbose_name = _("merchant of the window")
        verbose_name_plural = _("merchants of the window")
        constraints: ClassVar = [models.UniqueConstraint(fields=["window", "supply"], name="window_supply_once")]

    def __str__(self) -> str:
        return f"{self.supply.merchant}"
