"""What is told to people when something happens; apps.py imports it for what it registers."""

from typing import Any

from marketplace.actions.notices.tell_opening import tell_opening
from marketplace.events import on


@on("window.opened", name="tell_opening")
def window_opened(*, window_id: int, **_: Any) -> None:
    tell_opening(window_id=window_id)
