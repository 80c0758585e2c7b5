"""What an order did not reach and a household goes on collecting; and the trial orders that rounds used."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.catalogue import Product
from marketplace.models.hubs import Hub
from marketplace.models.offers import Offer
from marketplace.models.people import Household
from marketplace.models.rounds import Round
from marketplace.rules.states import CollectedState


class CollectedRest(models.Model):
    """Units of a line that its closing did not serve, which the household agreed to move on: to the next round's offer
    of the product at the hub, at no higher price than `at_most_minor`, until the day `until` (the hub's calendar).

    `units` are those still to be placed. The line is named by household and offer.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="collected_rests")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="+", db_index=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    # Where it was missed, and where it was placed last.
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="collected_rests")
    moved_to = models.ForeignKey(Offer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    missed = models.PositiveIntegerField(_("units missed"))
    units = models.PositiveIntegerField(_("units to place"))
    at_most_minor = models.PositiveBigIntegerField(_("at most, minor units"))
    until = models.DateField(_("until"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(s.value, s.value) for s in CollectedState],
        default=CollectedState.WAITING.value,
    )
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("collected rest")
        verbose_name_plural = _("collected rests")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["offer", "household"], name="collected_rest_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in CollectedState]), name="collected_rest_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(units__lte=models.F("missed")), name="collected_rest_within_missed"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["hub", "state", "product"], name="collected_rest_by_product")]

    def __str__(self) -> str:
        return f"{self.units} × {self.product}"


class TrialUse(models.Model):
    """A round in which a household on trial ordered: it used one of the trial orders, once."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="trial_uses")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="trial_uses")
    used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("trial order")
        verbose_name_plural = _("trial orders")
        constraints: ClassVar = [models.UniqueConstraint(fields=["household", "round"], name="trial_order_once")]

    def __str__(self) -> str:
        return f"{self.household} · {self.round}"
