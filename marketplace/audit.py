"""Every move of a state is recorded: who, when, from, to, why."""

from datetime import datetime

from marketplace.models import StateChange, User


def record(
    *, kind: str, object_id: int, from_state: str, to_state: str, at: datetime, by: User | None, reason: str = ""
) -> None:
    """Append one change of state, in the caller's transaction. `by` is None where the clock moved it."""
    StateChange.objects.create(
        kind=kind, object_id=object_id, from_state=from_state, to_state=to_state, by=by, at=at, reason=reason[:200]
    )
