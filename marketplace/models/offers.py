"""Offers: a product in one window, with its price ladder and its four units."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.capacity import Capacity
from marketplace.models.catalogue import Product
from marketplace.models.windows import OrderingWindow
from marketplace.rules.goods import UnitCode


class Offer(models.Model):
    """A product in one window.

    Four units, by exact fractions: the *consumer unit* is what households count; the *order unit* is the case of
    `case` consumer units; one consumer unit is `price_units_numerator/denominator` of the *price unit* (a nominal
    weight where pieces are weighed) and `billing_units_…` of the *billing unit*.
    """

    class ShortageRule(models.TextChoices):
        MAX_MIN = "max_min", _("everybody a little")
        PROPORTIONAL = "proportional", _("in proportion")
        FIRST_COME = "first_come", _("first come, first served")

    window = models.ForeignKey(OrderingWindow, on_delete=models.PROTECT, related_name="offers")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="offers")
    # True: supplied by the hub's stock alone, at its own price, capped by that stock; no purchase order.
    from_stock = models.BooleanField(_("from the hub's stock"), default=False)
    case = models.PositiveIntegerField(_("case: consumer units shipped as one"), default=1)
    splittable = models.BooleanField(_("cases may be split"), default=False)
    multiple = models.PositiveIntegerField(_("multiple when split"), default=1)
    split_fee_minor = models.PositiveBigIntegerField(_("fee for a split, minor units"), default=0)
    hub_flexible = models.PositiveIntegerField(_("units that the hub may add"), default=0)
    shortage_rule = models.CharField(
        _("when there is too little"), max_length=12, choices=ShortageRule, default=ShortageRule.MAX_MIN
    )
    # None means no cap: then there is nothing to count and demand is the sum of the lines.
    capacity = models.OneToOneField(Capacity, on_delete=models.PROTECT, null=True, blank=True, related_name="offer")
    price_unit = models.CharField(
        _("price unit"), max_length=3, choices=[(u.value, u.value) for u in UnitCode], default=UnitCode.PIECE.value
    )
    price_units_numerator = models.PositiveIntegerField(default=1)
    price_units_denominator = models.PositiveIntegerField(default=1)
    billing_unit = models.CharField(
        _("billing unit"), max_length=3, choices=[(u.value, u.value) for u in UnitCode], default=UnitCode.PIECE.value
    )
    billing_units_numerator = models.PositiveIntegerField(default=1)
    billing_units_denominator = models.PositiveIntegerField(default=1)
    weight_margin_percent = models.PositiveSmallIntegerField(_("margin of the weight, per cent"), default=10)
    ready_at = models.DateTimeField(_("picked, baked or packed at"), null=True, blank=True)
    best_before = models.DateField(_("best before"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    # The least version that a line must have agreed to in order to count: raised by a change that is no improvement.
    agreement_version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["window", "product"], name="offer_once_per_window"),
            models.CheckConstraint(condition=models.Q(case__gte=1), name="offer_case_positive"),
            models.CheckConstraint(condition=models.Q(multiple__gte=1), name="offer_multiple_positive"),
            models.CheckConstraint(
                condition=models.Q(price_units_numerator__gte=1)
                & models.Q(price_units_denominator__gte=1)
                & models.Q(billing_units_numerator__gte=1)
                & models.Q(billing_units_denominator__gte=1),
                name="offer_unit_fractions_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(shortage_rule__in=["max_min", "proportional", "first_come"]),
                name="offer_shortage_rule_known",
            ),
            models.CheckConstraint(condition=models.Q(weight_margin_percent__lte=50), name="offer_margin_bounded"),
            models.CheckConstraint(
                condition=models.Q(from_stock=False) | models.Q(capacity__isnull=False), name="offer_stock_is_capped"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}"


class PriceStep(models.Model):
    """One step of an offer's ladder: from this quantity of the whole window, cost (net, to the merchant) and price.

    That steps rise in quantity and fall strictly in cost and price is a rule over rows (rules/clearing), checked by
    the actions that write them; a step's own bounds are checked here.
    """

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="steps")
    from_quantity = models.PositiveIntegerField(_("from"))
    cost_minor = models.PositiveBigIntegerField(_("cost, minor units"))
    unit_price_minor = models.PositiveBigIntegerField(_("unit price, minor units"))

    class Meta:
        verbose_name = _("price step")
        verbose_name_plural = _("price steps")
        ordering: ClassVar = ["from_quantity"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offer", "from_quantity"], name="price_step_once"),
            models.CheckConstraint(condition=models.Q(from_quantity__gte=1), name="price_step_from_positive"),
            models.CheckConstraint(condition=models.Q(unit_price_minor__gte=1), name="price_step_price_positive"),
        ]

    def __str__(self) -> str:
        return f"≥ {self.from_quantity}"


class OfferChange(models.Model):
    """What changed in an offer after it opened: terms before and after, who changed them and why.

    `needs_agreement`: no improvement for everybody who reserved; lines that do not agree before the close are
    released. Terms are JSON as rules/offer_changes.py writes them.
    """

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField(_("new version"))
    before = models.JSONField()
    after = models.JSONField()
    needs_agreement = models.BooleanField(_("needs agreement"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("change of an offer")
        verbose_name_plural = _("changes of offers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offer", "version"], name="offer_change_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.offer} #{self.version}"


class OfferOutlook(models.Model):
    """The expected final of a running offer, in units and price, where somebody forecasts it; empty means not known.

    Filled by the upper rooms through a published action; P10, P50, P90 of the reserved units at the close.
    """

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, primary_key=True, related_name="outlook")
    units_p10 = models.PositiveIntegerField()
    units_p50 = models.PositiveIntegerField()
    units_p90 = models.PositiveIntegerField()
    expected_unit_price_minor = models.PositiveBigIntegerField(null=True, blank=True)
    as_of = models.DateTimeField()

    class Meta:
        verbose_name = _("outlook of an offer")
        verbose_name_plural = _("outlooks of offers")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(units_p10__lte=models.F("units_p50"), units_p50__lte=models.F("units_p90")),
                name="offer_outlook_ordered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}: {self.units_p10}–{self.units_p90}"


class OfferDemand(models.Model):
    """What was reserved of an offer, as told to pages: a projection of the lines, refreshed for changed offers.

    Guards and closing never read it. `groups` are the demand groups of rules/clearing; `version` counts per window,
    so that a client that missed one sees the gap.
    """

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, primary_key=True, related_name="demand")
    window = models.ForeignKey(OrderingWindow, on_delete=models.CASCADE, related_name="demand")
    version = models.PositiveBigIntegerField(default=0)
    groups = models.JSONField(default=list)
    refreshed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("demand of an offer")
        verbose_name_plural = _("demand of offers")
        indexes: ClassVar = [models.Index(fields=["window", "version"], name="demand_by_window_version")]

    def __str__(self) -> str:
        return f"{self.offer_id} @ {self.version}"
