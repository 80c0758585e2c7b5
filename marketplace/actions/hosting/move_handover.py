"""Move a whole point for its one day, and tell everybody who collects there."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace import audit, clock
from marketplace.access import point_custody
from marketplace.actions.hosting.moved_words import tell_households
from marketplace.errors import IllegalMove, InvalidInput
from marketplace.models import Handover, HandoverMove, User


@transaction.atomic
def move_handover(
    *,
    handover_id: int,
    moved_to: str,
    reason: str = "",
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    by: User,
) -> HandoverMove:
    """The move. Without times the handover keeps its own.

    Raises NotFound for a foreign handover, NotAllowed for a group's host, InvalidInput for a missing place, times out
    of order or a handover that has ended, IllegalMove where it is moved already (take that back first).
    """
    handover = point_custody(by, handover_id).handover
    now, usual = clock.now(), (handover.starts_at, handover.ends_at)
    starts, ends = starts_at or usual[0], ends_at or usual[1]
    _check(moved_to, starts, ends, usual, now)
    try:
        with transaction.atomic():
            move = HandoverMove.objects.create(
                handover=handover,
                moved_to=moved_to.strip(),
                reason=reason.strip(),
                usual_starts_at=usual[0],
                usual_ends_at=usual[1],
                by=by,
                at=now,
            )
    except IntegrityError as error:
        raise IllegalMove(kind="handover", id=handover.pk, from_state="moved", to_state="moved") from error
    handover.moved_to, handover.moved_reason = move.moved_to, move.reason
    handover.starts_at, handover.ends_at = starts, ends
    handover.save(update_fields=["moved_to", "moved_reason", "starts_at", "ends_at"])
    audit.record(kind="handover", object_id=handover.pk, from_state="", to_state="moved", at=now, by=by, reason=reason)
    tell_households(handover, what="moved", key=f"move:{move.pk}", reason=move.reason, usual=usual)
    return move


def _check(moved_to: str, starts: datetime, ends: datetime, usual: tuple[datetime, datetime], now: datetime) -> None:
    problems = []
    if not moved_to.strip():
        problems.append({"place": "moved_to", "problem": _("Say where it is on that day.")})
    if ends <= starts:
        problems.append({"place": "ends_at", "problem": _("It ends after it begins.")})
    elif ends <= now or usual[1] <= now:
        problems.append({"place": "ends_at", "problem": _("That is over already.")})
    if problems:
        raise InvalidInput(problems=problems)


def open_move(handover: Handover) -> HandoverMove | None:
    """The move that is in force. One query."""
    return HandoverMove.objects.filter(handover=handover, ended_at=None).first()
