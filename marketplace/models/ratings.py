"""Ratings: how a household found what one merchant supplied in one round."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.merchants import Merchant
from marketplace.models.reservations import Reservation


class Rating(models.Model):
    """Stars and words of one household for one merchant's goods of a round; newer words replace those before."""

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="ratings", db_index=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="ratings")
    stars = models.PositiveSmallIntegerField(_("stars"))
    words = models.TextField(_("in words"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rated_at = models.DateTimeField(_("rated"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reservation", "merchant"], name="rating_once_per_order"),
            models.CheckConstraint(condition=models.Q(stars__range=(1, 5)), name="rating_one_to_five_stars"),
        ]

    def __str__(self) -> str:
        return f"{self.merchant}: {self.stars}"
