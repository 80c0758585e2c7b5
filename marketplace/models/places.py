"""Streets of a hub's area, so that a place is found by its name without asking anybody outside."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.hubs import Hub


class Street(models.Model):
    """A street with a point on it (WGS 84 degrees), as the hub imported it: once per name and town.

    `folded` is what search looks in: the folded words of name, town and postcode, each with a space before it.
    """

    hub = models.ForeignKey(Hub, on_delete=models.CASCADE, related_name="streets")
    name = models.CharField(_("name"), max_length=120)
    postcode = models.CharField(_("postcode"), max_length=16, blank=True)
    town = models.CharField(_("town"), max_length=80, blank=True)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    folded = models.CharField(max_length=240, editable=False)

    class Meta:
        verbose_name = _("street")
        verbose_name_plural = _("streets")
        ordering: ClassVar = ["name", "town", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hub", "name", "town"], name="street_once_per_town"),
            models.CheckConstraint(
                condition=models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)), name="street_on_earth"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {' '.join(filter(None, (self.postcode, self.town)))}".rstrip(", ")
