"""Rounds, the rules that make them ahead of time, and where their goods are handed over."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.capacity import Capacity
from marketplace.models.hubs import Hub, PickupPoint
from marketplace.models.merchants import Supply


class RoundRule(models.Model):
    """Recurrence in local wall time that makes rounds with their windows ahead of time.

    `recurrence` is an RFC 5545 RRULE without DTSTART; each date it yields from `starts_on` is a handover date. Wall
    times are given the hub's zone only after the expansion, so 23:00 stays 23:00 through both clock changes.
    """

    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="round_rules")
    name = models.CharField(_("name of its rounds"), max_length=120)
    recurrence = models.CharField(_("recurrence (RRULE)"), max_length=200)
    starts_on = models.DateField(_("first handover date"))
    days_ahead = models.PositiveSmallIntegerField(_("days to plan ahead"), default=21)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("round rule")
        verbose_name_plural = _("round rules")
        constraints: ClassVar = [models.UniqueConstraint(fields=["hub", "name"], name="round_rule_named_once")]

    def __str__(self) -> str:
        return self.name


class RoundRuleException(models.Model):
    """A handover date that the rule yields and that is left out, or moved to another date."""

    rule = models.ForeignKey(RoundRule, on_delete=models.CASCADE, related_name="exceptions")
    on = models.DateField(_("handover date"))
    moved_to = models.DateField(_("moved to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        constraints: ClassVar = [models.UniqueConstraint(fields=["rule", "on"], name="round_rule_exception_once")]

    def __str__(self) -> str:
        return f"{self.on} → {self.moved_to or '–'}"


class RoundRuleWindow(models.Model):
    """One window of each round that the rule makes; days count back from the handover date, times are local."""

    rule = models.ForeignKey(RoundRule, on_delete=models.CASCADE, related_name="windows")
    name = models.CharField(_("name"), max_length=120)
    opens_days_before = models.PositiveSmallIntegerField(_("opens, days before"))
    opens_time = models.TimeField(_("opens at"))
    closes_days_before = models.PositiveSmallIntegerField(_("closes, days before"))
    closes_time = models.TimeField(_("closes at"))
    filling_minutes = models.PositiveSmallIntegerField(_("filling stretch, minutes"), default=60)
    after_close = models.CharField(_("after the close"), max_length=20, default="send")
    grace_minutes = models.PositiveSmallIntegerField(_("grace before orders go out, minutes"), default=10)
    supplies = models.ManyToManyField(Supply, related_name="rule_windows", blank=True)

    class Meta:
        verbose_name = _("window of the rule")
        verbose_name_plural = _("windows of the rule")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "name"], name="rule_window_named_once"),
            models.CheckConstraint(
                condition=models.Q(closes_days_before__lt=models.F("opens_days_before"))
                | models.Q(closes_days_before=models.F("opens_days_before"), closes_time__gt=models.F("opens_time")),
                name="rule_window_closes_after_opening",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoundRuleHandover(models.Model):
    """One handover of each round that the rule makes."""

    rule = models.ForeignKey(RoundRule, on_delete=models.CASCADE, related_name="handovers")
    pickup_point = models.ForeignKey(PickupPoint, on_delete=models.PROTECT, null=True, blank=True)
    starts_time = models.TimeField(_("from"))
    ends_time = models.TimeField(_("until"))
    capacity = models.PositiveIntegerField(_("capacity in reservations"), null=True, blank=True)
    fee_minor = models.PositiveBigIntegerField(_("fee, minor units"), default=0)

    class Meta:
        verbose_name = _("handover of the rule")
        verbose_name_plural = _("handovers of the rule")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_time__gt=models.F("starts_time")), name="rule_handover_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        place = self.pickup_point or _("delivery")
        return f"{place} {self.starts_time:%H:%M}"


class Round(models.Model):
    """One handover occasion of a hub. A household sees one list, one basket, one receipt per round."""

    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="rounds")
    rule = models.ForeignKey(RoundRule, on_delete=models.PROTECT, null=True, blank=True, related_name="rounds")
    name = models.CharField(_("name"), max_length=120)
    handover_on = models.DateField(_("handover date"))
    # The date that the rule yielded, which an exception may have moved: planning twice makes nothing twice.
    planned_on = models.DateField(_("date by the rule"), null=True, blank=True)

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "planned_on"], name="round_once_per_rule_and_date")
        ]
        indexes: ClassVar = [models.Index(fields=["hub", "handover_on"], name="round_by_hub_and_date")]

    def __str__(self) -> str:
        return self.name


class Handover(models.Model):
    """Where and when a round's goods reach households: at a pickup point, or by delivery in a slot (no point)."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="handovers")
    pickup_point = models.ForeignKey(
        PickupPoint, on_delete=models.PROTECT, null=True, blank=True, related_name="handovers"
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    # None means no bound: then there is nothing to count.
    capacity = models.OneToOneField(Capacity, on_delete=models.PROTECT, null=True, blank=True, related_name="handover")
    # What a reservation pays for being handed over here: mostly that of a delivery.
    fee_minor = models.PositiveBigIntegerField(_("fee, minor units"), default=0)
    # A point moved for this one day: where it is instead, and why. Empty: where the point always is.
    moved_to = models.TextField(_("moved for the day to"), blank=True)
    moved_reason = models.CharField(_("reason of the move"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering: ClassVar = ["starts_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="handover_ends_after_start"
            ),
            models.UniqueConstraint(fields=["round", "pickup_point", "starts_at"], name="handover_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pickup_point or _('Delivery')}"
