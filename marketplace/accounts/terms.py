"""What one agrees to by starting an account: these very words go into the log of consents."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TERMS: Final[Promise] = _(
    "By starting you agree: what you have reserved when a window closes is ordered for you, and you pay for it. Until "
    "then you can change it or give it back. Your name is seen by your hub and by whoever hands your order out."
)
