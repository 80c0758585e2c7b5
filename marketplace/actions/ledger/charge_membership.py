"""The books of a household's membership: its fee when it joins, and the money when it comes in."""

from datetime import datetime

from django.db import transaction

from marketplace.actions.ledger.post import post
from marketplace.models import HubMembership, LedgerTransaction, User
from marketplace.queries.settling import market_of
from marketplace.rules.ledger.accounts import AccountKind, AccountRef, household
from marketplace.rules.ledger.entries import Entry, TransactionKind
from marketplace.rules.ledger.splitting import Fee, fee_entries


@transaction.atomic
def charge_membership(*, membership: HubMembership, at: datetime, by: User | None) -> LedgerTransaction | None:
    """The fee on the household's balance: once, however often it leaves and joins again; None where the hub takes none.
    Joins the caller's transaction."""
    entries = _fee(membership)
    if not entries:
        return None
    key = f"membership:{membership.pk}"
    known = LedgerTransaction.objects.filter(hub=membership.hub_id, key=key).first()
    return known or post(
        hub_id=membership.hub_id, kind=TransactionKind.MEMBERSHIP_FEE, key=key, entries=entries, at=at, by=by
    )


@transaction.atomic
def receive_membership_fee(*, membership: HubMembership, at: datetime, by: User) -> LedgerTransaction:
    """The fee as somebody of the hub took it in, in cash, once. Joins the caller's transaction. What comes by bank or
    card is booked as any other payment."""
    charge_membership(membership=membership, at=at, by=by)
    due = sum(entry.amount_minor for entry in _fee(membership))
    return post(
        hub_id=membership.hub_id,
        kind=TransactionKind.PAYMENT,
        key=f"membership-fee:{membership.pk}",
        entries=[Entry(AccountRef(AccountKind.CASH), household(membership.household_id), due, "membership_fee")],
        at=at,
        by=by,
    )


def _fee(membership: HubMembership) -> list[Entry]:
    account = AccountRef(AccountKind.MEMBERSHIP)
    fee = Fee(membership.household_id, "membership", membership.fee_minor, account)
    return list(fee_entries(fee, market_of(membership.hub)))
