"""What follows when a purchase order changes: households hear of a shortage."""

from typing import Any

from marketplace.actions.orders.tell_shortage import tell_shortage
from marketplace.events import on
from marketplace.handlers import show_reservations


@on("shortage.recorded", name="tell_shortage")
def tell_households_of_shortage(*, run_id: int, order_id: int, **_: Any) -> None:
    """A notice to everybody who gets something else, and a hint to their open pages."""
    show_reservations(tell_shortage(run_id=run_id, order_id=order_id))
