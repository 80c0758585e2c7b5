"""When a window has closed: what nobody accepted is the offerer's, and it is told so."""

from django.db import transaction

from marketplace import clock
from marketplace.actions.notices.tell import tell
from marketplace.actions.sharing.moving import facts_of, link_to, move, people_of
from marketplace.models import LineShare, OrderingWindow
from marketplace.rules.notices import NoticeKind
from marketplace.rules.states import ShareState, WindowState


@transaction.atomic
def end_open_shares(*, window_id: int) -> int:
    """How many shares of the window's lines ended unaccepted; ending them twice is harmless, and so is coming late to a
    window that was opened again."""
    if OrderingWindow.objects.filter(pk=window_id, state=WindowState.OPEN.value).exists():
        return 0
    waiting = LineShare.objects.select_related(
        "reservation__household", "reservation__round__hub", "offer__product", "household"
    ).filter(offer__window_id=window_id, state=ShareState.OFFERED.value)
    now, ended = clock.now(), 0
    for share in waiting.select_for_update(of=("self",)):
        move(share, ShareState.WITHDRAWN, at=now, by=None, reason="not accepted before the close")
        tell(
            kind=NoticeKind.INVITATION,
            user_ids=people_of(share.reservation.household_id),
            key=f"share:{share.pk}:unaccepted",
            facts=facts_of(share, "share_unaccepted"),
            link=link_to(share),
        )
        ended += 1
    return ended
