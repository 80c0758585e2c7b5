"""What a person agreed to, word by word."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.rules.consents import CONSENT_KINDS


class ConsentEntry(models.Model):
    """One answer of one person to one question, with the words that it was asked in. Appended, never edited: the
    newest row of a kind counts.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(_("kind"), max_length=12, choices=[(kind, kind) for kind in CONSENT_KINDS])
    wording = models.TextField(_("words shown"))
    given = models.BooleanField(_("given"))
    at = models.DateTimeField(_("at"))
    how = models.CharField(_("how"), max_length=20)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=list(CONSENT_KINDS)), name="consent_kind_known")
        ]
        indexes: ClassVar = [models.Index(fields=["user", "kind", "-id"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.given}"
