"""Who invites into what: what the holder of a link is told before answering."""

from marketplace import clock
from marketplace.errors import InvitationSpent, NotFound
from marketplace.models import HouseholdInvitation, HubInvitation, LineShare
from marketplace.models.invitations import Invitation
from marketplace.rules.states import ShareState
from marketplace.rules.tokens import token_hash


def _open(invitation: Invitation | None, token: str) -> None:
    if invitation is None:
        raise NotFound(kind="invitation", id=token[:8])
    if not invitation.is_open(clock.now()):
        raise InvitationSpent


def household_invitation(token: str) -> HouseholdInvitation:
    """The open invitation of a link. One query. Raises NotFound, InvitationSpent."""
    found = HouseholdInvitation.objects.select_related("household", "by").filter(token_hash=token_hash(token)).first()
    _open(found, token)
    assert found is not None  # noqa: S101 - _open raised otherwise
    return found


def hub_invitation(token: str) -> HubInvitation:
    """The open invitation of a link. One query. Raises NotFound, InvitationSpent."""
    found = HubInvitation.objects.select_related("hub", "by").filter(token_hash=token_hash(token)).first()
    _open(found, token)
    assert found is not None  # noqa: S101 - _open raised otherwise
    return found


def share_invitation(token: str) -> LineShare:
    """The share that is offered by a link. One query. Raises NotFound, InvitationSpent where it was answered."""
    share = (
        LineShare.objects.select_related("reservation__household", "reservation__round__hub", "offer__product", "by")
        .filter(token_hash=token_hash(token))
        .first()
    )
    if share is None:
        raise NotFound(kind="invitation", id=token[:8])
    if share.state != ShareState.OFFERED:
        raise InvitationSpent
    return share
