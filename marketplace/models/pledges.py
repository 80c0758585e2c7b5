"""What a merchant is told of the demand to come, and what it pledges while a window is open."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.offers import Offer


class DemandSignal(models.Model):
    """What the merchant will probably have to ship of a running offer: units at the close, exceeded with 90, 50 and
    10 per cent. Empty means not known yet; the rooms above write it through a published action.

    Households see OfferOutlook instead: what will be reserved, at which price.
    """

    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, primary_key=True, related_name="signal")
    units_p10 = models.PositiveIntegerField()
    units_p50 = models.PositiveIntegerField()
    units_p90 = models.PositiveIntegerField()
    as_of = models.DateTimeField()

    class Meta:
        verbose_name = _("demand signal")
        verbose_name_plural = _("demand signals")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(units_p10__lte=models.F("units_p50"), units_p50__lte=models.F("units_p90")),
                name="demand_signal_ordered",
            )
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}: {self.units_p10}–{self.units_p90}"


class Pledge(models.Model):
    """A merchant's word while a window is open: "I can supply up to x", or "lower price y from z units".

    It changed the offer's terms at once (docs/domain.md, section 5); `before` and `after` are those terms with their
    costs, as rules/catalogue/pledges.py writes them. Of a kind only one stands; the ones before it are kept.
    """

    class Kind(models.TextChoices):
        SUPPLY = "supply", _("can supply up to")
        PRICE = "price", _("lower price")

    class State(models.TextChoices):
        STANDING = "standing", _("stands")
        REPLACED = "replaced", _("replaced by a later one")
        WITHDRAWN = "withdrawn", _("withdrawn")

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="pledges")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.STANDING)
    units = models.PositiveIntegerField(_("units"))
    cost_minor = models.PositiveBigIntegerField(_("cost, minor units"), null=True, blank=True)
    unit_price_minor = models.PositiveBigIntegerField(_("unit price, minor units"), null=True, blank=True)
    before = models.JSONField()
    after = models.JSONField()
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["offer", "kind"], condition=models.Q(state="standing"), name="pledge_stands_once"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="supply", cost_minor__isnull=True, unit_price_minor__isnull=True)
                | models.Q(kind="price", cost_minor__isnull=False, unit_price_minor__isnull=False),
                name="pledge_of_a_price_names_it",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["standing", "replaced", "withdrawn"]), name="pledge_state_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["offer", "-id"], name="pledge_newest")]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.kind} {self.units}"
