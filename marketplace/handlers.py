"""What the marketplace does when told: each handler reads the state that it needs and moves by compare-and-set."""

from typing import Any

from marketplace import realtime
from marketplace.actions.refresh_demand import refresh_window
from marketplace.events import on
from marketplace.models import OrderingWindow


@on("window.opened", name="show_window")
@on("window.reopened", name="show_window")
@on("window.closed", name="show_window")
def show_window(*, window_id: int, **_: Any) -> None:
    """The last word on its demand, and its state as it is now, to those who watch the round."""
    refresh_window(window_id=window_id)
    _show_state(window_id)


@on("window.cancelled", name="show_cancelled_window")
def show_cancelled_window(*, window_id: int, **_: Any) -> None:
    _show_state(window_id)


def _show_state(window_id: int) -> None:
    window = OrderingWindow.objects.get(pk=window_id)
    realtime.push(
        realtime.round_group(window.round_id),
        {
            "type": "window.state",
            "round": window.round_id,
            "window": window.pk,
            "state": window.state,
            "closes_at": window.closes_at.isoformat(),
        },
    )
