"""What a product is usually offered for: the terms with which it goes into the windows that are made."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.catalogue import Product
from marketplace.models.offers import Offer
from marketplace.rules.clearing.terms import PriceStep as Step


class OfferTemplate(models.Model):
    """A product's usual terms at the hubs of one currency; a change of them changes no offer that was announced.

    `cap` is the stock of a window. It is full again in every window (`reset`), or the next one begins with what the
    last one at the same hub left of it (`carry`).
    """

    class StockRule(models.TextChoices):
        RESET = "reset", _("full again in every window")
        CARRY = "carry", _("what the last window left")

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="templates")
    currency = models.CharField(_("currency"), max_length=3)
    # Goes into every window that is made for the merchant; else only where an earlier window had it.
    is_regular = models.BooleanField(_("in every window"), default=False)
    case = models.PositiveIntegerField(_("case: consumer units shipped as one"), default=1)
    splittable = models.BooleanField(_("cases may be split"), default=False)
    multiple = models.PositiveIntegerField(_("multiple when split"), default=1)
    split_fee_minor = models.PositiveBigIntegerField(_("fee for a split, minor units"), default=0)
    hub_flexible = models.PositiveIntegerField(_("units that the hub may add"), default=0)
    shortage_rule = models.CharField(
        _("when there is too little"),
        max_length=12,
        choices=Offer.ShortageRule,
        default=Offer.ShortageRule.MAX_MIN,
    )
    cap = models.PositiveIntegerField(_("stock of a window"), null=True, blank=True)
    stock_rule = models.CharField(_("stock of the next window"), max_length=5, choices=StockRule, default="reset")

    class Meta:
        verbose_name = _("offer template")
        verbose_name_plural = _("offer templates")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "currency"], name="offer_template_once_per_currency"),
            models.CheckConstraint(condition=models.Q(case__gte=1), name="offer_template_case_positive"),
            models.CheckConstraint(condition=models.Q(multiple__gte=1), name="offer_template_multiple_positive"),
            models.CheckConstraint(
                condition=models.Q(shortage_rule__in=["max_min", "proportional", "first_come"]),
                name="offer_template_shortage_rule_known",
            ),
            models.CheckConstraint(
                condition=models.Q(stock_rule="reset") | models.Q(stock_rule="carry", cap__isnull=False),
                name="offer_template_carries_a_stock",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.currency}"

    @property
    def ladder(self) -> tuple[Step, ...]:
        """Its steps, rising; from rows at hand where they were prefetched."""
        rows = sorted(self.steps.all(), key=lambda row: row.from_quantity)
        return tuple(Step(row.from_quantity, row.cost_minor, row.unit_price_minor) for row in rows)


class TemplateStep(models.Model):
    """One step of a template's ladder, as PriceStep is one of an offer's."""

    template = models.ForeignKey(OfferTemplate, on_delete=models.CASCADE, related_name="steps")
    from_quantity = models.PositiveIntegerField(_("from"))
    cost_minor = models.PositiveBigIntegerField(_("cost, minor units"))
    unit_price_minor = models.PositiveBigIntegerField(_("unit price, minor units"))

    class Meta:
        verbose_name = _("step of a template")
        verbose_name_plural = _("steps of templates")
        ordering: ClassVar = ["from_quantity"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["template", "from_quantity"], name="template_step_once"),
            models.CheckConstraint(condition=models.Q(from_quantity__gte=1), name="template_step_from_positive"),
            models.CheckConstraint(condition=models.Q(unit_price_minor__gte=1), name="template_step_price_positive"),
        ]

    def __str__(self) -> str:
        return f"≥ {self.from_quantity}"
