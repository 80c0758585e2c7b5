"""A hub's terms of money: how it states prices, what it adds for its own services, whether credit has a limit."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import audit, clock
from marketplace.access import hubs_where, one
from marketplace.actions.ledger.keep_holds import keep_holds_of_hub
from marketplace.errors import InvalidInput
from marketplace.models import Hub, HubMembership, LedgerTransaction, User
from marketplace.queries.state_tags import require_state
from marketplace.rules.roles import Permission

MONEY_TERMS = ("limits_credit", "prices_include_tax", "service_tax_basis_points", "no_show_pays")
MOST_LIMIT = 10_000_000


@transaction.atomic
def change_money_terms(
    *,
    hub_id: int,
    limits_credit: bool,
    prices_include_tax: bool,
    service_tax_basis_points: int,
    no_show_pays: bool,
    expected: Sequence[str] = (),
    by: User,
) -> Hub:
    """They hold for what is reserved and settled from now on. Whether prices contain the tax is fixed once something
    was booked: households were promised their prices so.

    Raises NotFound for a hub whose books the actor does not keep, ChangedMeanwhile, InvalidInput by field.
    """
    hub = one(hubs_where(by, Permission.KEEP_BOOKS).select_for_update().filter(pk=hub_id), "hub", hub_id)
    require_state(hub, MONEY_TERMS, expected)
    problems = []
    if not 0 <= service_tax_basis_points <= 10_000:
        problems.append({"place": "service_tax", "problem": _("Give a rate from 0 to 100 per cent.")})
    if prices_include_tax != hub.prices_include_tax and LedgerTransaction.objects.filter(hub=hub).exists():
        told = _("Households were promised their prices as they are; this can no longer change.")
        problems.append({"place": "prices_include_tax", "problem": told})
    if problems:
        raise InvalidInput(problems=problems)
    begins = limits_credit and not hub.limits_credit
    hub.limits_credit, hub.prices_include_tax = limits_credit, prices_include_tax
    hub.service_tax_basis_points, hub.no_show_pays = service_tax_basis_points, no_show_pays
    hub.save(update_fields=MONEY_TERMS)
    told = (
        f"limits {limits_credit}, tax in prices {prices_include_tax}, own tax {service_tax_basis_points}, "
        f"no-show pays {no_show_pays}"
    )
    audit.record(
        kind="money_terms", object_id=hub.pk, from_state="", to_state="set", at=clock.now(), by=by, reason=told
    )
    if begins:
        keep_holds_of_hub(hub_id=hub.pk)
    return hub


@transaction.atomic
def set_credit_limit(*, membership_id: int, limit_minor: int, reason: str = "", by: User) -> HubMembership:
    """How far below zero a household's balance may go at the hub. What it reserved already stays, whatever the limit.

    Raises NotFound, InvalidInput.
    """
    hubs = hubs_where(by, Permission.KEEP_BOOKS)
    rows = HubMembership.objects.select_for_update(of=("self",)).select_related("hub", "household")
    held = one(rows.filter(pk=membership_id, hub__in=hubs), "membership", membership_id)
    if not 0 <= limit_minor <= MOST_LIMIT:
        raise InvalidInput(problems=[{"place": "limit", "problem": _("Give an amount of 0 or more.")}])
    before, held.credit_limit_minor = held.credit_limit_minor, limit_minor
    held.save(update_fields=["credit_limit_minor"])
    told = f"{before} → {limit_minor} {reason}".strip()
    audit.record(
        kind="credit_limit", object_id=held.pk, from_state="", to_state="set", at=clock.now(), by=by, reason=told
    )
    return held
