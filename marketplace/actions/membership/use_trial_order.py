"""A round was reserved in by a household on trial."""

from django.db import connection
from django.db.models import F
from django.db.transaction import TransactionManagementError

from marketplace import clock
from marketplace.actions.membership.moving import tell_household
from marketplace.models import HubMembership
from marketplace.rules.states import MembershipState


def use_trial_order(*, household_id: int, hub_id: int) -> bool:
    """Whether one of the trial orders was used, in the caller's transaction; at the last one the household is told
    what comes next. False where it is not on trial or has none left. One statement, a few more at the last.

    To be called once per round, when its reservation is placed for the first time.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("A trial order is used with the reservation that uses it.")
    trial = HubMembership.objects.filter(
        household_id=household_id, hub_id=hub_id, state=MembershipState.TRIAL.value, trial_orders_left__gt=0
    )
    if not trial.update(trial_orders_left=F("trial_orders_left") - 1):
        return False
    held = HubMembership.objects.select_related("hub", "household").get(household_id=household_id, hub_id=hub_id)
    if held.trial_orders_left == 0:
        tell_household(held, "trial_used", clock.now(), join_policy=held.hub.join_policy)
    return True
