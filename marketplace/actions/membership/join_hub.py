"""Join a hub: at once, by a member's invitation, or by asking."""

from datetime import datetime
from typing import Any

from django.db import transaction

from marketplace import access, audit, clock
from marketplace.actions.households.tokens import use_up
from marketplace.actions.membership.moving import KIND, move, tell_household, terms_of
from marketplace.actions.notices.tell import tell
from marketplace.errors import InvitationSpent, NotAllowed, NotFound
from marketplace.models import Hub, HubInvitation, HubMembership, HubRole, JoinPolicy, StateChange, User
from marketplace.queries.invitations import hub_invitation
from marketplace.rules.notices import NoticeKind
from marketplace.rules.roles import Permission
from marketplace.rules.states import MembershipState

_M = MembershipState
# Who stands so has joined already; joining once more changes nothing.
INSIDE = frozenset({_M.TRIAL, _M.MEMBER})


@transaction.atomic
def join_hub(
    *, hub: Hub, message: str = "", invitation: str = "", household_id: int | None = None, by: User
) -> HubMembership:
    """The household's membership: on trial or member at once where the hub is open or a member invites, else asked.

    Who was refused before can only ask. Asking or joining twice changes nothing. Raises NotFound (household,
    invitation of another hub), InvitationSpent, NotAllowed where the hub takes invited ones only.
    """
    household, now = access.household_of(by, household_id), clock.now()
    held = HubMembership.objects.select_related("hub", "household").filter(hub=hub, household=household).first()
    if held is not None and MembershipState(held.state) in INSIDE:
        return held
    link = _link(hub, invitation) if invitation else None
    if link is None and hub.join_policy == JoinPolicy.INVITATION:
        raise NotAllowed(permission="join")
    if held is not None and held.state == _M.ASKED and link is None:
        return held
    to = _standing(hub, held, invited=link is not None)
    membership = held or HubMembership(hub=hub, household=household)
    invited_by = link.by if link is not None else None
    if held is None:
        membership = _begin(hub, membership, to, message, invited_by, now, by)
    elif held.state != to:
        fields: dict[str, Any] = {
            "asked_at": now,
            "message": message,
            "invited_by": invited_by,
            "decided_at": None,
            "decided_by": None,
        }
        move(held, to, at=now, by=by, **fields, **terms_of(held, to))
    if link is not None:
        use_up(link, used_by=household, now=now)
    _tell(membership, now)
    return membership


def _link(hub: Hub, token: str) -> HubInvitation:
    link = hub_invitation(token)
    if link.hub_id != hub.pk:
        raise NotFound(kind="invitation", id=token[:8])
    if not is_member(link):
        raise InvitationSpent  # its sender has left: the word of a stranger lets nobody in
    return link


def is_member(link: HubInvitation) -> bool:
    """Whether the sender of the link is still a member."""
    return HubMembership.objects.filter(
        hub_id=link.hub_id, state=_M.MEMBER.value, household__memberships__user=link.by_id
    ).exists()


def _standing(hub: Hub, held: HubMembership | None, *, invited: bool) -> MembershipState:
    """What the household becomes by joining now."""
    refused = held is not None and held.state == _M.REFUSED
    if refused or (hub.join_policy == JoinPolicy.APPROVAL and not invited):
        return _M.ASKED
    if held is None or not hub.trial_orders:
        return _M.TRIAL if hub.trial_orders else _M.MEMBER
    was_member = StateChange.objects.filter(kind=KIND, object_id=held.pk, to_state=_M.MEMBER.value).exists()
    return _M.MEMBER if was_member else _M.TRIAL


def _begin(
    hub: Hub, row: HubMembership, to: MembershipState, message: str, invited_by: User | None, now: datetime, by: User
) -> HubMembership:
    row.state, row.message, row.invited_by, row.asked_at = to.value, message, invited_by, now
    row.fee_minor = hub.membership_fee_minor if to == _M.MEMBER else 0
    row.credit_limit_minor = hub.first_credit_limit_minor if to == _M.MEMBER else 0
    row.trial_orders_left = hub.trial_orders if to == _M.TRIAL else 0
    row.save()
    audit.record(kind=KIND, object_id=row.pk, from_state="", to_state=to.value, at=now, by=by)
    return row


def _tell(membership: HubMembership, now: datetime) -> None:
    """Who joined at once is welcomed; who asked is put before those who admit."""
    if membership.state != _M.ASKED:
        tell_household(membership, membership.state, now)
        return
    roles = access.hub_roles_with(Permission.ADMIT_MEMBERS)
    tell(
        kind=NoticeKind.MEMBERSHIP,
        user_ids=HubRole.objects.filter(hub=membership.hub_id, role__in=roles).values_list("user_id", flat=True),
        key=f"membership:{membership.pk}:asked:{now.timestamp():.0f}",
        facts={"what": "asked", "hub": membership.hub.name, "household": membership.household.name},
        link=f"/hub/marketplace/hubmembership/{membership.pk}/decide/",
    )
