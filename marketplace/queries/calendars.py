"""What a calendar wants of a window: its times, and where its round is handed over to this visitor."""

from dataclasses import dataclass

from marketplace.access import PUBLIC_STATES
from marketplace.models import Handover, OrderingWindow, Reservation, User
from marketplace.queries.shop import Visitor, handovers_of, household_id_of
from marketplace.rules.states import VersionState


@dataclass(frozen=True, slots=True)
class WindowTimes:
    """An announced window with its round and hub; `handover` is the household's own, else the only one there is."""

    window: OrderingWindow
    handover: Handover | None


def window_with_handovers(visitor: Visitor, window_id: int) -> WindowTimes | None:
    """The window's times as they concern the visitor; None where it was not announced. Up to three queries."""
    windows = OrderingWindow.objects.filter(pk=window_id, state__in=PUBLIC_STATES)
    window = windows.select_related("round__hub").first()
    if window is None:
        return None
    own = None
    if isinstance(visitor, User):
        placed = Reservation.objects.filter(round=window.round_id, household_id=household_id_of(visitor))
        found = placed.filter(state=VersionState.PLACED.value).select_related("handover__pickup_point").first()
        own = found.handover if found else None
    if own is None:
        all_of_them = handovers_of(window.round_id)
        own = all_of_them[0] if len(all_of_them) == 1 else None
    return WindowTimes(window, own)
