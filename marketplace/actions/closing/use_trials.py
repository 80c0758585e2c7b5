"""After a close: a household on trial that ordered has used one of its trial orders, once per round."""

from django.db import transaction

from marketplace import clock
from marketplace.actions.membership.use_trial_order import use_trial_order
from marketplace.models import HubMembership, OrderingWindow, TrialUse
from marketplace.queries.closing_demand import lines_that_count
from marketplace.rules.states import MembershipState, WindowState


@transaction.atomic
def use_trials(*, window_id: int) -> int:
    """How many households used one. Twice is harmless: a round is used once, also when it is closed again."""
    window = OrderingWindow.objects.select_related("round").get(pk=window_id)
    if window.state in (WindowState.OPEN, WindowState.CANCELLED):
        return 0
    hub_id, now = window.round.hub_id, clock.now()
    on_trial = HubMembership.objects.filter(
        hub_id=hub_id,
        state=MembershipState.TRIAL.value,
        household__in=lines_that_count(window_id).values("reservation__household"),
    )
    used = 0
    for household_id in on_trial.order_by("pk").values_list("household_id", flat=True):
        _, is_first = TrialUse.objects.get_or_create(
            household_id=household_id, round_id=window.round_id, defaults={"used_at": now}
        )
        if is_first:
            used += use_trial_order(household_id=household_id, hub_id=hub_id)
    return used
