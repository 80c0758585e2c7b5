"""What every invitation by link has in common: a secret that is kept as its hash only, one use, an end."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Invitation(models.Model):
    """Whoever holds the link may use it once, until `expires_at`. The link itself is shown once and never stored."""

    token_hash = models.CharField(max_length=64, unique=True)
    by: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    # Not stored: set by actions where a repeated request found what it had made before.
    was_there: bool = False

    class Meta:
        abstract = True

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be used."""
        return self.used_at is None and self.withdrawn_at is None and now < self.expires_at
