"""Households at a hub: how they came to order there, and on what terms they begin."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.models.hubs import Hub
from marketplace.models.invitations import Invitation
from marketplace.models.people import Household
from marketplace.rules.states import MembershipState


class HubMembership(models.Model):
    """A household's standing at a hub. Without a row: not joined; at a hub that is open to everybody the first
    reservation joins.

    While on trial, each round with a placed reservation uses one of `trial_orders_left`.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships_of_hubs")
    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="memberships")
    state = models.CharField(_("state"), max_length=8, choices=[(s.value, s.value) for s in MembershipState])
    trial_orders_left = models.PositiveSmallIntegerField(_("trial orders left"), default=0)
    credit_limit_minor = models.PositiveBigIntegerField(_("credit limit, minor units"), default=0)
    # What was due for joining and whether it was received; the books of it come with the ledger.
    fee_minor = models.PositiveBigIntegerField(_("membership fee, minor units"), default=0)
    fee_received_at = models.DateTimeField(_("fee received"), null=True, blank=True)
    message = models.TextField(_("what the household wrote"), blank=True)
    # Why it was refused, as the household reads it.
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(pgettext_lazy("when it was asked", "asked"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["household", "hub"], name="hub_membership_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[s.value for s in MembershipState]), name="hub_membership_state_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["hub", "state"], name="hub_membership_by_state")]

    def __str__(self) -> str:
        return f"{self.household} · {self.hub} ({self.state})"


class HubInvitation(Invitation):
    """A member's link that lets one household join the hub."""

    hub = models.ForeignKey(Hub, on_delete=models.PROTECT, related_name="invitations")
    used_by = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("invitation to a hub")
        verbose_name_plural = _("invitations to hubs")

    def __str__(self) -> str:
        return f"{self.hub} #{self.pk}"
