"""How fresh a sign-in is, for what cannot be undone."""

import time
from typing import Any, Final

from marketplace.models import User

FRESH_SECONDS: Final = 600


def signed_in_lately(user: User, session: Any) -> bool:
    """Whether this session proved who it is within the last minutes: by allauth's record of it, else by the login."""
    proofs = session.get("account_authentication_methods") or []
    newest = max((float(proof.get("at", 0)) for proof in proofs), default=0.0)
    if not proofs and user.last_login is not None:
        newest = user.last_login.timestamp()
    return time.time() - newest < FRESH_SECONDS
