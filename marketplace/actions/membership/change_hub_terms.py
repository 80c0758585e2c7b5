"""How households come to a hub: the hub's own settings."""

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import audit, clock
from marketplace.access import hubs_where
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import Hub, JoinPolicy, User
from marketplace.rules.roles import Permission

MOST_TRIAL_ORDERS = 20
MOST_MINOR = 10_000_000


@transaction.atomic
def change_hub_terms(
    *,
    hub_id: int,
    join_policy: str,
    trial_orders: int,
    membership_fee_minor: int,
    first_credit_limit_minor: int,
    by: User,
) -> Hub:
    """They hold for who joins from now on; nobody's standing changes. Raises NotFound, InvalidInput by field."""
    hub = hubs_where(by, Permission.ADMIT_MEMBERS).filter(pk=hub_id).first()
    if hub is None:
        raise NotFound(kind="hub", id=hub_id)
    problems = []
    if join_policy not in JoinPolicy.values:
        problems.append({"place": "join_policy", "problem": _("Choose one of the three ways.")})
    if not 0 <= trial_orders <= MOST_TRIAL_ORDERS:
        told = _("Give a number from 0 to %(most)d.") % {"most": MOST_TRIAL_ORDERS}
        problems.append({"place": "trial_orders", "problem": told})
    for place, amount in (("membership_fee", membership_fee_minor), ("first_credit_limit", first_credit_limit_minor)):
        if not 0 <= amount <= MOST_MINOR:
            problems.append({"place": place, "problem": _("Give an amount of 0 or more.")})
    if problems:
        raise InvalidInput(problems=problems)
    before, hub.join_policy = hub.join_policy, join_policy
    hub.trial_orders, hub.membership_fee_minor = trial_orders, membership_fee_minor
    hub.first_credit_limit_minor = first_credit_limit_minor
    hub.save(update_fields=["join_policy", "trial_orders", "membership_fee_minor", "first_credit_limit_minor"])
    told = f"trial {trial_orders}, fee {membership_fee_minor}, limit {first_credit_limit_minor}"
    audit.record(
        kind="hub_terms", object_id=hub.pk, from_state=before, to_state=join_policy, at=clock.now(), by=by, reason=told
    )
    return hub
