"""What happens to a purchase order after its issue: revisions with who and why, consent, substitutes, one-tap links."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.catalogue import Product
from marketplace.models.clearing import ClearingRun
from marketplace.models.purchase_orders import PurchaseOrder, PurchaseOrderLine, PurchaseOrderRevision
from marketplace.models.reservations import ReservationLine
from marketplace.rules.orders.changes import ChangeKind, ConsentWay, Via

_WAYS = [(way.value, way.value) for way in ConsentWay]


class OrderChange(models.Model):
    """How a revision after the first came about. The difference itself is in the revision's frozen content.

    `by` is None where nobody was signed in: the one-tap link, or the rule for silence. `consent` is the merchant's, as
    rules/orders/changes.py writes it, empty where the merchant itself changed the order.
    """

    revision = models.OneToOneField(PurchaseOrderRevision, on_delete=models.PROTECT, related_name="change")
    kind = models.CharField(_("kind"), max_length=10, choices=[(k.value, k.value) for k in ChangeKind])
    via = models.CharField(_("came by"), max_length=8, choices=[(v.value, v.value) for v in Via])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    consent = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("change of a purchase order")
        verbose_name_plural = _("changes of purchase orders")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[k.value for k in ChangeKind]), name="order_change_kind_known"
            ),
            models.CheckConstraint(condition=models.Q(via__in=[v.value for v in Via]), name="order_change_via_known"),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.kind}"


class HouseholdConsent(models.Model):
    """Units that a household agreed to take when the coordinator added to an order, by which revision; never shown to
    merchants."""

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="consents", db_index=False)
    revision = models.PositiveIntegerField()
    line = models.ForeignKey(ReservationLine, on_delete=models.PROTECT, related_name="consents")
    units = models.PositiveIntegerField(_("units"))
    how = models.CharField(_("how it agreed"), max_length=9, choices=_WAYS)

    class Meta:
        verbose_name = _("consent of a household")
        verbose_name_plural = _("consents of households")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "revision", "line"], name="household_consent_once"),
            models.CheckConstraint(condition=models.Q(units__gte=1), name="household_consent_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.units}"


class OrderLineSubstitute(models.Model):
    """Another product of the merchant that comes instead of missing units: as many as households take.

    `offered` is what the merchant could send; name, SKU and GTIN are those of the answer.
    """

    line = models.ForeignKey(PurchaseOrderLine, on_delete=models.PROTECT, related_name="substitutes")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    sku = models.CharField(max_length=40)
    gtin = models.CharField(max_length=14, blank=True)
    offered = models.PositiveIntegerField(_("offered"))
    units = models.PositiveIntegerField(_("taken"))
    cost_minor = models.PositiveBigIntegerField(_("cost, minor units"))
    received = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("substitute of an order's line")
        verbose_name_plural = _("substitutes of orders' lines")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "product"], name="order_substitute_once"),
            models.CheckConstraint(
                condition=models.Q(units__lte=models.F("offered")), name="order_substitute_taken_within_offered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.units} × {self.name}"


class SubstituteAllocation(models.Model):
    """What a line gets of another product, by one run. Of each line and product the newest row counts; 0 takes it back.

    `charged_minor` is quantity * unit price, or less where a lower price was billed; the unit price is never above what
    the missing product would have cost.
    """

    run = models.ForeignKey(ClearingRun, on_delete=models.PROTECT, related_name="substitutes")
    line = models.ForeignKey(ReservationLine, on_delete=models.PROTECT, related_name="substituted")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    order_line = models.ForeignKey(PurchaseOrderLine, on_delete=models.PROTECT, related_name="substituted")
    quantity = models.PositiveIntegerField()
    unit_price_minor = models.PositiveBigIntegerField()
    charged_minor = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("allocation of a substitute")
        verbose_name_plural = _("allocations of substitutes")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "product", "run"], name="substitute_allocation_once"),
            models.CheckConstraint(
                condition=models.Q(charged_minor__lte=models.F("quantity") * models.F("unit_price_minor")),
                name="substitute_allocation_charge",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.quantity} × {self.product_id}"


class OrderLink(models.Model):
    """A link that opens and answers exactly one purchase order without signing in, as long as nobody takes it back.

    The address carries the key under the site's signature: neither the table nor a guess is enough to make one.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="links")
    key = models.CharField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    valid_until = models.DateTimeField(_("until"))
    # The first time that it was opened: the mail has been read.
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("link of a purchase order")
        verbose_name_plural = _("links of purchase orders")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(revoked_at__isnull=True), name="order_link_once_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} until {self.valid_until}"
