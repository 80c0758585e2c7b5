"""How people come into a household: by invitation, never by another's word alone."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.models.invitations import Invitation
from marketplace.models.people import Household


class HouseholdInvitation(Invitation):
    """One person is asked into a household. `email` is where the link was sent, if it was; the invited one may sign
    in with another address: the link counts.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail"), blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("invitation to a household")
        verbose_name_plural = _("invitations to households")
        indexes: ClassVar = [models.Index(fields=["household", "expires_at"], name="household_invitation_open")]

    def __str__(self) -> str:
        return f"{self.household} #{self.pk}"
