"""Take a break back: the merchant is in its planned windows again, as far as they are not announced."""

from django.db import transaction

from marketplace import clock, locks
from marketplace.actions.catalogue.leaving_out import put_back
from marketplace.errors import IllegalMove
from marketplace.models import LeftOut, OrderingWindow, SupplyBreak, User
from marketplace.queries.breaks import break_for
from marketplace.rules.states import WindowState


@transaction.atomic
def end_break(*, break_id: int, by: User) -> list[OrderingWindow]:
    """The drafts that have the merchant again. Raises NotFound for a foreign break, IllegalMove for one that was taken
    back before."""
    break_for(by, break_id)
    living = SupplyBreak.objects.filter(pk=break_id, ended_at__isnull=True)
    if not living.update(ended_at=clock.now(), ended_by=by):
        raise IllegalMove(kind="break", id=break_id, from_state="taken back", to_state="taken back")
    rows = LeftOut.objects.filter(pause=break_id).select_related("window__round__hub", "supply__merchant")
    back = []
    for left in rows.order_by("window_id"):
        locks.window_exclusive(left.window_id)
        if OrderingWindow.objects.filter(pk=left.window_id, state=WindowState.DRAFT).exists() and put_back(left):
            back.append(left.window)
    return back
