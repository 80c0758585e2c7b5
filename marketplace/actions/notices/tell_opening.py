"""A window has opened: tell whoever asked for it and whoever follows its hub."""

from django.db import transaction

from marketplace import clock
from marketplace.actions.notices.tell import tell
from marketplace.models import HubNews, OpeningReminder, OrderingWindow
from marketplace.rules.notices import NoticeKind


@transaction.atomic
def tell_opening(*, window_id: int) -> int:
    """Tell each of them once; how many were told. Nobody where it does not take reservations (any more)."""
    window = OrderingWindow.objects.select_related("round__hub").get(pk=window_id)
    if not window.takes_reservations(clock.now()):
        return 0
    hub = window.round.hub
    reminded = OpeningReminder.objects.filter(window=window, user__is_active=True).values_list("user_id", flat=True)
    followers = HubNews.objects.filter(hub=hub, user__is_active=True).values_list("user_id", flat=True)
    facts = {
        "round": window.round.name,
        "hub": hub.name,
        "opens_at": window.opens_at.isoformat(),
        "closes_at": window.closes_at.isoformat(),
        "until": window.closes_at.isoformat(),
        "zone": hub.time_zone,
    }
    return tell(
        kind=NoticeKind.OPENS,
        user_ids={*reminded, *followers},
        key=f"window:{window.pk}",
        facts=facts,
        link=f"/rounds/{window.round_id}/",
    )
