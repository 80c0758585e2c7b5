"""The moves of a membership: by compare-and-set, audited, told to the household."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marketplace import audit
from marketplace.actions.notices.tell import tell
from marketplace.errors import IllegalMove
from marketplace.models import HouseholdMember, HubMembership, StateChange, User
from marketplace.rules.notices import NoticeKind
from marketplace.rules.states import MEMBERSHIP_MOVES, MembershipState

KIND = "membership"


def move(
    membership: HubMembership,
    to: MembershipState,
    *,
    at: datetime,
    by: User,
    reason: str = "",
    **fields: Any,
) -> None:
    """Move and set `fields` with it; `reason` goes to the audit and to the row.

    Raises IllegalMove where the state does not allow it, or somebody was faster.
    """
    was = MembershipState(membership.state)
    facts = {"kind": KIND, "id": membership.pk, "from_state": was.value, "to_state": to.value}
    if to not in MEMBERSHIP_MOVES[was]:
        raise IllegalMove(**facts)
    held = HubMembership.objects.filter(pk=membership.pk, state=was.value)
    if not held.update(state=to.value, reason=reason, **fields):
        raise IllegalMove(**facts)
    audit.record(
        kind=KIND, object_id=membership.pk, from_state=was.value, to_state=to.value, at=at, by=by, reason=reason
    )
    membership.refresh_from_db()


def terms_of(membership: HubMembership, to: MembershipState) -> Mapping[str, Any]:
    """What the hub's settings give a household that gets this standing; trial orders are given once."""
    hub = membership.hub
    if to == MembershipState.MEMBER:
        return {"fee_minor": hub.membership_fee_minor, "credit_limit_minor": hub.first_credit_limit_minor}
    first = not StateChange.objects.filter(kind=KIND, object_id=membership.pk, to_state=to.value).exists()
    return {"trial_orders_left": hub.trial_orders} if first else {}


def tell_household(membership: HubMembership, what: str, at: datetime, **facts: Any) -> None:
    """Tell everybody of the household how it stands at the hub now."""
    people = HouseholdMember.objects.filter(household_id=membership.household_id).values_list("user_id", flat=True)
    tell(
        kind=NoticeKind.MEMBERSHIP,
        user_ids=people,
        key=f"membership:{membership.pk}:{what}:{at.timestamp():.0f}",
        facts={
            "what": what,
            "hub": membership.hub.name,
            "household": membership.household.name,
            "trial_orders_left": membership.trial_orders_left,
            "fee_minor": membership.fee_minor or membership.hub.membership_fee_minor,
            "currency": membership.hub.currency,
            **facts,
        },
        link=f"/hubs/{membership.hub.slug}/join/",
    )
