"""Lines that two households split: half a sack each, one reservation, two bills."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.offers import Offer
from marketplace.models.people import Household
from marketplace.models.reservations import Reservation
from marketplace.rules.states import ShareState


class LineShare(models.Model):
    """`parts` of `total_parts` of a reserved line, offered to another household.

    The line is named by reservation and offer: it may be taken out and reserved again, the offer of parts stays. The
    reservation and its risk stay the offerer's; an accepted share is billed its part (rules/parts.py). Without a
    household it is offered by link: whoever holds it may accept, once; `token_hash` is the link's.
    """

    reservation = models.ForeignKey(Reservation, on_delete=models.PROTECT, related_name="shares")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="shares")
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="shares_of_others"
    )
    parts = models.PositiveSmallIntegerField(_("parts"))
    total_parts = models.PositiveSmallIntegerField(_("of"))
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=[(s.value, s.value) for s in ShareState],
        default=ShareState.OFFERED.value,
    )
    token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("shared line")
        verbose_name_plural = _("shared lines")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in ShareState]), name="line_share_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(parts__gte=1, total_parts__lte=100) & models.Q(parts__lt=models.F("total_parts")),
                name="line_share_leaves_a_part",
            ),
            models.CheckConstraint(
                condition=models.Q(household__isnull=False) | ~models.Q(state="accepted"),
                name="line_share_accepted_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["reservation", "offer", "household"],
                condition=models.Q(state__in=["offered", "accepted"]),
                name="line_share_once_per_household",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parts}/{self.total_parts} × {self.offer_id} ({self.state})"
