"""Take the offered parts of a neighbour's line, or not; give taken ones back while the window is open."""

from django.db import transaction

from marketplace import clock, locks
from marketplace.access import household_of, households_of, one
from marketplace.actions.notices.tell import tell
from marketplace.actions.sharing.moving import check_open, facts_of, link_to, move, people_of
from marketplace.errors import InvitationSpent, NotFound
from marketplace.models import LineShare, User
from marketplace.queries.membership import require_may_order
from marketplace.queries.shares import units_of
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
    *,
    share_id: int | None = None,
    token: str = "",
    accept: bool,
    seen_units: int | None = None,
    household_id: int | None = None,
    by: User,
) -> LineShare:
    """The answered share: named by its id (offered to, or taken by, the actor's household), or by its link's token.

    A link is used up by the first who takes it; declining one leaves it to others. `seen_units` is what the line was
    for when it was shown: who takes a part agrees to no more, whatever the line has become meanwhile. Raises NotFound
    (also for one's own line, and where the line is no longer reserved), InvitationSpent for a used link, WindowClosed,
    WindowNotOpen, MembershipNeeded where the household may not order at the hub, IllegalMove.
    """
    share = _of_link(token) if token else _of_household(share_id, by)
    household = household_of(by, household_id) if token else share.household
    assert household is not None  # noqa: S101 - _of_household found it by its household
    if share.reservation.household.memberships.filter(user=by).exists():
        raise NotFound(kind="line_share", id=share.pk)
    locks.windows_shared([share.offer.window_id])
    check_open(share.offer.window)
    if not (reserved := units_of(share)):
        raise NotFound(kind="line_share", id=share.pk)
    if token and not accept:
        return share
    if accept:
        require_may_order(household, share.reservation.round)
    taken = LineShare.objects.filter(
        reservation_id=share.reservation_id, offer_id=share.offer_id, household=household, state="accepted"
    )
    if token and taken.exists():
        raise InvitationSpent  # this household has its part of the line
    now, to = clock.now(), ShareState.ACCEPTED if accept else ShareState.DECLINED
    agreed = min(reserved, reserved if seen_units is None else seen_units) if accept else None
    move(share, to, at=now, by=by, household=household, agreed_units=agreed)
    tell(
        kind=NoticeKind.INVITATION,
        user_ids=people_of(share.reservation.household_id),
        key=f"share:{share.pk}:{to.value}",
        facts=facts_of(share, f"share_{to.value}"),
        link=link_to(share),
    )
    return share


def _of_link(token: str) -> LineShare:
    share = one(LineShare.objects.select_related(*_WITH).filter(token_hash=token_hash(token)), "invitation", token[:8])
    if share.state != ShareState.OFFERED:
        raise InvitationSpent
    return share


def _of_household(share_id: int | None, by: User) -> LineShare:
    mine = households_of(by).order_by().values("pk")
    return one(
        LineShare.objects.select_related(*_WITH).filter(pk=share_id or 0, household__in=mine), "line_share", share_id
    )
