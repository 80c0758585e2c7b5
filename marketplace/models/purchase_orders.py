"""Purchase orders: numbered, versioned documents to one merchant from one window, and how they were sent."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.clearing import ClearingRun
from marketplace.models.merchants import Merchant, Supply
from marketplace.models.offers import Offer
from marketplace.models.windows import OrderingWindow
from marketplace.rules.states import DispatchState, OrderState


class PurchaseOrder(models.Model):
    """The exact order of one window to one merchant. Voided ones keep their number."""

    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="purchase_orders")
    supply = models.ForeignKey(Supply, on_delete=models.PROTECT, related_name="purchase_orders")
    window = models.ForeignKey(OrderingWindow, on_delete=models.PROTECT, related_name="purchase_orders")
    run = models.ForeignKey(ClearingRun, on_delete=models.PROTECT, related_name="purchase_orders")
    number = models.PositiveIntegerField(_("number"))
    revision = models.PositiveIntegerField(_("revision"), default=1)
    state = models.CharField(
        _("state"), max_length=16, choices=[(s.value, s.value) for s in OrderState], default=OrderState.ISSUED.value
    )
    currency = models.CharField(_("currency"), max_length=3)
    goods_minor = models.PositiveBigIntegerField(_("goods, minor units"))
    fees_minor = models.PositiveBigIntegerField(_("fees, minor units"), default=0)
    total_minor = models.PositiveBigIntegerField(_("total, minor units"))
    issued_at = models.DateTimeField(_("issued"))
    # Why dispatch waits for the coordinator (late close, policy), empty when nothing holds it.
    held_for = models.CharField(_("held for"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["merchant", "number"], name="purchase_order_number_once"),
            models.UniqueConstraint(
                fields=["window", "merchant"],
                condition=~models.Q(state="voided"),
                name="purchase_order_once_per_window_and_merchant",
            ),
            models.CheckConstraint(
                condition=models.Q(total_minor=models.F("goods_minor") + models.F("fees_minor")),
                name="purchase_order_total_is_goods_and_fees",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in OrderState]), name="purchase_order_state_known"
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="purchase_order_number_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.merchant.slug.upper()}-{self.number:06d}"


class PurchaseOrderLine(models.Model):
    """One product of an order: what was ordered, confirmed, shipped, received, billed, in consumer units.

    Name, SKU and GTIN are those of the issue: a later change of the product changes no order.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="lines", db_index=False)
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="purchase_order_lines")
    name = models.CharField(max_length=80)
    sku = models.CharField(max_length=40)
    gtin = models.CharField(max_length=14, blank=True)
    ordered = models.PositiveIntegerField(_("ordered"))
    case = models.PositiveIntegerField(_("case"))
    whole_cases = models.PositiveIntegerField(_("whole cases"))
    split = models.BooleanField(_("split"), default=False)
    split_fee_minor = models.PositiveBigIntegerField(default=0)
    hub_units = models.PositiveIntegerField(_("of these for the hub"), default=0)
    cost_minor = models.PositiveBigIntegerField(_("cost, minor units"))
    confirmed = models.PositiveIntegerField(_("confirmed"), null=True, blank=True)
    short_reason = models.CharField(_("why less"), max_length=120, blank=True)
    shipped = models.PositiveIntegerField(null=True, blank=True)
    received = models.PositiveIntegerField(null=True, blank=True)
    billed = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("line of a purchase order")
        verbose_name_plural = _("lines of purchase orders")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "offer"], name="purchase_order_line_once"),
            models.CheckConstraint(condition=models.Q(ordered__gte=1), name="purchase_order_line_positive"),
            models.CheckConstraint(
                condition=models.Q(confirmed__isnull=True) | models.Q(confirmed__lte=models.F("ordered")),
                name="purchase_order_line_confirmed_within_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ordered} × {self.name}"


class PurchaseOrderRevision(models.Model):
    """The frozen content of one revision: what documents and mails are made from, never queried anew."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints: ClassVar = [models.UniqueConstraint(fields=["order", "number"], name="order_revision_once")]

    def __str__(self) -> str:
        return f"{self.order_id} r{self.number}"


class Dispatch(models.Model):
    """One revision on its way to the merchant by one channel, with its outcome and who was told when."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        PHONE = "phone", _("phone list")
        PAPER = "paper", _("paper")

    revision = models.ForeignKey(PurchaseOrderRevision, on_delete=models.PROTECT, related_name="dispatches")
    channel = models.CharField(max_length=8, choices=Channel)
    address = models.CharField(max_length=254, blank=True)
    state = models.CharField(
        max_length=10, choices=[(s.value, s.value) for s in DispatchState], default=DispatchState.WAITING.value
    )
    # Not before this instant (grace after the close, pause after a failure).
    due_at = models.DateTimeField()
    # Who sends now holds it until then; afterwards another may take it over.
    sending_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # 1 is the first sending; each "send again" of somebody makes the next copy of the same revision.
    copy = models.PositiveSmallIntegerField(default=1, db_default=1)
    sent_at = models.DateTimeField(null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["revision", "channel", "copy"], name="dispatch_once_per_channel_and_copy"),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in DispatchState]), name="dispatch_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["waiting", "failed", "sending"]),
                name="dispatch_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.channel} {self.state}"
