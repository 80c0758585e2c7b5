"""Take the offered parts of a neighbour's line, or not; give taken ones back while the window is open."""

from django.db import transaction

from marketplace import clock, locks
from marketplace.access import household_of, households_of
from marketplace.actions.notices.tell import tell
from marketplace.actions.sharing.moving import check_open, facts_of, link_to, move, people_of
from marketplace.errors import InvitationSpent, NotFound
from marketplace.models import LineShare, ReservationLine, User
from marketplace.rules.notices import NoticeKind
from marketplace.rules.states import ShareState
from marketplace.rules.tokens import token_hash

_WITH = (
    "reservation__household",
    "reservation__round__hub",
    "offer__product",
    "offer__window__round__hub",
    "household",
)


@transaction.atomic
def answer_share(
    *, share_id: int | None = None, token: str = "", accept: bool, household_id: int | None = None, by: User
) -> LineShare:
    """The answered share: named by its id (offered to, or taken by, the actor's household), or by its link's token.

    A link is used up by the first who takes it; declining one leaves it to others. Raises NotFound (also for one's
    own line, and where the line is no longer reserved), InvitationSpent for a used link, WindowClosed, WindowNotOpen,
    IllegalMove.
    """
    share = _of_link(token) if token else _of_household(share_id, by)
    household = household_of(by, household_id) if token else share.household
    assert household is not None  # noqa: S101 - _of_household found it by its household
    if share.reservation.household.memberships.filter(user=by).exists() or not _is_reserved(share):
        raise NotFound(kind="line_share", id=share.pk)
    locks.windows_shared([share.offer.window_id])
    check_open(share.offer.window)
    if token and not accept:
        return share
    taken = LineShare.objects.filter(
        reservation_id=share.reservation_id, offer_id=share.offer_id, household=household, state="accepted"
    )
    if token and taken.exists():
        raise InvitationSpent  # this household has its part of the line
    now, to = clock.now(), ShareState.ACCEPTED if accept else ShareState.DECLINED
    move(share, to, at=now, by=by, household=household)
    tell(
        kind=NoticeKind.INVITATION,
        user_ids=people_of(share.reservation.household_id),
        key=f"share:{share.pk}:{to.value}",
        facts=facts_of(share, f"share_{to.value}"),
        link=link_to(share),
    )
    return share


def _of_link(token: str) -> LineShare:
    share = LineShare.objects.select_related(*_WITH).filter(token_hash=token_hash(token)).first()
    if share is None:
        raise NotFound(kind="invitation", id=token[:8])
    if share.state != ShareState.OFFERED:
        raise InvitationSpent
    return share


def _of_household(share_id: int | None, by: User) -> LineShare:
    mine = households_of(by).order_by().values("pk")
    share = LineShare.objects.select_related(*_WITH).filter(pk=share_id or 0, household__in=mine).first()
    if share is None:
        raise NotFound(kind="line_share", id=share_id)
    return share


def _is_reserved(share: LineShare) -> bool:
    return ReservationLine.objects.filter(reservation_id=share.reservation_id, offer_id=share.offer_id).exists()
