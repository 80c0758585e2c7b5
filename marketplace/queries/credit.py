"""Credit of households: where they stand, what they hold, and how far they may go."""

from django.db.models import Sum
from django.db.models.functions import Coalesce

from marketplace.models import Hub, HubMembership, Reservation
from marketplace.queries.balances import balance_of
from marketplace.queries.settling import market_of
from marketplace.rules.ledger.worst_case import Credit


def credit_of(household_id: int, hub_id: int, round_id: int | None = None) -> Credit:
    """A household's credit at a hub, beside its reservation in a round (None: beside none). Five queries."""
    hub = Hub.objects.get(pk=hub_id)
    others = Reservation.objects.filter(household=household_id, round__hub=hub).exclude(round=round_id)
    return Credit(
        balance=balance_of(household_id, hub_id),
        limit=credit_limit(hub, household_id),
        others=others.aggregate(total=Coalesce(Sum("holds_minor"), 0))["total"],
        market=market_of(hub),
    )


def credit_limit(hub: Hub, household_id: int) -> int:
    """How far below zero the household's balance may go; at a hub that is open to everybody the first limit also holds
    for who never joined by name. One query."""
    found = HubMembership.objects.filter(hub=hub, household=household_id).values_list("credit_limit_minor", flat=True)
    limit = found.first()
    return hub.first_credit_limit_minor if limit is None else limit


def available_of(household_id: int, hub_id: int) -> int:
    """What the household may still reserve at the hub: balance and limit, less what its reservations hold. Five
    queries; it says something where the hub limits credit."""
    return credit_of(household_id, hub_id).available
