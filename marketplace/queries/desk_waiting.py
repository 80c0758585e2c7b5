"""Who waits for an answer at a desk: households with a claim or a question, and those who asked to join."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, QuerySet

from marketplace.access import hubs_where
from marketplace.models import Claim, HubMembership, Thread, User
from marketplace.queries.claims import claims_for_hub
from marketplace.queries.threads import threads_as
from marketplace.rules.claims import ClaimState
from marketplace.rules.roles import Permission
from marketplace.rules.states import MembershipState
from marketplace.rules.threads import Side, ThreadState


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many of a kind wait, and since when the longest does. `model` names the list that shows them."""

    model: str
    many: int
    since: datetime


def waiting_at_hub(user: User, now: datetime) -> list[Waiting]:
    """What waits at the user's hubs, as far as the role answers it. Six queries."""
    asked = HubMembership.objects.filter(
        hub__in=hubs_where(user, Permission.ADMIT_MEMBERS), state=MembershipState.ASKED.value
    )
    claims = claims_for_hub(user).filter(state=ClaimState.OPEN.value)
    found = [
        _counted("claim", claims, "made_at"),
        _counted("thread", _questions(user, Side.HUB, now), "waiting_since"),
        _counted("hubmembership", asked, "asked_at"),
    ]
    return [one for one in found if one is not None]


def waiting_at_merchant(user: User, now: datetime) -> list[Waiting]:
    """What waits for the user's merchants. Two queries."""
    found = [_counted("thread", _questions(user, Side.MERCHANT, now), "waiting_since")]
    return [one for one in found if one is not None]


def _questions(user: User, side: Side, now: datetime) -> QuerySet[Thread]:
    return threads_as(user, side, now).filter(state=ThreadState.OPEN.value, waiting_for=side.value)


def _counted(model: str, rows: QuerySet[Claim] | QuerySet[Thread] | QuerySet[HubMembership], at: str) -> Waiting | None:
    since = rows.aggregate(since=Min(at))["since"]
    return Waiting(model, rows.count(), since) if since else None
