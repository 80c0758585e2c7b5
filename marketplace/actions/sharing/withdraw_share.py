"""Take an offered or accepted share of one's line back, while its window is open."""

from django.db import transaction

from marketplace import clock, locks
from marketplace.access import households_of
from marketplace.actions.notices.tell import tell
from marketplace.actions.sharing.moving import check_open, facts_of, link_to, move, people_of
from marketplace.errors import NotFound
from marketplace.models import LineShare, User
from marketplace.rules.notices import NoticeKind
from marketplace.rules.states import ShareState


@transaction.atomic
def withdraw_share(*, share_id: int, by: User) -> LineShare:
    """The share is the offerer's again, who had it is told. Raises NotFound, WindowClosed, IllegalMove."""
    mine = households_of(by).order_by().values("pk")
    share = (
        LineShare.objects.select_related(
            "reservation__household",
            "reservation__round__hub",
            "offer__product",
            "offer__window__round__hub",
            "household",
        )
        .filter(pk=share_id, reservation__household__in=mine)
        .first()
    )
    if share is None:
        raise NotFound(kind="line_share", id=share_id)
    locks.windows_shared([share.offer.window_id])
    check_open(share.offer.window)
    move(share, ShareState.WITHDRAWN, at=clock.now(), by=by)
    if share.household_id is not None:
        tell(
            kind=NoticeKind.INVITATION,
            user_ids=people_of(share.household_id),
            key=f"share:{share.pk}:withdrawn",
            facts=facts_of(share, "share_withdrawn"),
            link=link_to(share),
        )
    return share
