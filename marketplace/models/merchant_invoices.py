"""What a merchant bills for a purchase order, matched line by line with what was ordered and what came."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.catalogue import Product
from marketplace.models.purchase_orders import PurchaseOrder, PurchaseOrderLine
from marketplace.rules.orders.matching import Bearer, InvoiceState


class MerchantInvoice(models.Model):
    """One invoice for one purchase order. Amounts are net, tax stands apart; `total_minor` is what the merchant asks.

    `payable_minor` is what the hub accepts of it, tax included, once it is matched.
    """

    order = models.ForeignKey(PurchaseOrder, on_delete=models.PROTECT, related_name="invoices")
    number = models.CharField(_("the merchant's number"), max_length=60)
    dated_on = models.DateField(_("dated"))
    currency = models.CharField(_("currency"), max_length=3)
    state = models.CharField(_("state"), max_length=9, choices=[(s.value, s.value) for s in InvoiceState])
    fees_minor = models.PositiveBigIntegerField(_("fees, minor units"), default=0)
    net_minor = models.PositiveBigIntegerField(_("net, minor units"))
    tax_minor = models.PositiveBigIntegerField(_("tax, minor units"))
    total_minor = models.PositiveBigIntegerField(_("total, minor units"))
    payable_minor = models.PositiveBigIntegerField(_("accepted, minor units"), null=True, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    matched_at = models.DateTimeField(null=True, blank=True)
    matched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("invoice of a merchant")
        verbose_name_plural = _("invoices of merchants")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"], condition=~models.Q(state="withdrawn"), name="merchant_invoice_once_per_order"
            ),
            models.CheckConstraint(
                condition=models.Q(total_minor=models.F("net_minor") + models.F("tax_minor")),
                name="merchant_invoice_total_is_net_and_tax",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in InvoiceState]), name="merchant_invoice_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="matched", payable_minor__isnull=False, matched_at__isnull=False)
                | (~models.Q(state="matched") & models.Q(payable_minor__isnull=True, matched_at__isnull=True)),
                name="merchant_invoice_matched_is_payable",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.order}"


class MerchantInvoiceLine(models.Model):
    """What is billed of one line (`product` is None) or of what came instead of it, net.

    `expected_minor` is what that quantity should have cost, as received, at the ordered price; `bearer` says who bears
    the difference, empty where there is none.
    """

    invoice = models.ForeignKey(MerchantInvoice, on_delete=models.PROTECT, related_name="lines", db_index=False)
    line = models.ForeignKey(PurchaseOrderLine, on_delete=models.PROTECT, related_name="invoice_lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.PositiveIntegerField(_("billed units"))
    amount_minor = models.PositiveBigIntegerField(_("billed, minor units"))
    expected_minor = models.PositiveBigIntegerField(_("expected, minor units"))
    tax_basis_points = models.PositiveIntegerField(_("rate of tax in 1/100 %"))
    bearer = models.CharField(
        _("borne by"), max_length=10, blank=True, choices=[(bearer.value, bearer.value) for bearer in Bearer]
    )

    class Meta:
        verbose_name = _("line of a merchant's invoice")
        verbose_name_plural = _("lines of merchants' invoices")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invoice", "line"],
                condition=models.Q(product__isnull=True),
                name="merchant_invoice_line_once",
            ),
            models.UniqueConstraint(fields=["invoice", "line", "product"], name="merchant_invoice_substitute_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} · {self.line_id}"

    @property
    def difference_minor(self) -> int:
        """Billed above (below: negative) what was expected."""
        return self.amount_minor - self.expected_minor
