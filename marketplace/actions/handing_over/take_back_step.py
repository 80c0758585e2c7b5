"""Take back that goods were handed over, or that nobody came: somebody tapped the wrong line."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import audit, clock
from marketplace.errors import InvalidInput
from marketplace.events import emit
from marketplace.models import HandoverProgress, User
from marketplace.rules.states import ProgressStep

ENDS = (ProgressStep.HANDED_OVER, ProgressStep.NO_SHOW)


@transaction.atomic
def take_back_step(
    *, reservation_ids: Iterable[int], step: ProgressStep, reason: str = "", by: User | None = None
) -> int:
    """How many reservations had reached the step and have no longer. Joins the caller's transaction.

    Who may do so and until when is the caller's rule. Raises InvalidInput for another step than the two ends.
    """
    if step not in ENDS:
        raise InvalidInput(problems=[{"place": "step", "problem": _("Only the end of a handover can be taken back.")}])
    rows = HandoverProgress.objects.filter(reservation__in=set(reservation_ids), step=step.value)
    ids = sorted(rows.values_list("reservation_id", flat=True))
    if not ids:
        return 0
    HandoverProgress.objects.filter(reservation__in=ids, step=step.value).delete()
    now = clock.now()
    for pk in ids:
        audit.record(kind="handover", object_id=pk, from_state=step.value, to_state="", at=now, by=by, reason=reason)
    emit("reservation.step_taken_back", reservation_ids=ids, step=step.value)
    return len(ids)
