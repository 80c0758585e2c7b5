"""Which state something is in, for whoever changes it later: the ETags of what has no version of its own.

What several people may change is changed under its lock, and only in the state that the change was meant for.
"""

import hashlib
import json
from collections.abc import Sequence

from django.db.models import Model

from marketplace.errors import ChangedMeanwhile


def state_tag(row: Model, fields: Sequence[str]) -> str:
    """The same for the same values of these fields. No query."""
    values = json.dumps([getattr(row, name) for name in fields], default=str)
    return hashlib.sha256(values.encode()).hexdigest()[:20]


def require_state(row: Model, fields: Sequence[str], expected: Sequence[str]) -> None:
    """Raise ChangedMeanwhile unless the row is in one of the expected states; none expected is any."""
    if expected and state_tag(row, fields) not in expected:
        raise ChangedMeanwhile(kind=str(row._meta.model_name))
