"""Take a move back: the handover is where it always is, and everybody who collects there is told again."""

from django.db import transaction

from marketplace import audit, clock
from marketplace.access import point_custody
from marketplace.actions.hosting.move_handover import open_move
from marketplace.actions.hosting.moved_words import tell_households
from marketplace.errors import IllegalMove
from marketplace.models import HandoverMove, User


@transaction.atomic
def move_back(*, handover_id: int, by: User) -> None:
    """The handover with its usual place and times.

    Raises NotFound for a foreign handover, NotAllowed for a group's host, IllegalMove where it is not moved or over.
    """
    handover = point_custody(by, handover_id).handover
    now, move = clock.now(), open_move(handover)
    over = move is not None and move.usual_ends_at <= now
    if move is None or over or not HandoverMove.objects.filter(pk=move.pk, ended_at=None).update(ended_at=now):
        raise IllegalMove(kind="handover", id=handover.pk, from_state="", to_state="")
    was = (handover.starts_at, handover.ends_at)
    handover.moved_to = handover.moved_reason = ""
    handover.starts_at, handover.ends_at = move.usual_starts_at, move.usual_ends_at
    handover.save(update_fields=["moved_to", "moved_reason", "starts_at", "ends_at"])
    audit.record(kind="handover", object_id=handover.pk, from_state="moved", to_state="", at=now, by=by)
    tell_households(handover, what="back", key=f"move:{move.pk}:back", reason="", usual=was)
