"""A coordinator leaves a merchant that has a break out of a draft."""

from django.db import transaction

from marketplace import clock, locks
from marketplace.access import window_for_coordinator
from marketplace.actions.catalogue.leaving_out import take_out
from marketplace.errors import IllegalMove, NotFound
from marketplace.models import OrderingWindow, User, WindowSupply
from marketplace.queries.breaks import blocked_in_window
from marketplace.rules.states import WindowState


@transaction.atomic
def leave_merchant_out(*, window_id: int, merchant_id: int, by: User) -> None:
    """Raises NotFound for a foreign window or a merchant whom no break keeps out of it, IllegalMove once the window is
    announced."""
    window_for_coordinator(by, window_id)
    locks.window_exclusive(window_id)
    window = OrderingWindow.objects.get(pk=window_id)
    if window.state != WindowState.DRAFT:
        raise IllegalMove(kind="window", id=window_id, from_state=window.state, to_state="without a merchant")
    blocked = [each for each in blocked_in_window(window_id) if each.supply.merchant_id == merchant_id]
    if not blocked:
        raise NotFound(kind="break", id=merchant_id)
    part = WindowSupply.objects.select_related("supply").get(window=window_id, supply=blocked[0].supply)
    take_out(part, blocked[0].pause, clock.now())
