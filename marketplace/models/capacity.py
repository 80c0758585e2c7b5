"""Scarce things, counted: an offer's cap, a handover's room."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Capacity(models.Model):
    """A bound and how much of it is taken; the database itself refuses to pass it.

    A row of its own, apart from the offer or handover that it bounds: one sorted statement takes everything that a
    basket needs, and a busy counter never rewrites a wide row. What has no bound has no row.
    """

    limit = models.PositiveIntegerField(_("limit"))
    taken = models.PositiveIntegerField(_("taken"), default=0)

    class Meta:
        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(taken__lte=models.F("limit")), name="capacity_not_passed"),
            models.CheckConstraint(condition=models.Q(taken__gte=0), name="capacity_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.taken}/{self.limit}"
