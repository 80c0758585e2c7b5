"""What accounts hold: sums of entries, never a stored figure. Minor units of the hub's currency; nothing adds across
hubs. A household's balance above zero is money that the hub owes it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from marketplace.models import LedgerAccount, LedgerEntry
from marketplace.rules.ledger.accounts import AccountKind, AccountRef, code_of, shown


def balance_of(household_id: int, hub_id: int, *, before: datetime | None = None) -> int:
    """A household's balance at a hub; `before`: of what counts for a moment before this one. Two queries."""
    return account_balance(AccountRef(AccountKind.HOUSEHOLD, household_id=household_id), hub_id, before=before)


def account_balance(ref: AccountRef, hub_id: int, *, before: datetime | None = None) -> int:
    """The balance of one account of a hub, 0 where it was never used. Two queries."""
    account = {"hub": hub_id, "code": code_of(ref)}
    found = Q() if before is None else Q(transaction__at__lt=before)
    reached = _sum(found, **{f"destination__{name}": value for name, value in account.items()})
    left = _sum(found, **{f"source__{name}": value for name, value in account.items()})
    return reached - left


class AccountBalance(NamedTuple):
    """One account with what reached it and what left it."""

    account: LedgerAccount
    reached_minor: int
    left_minor: int

    @property
    def balance_minor(self) -> int:
        return self.reached_minor - self.left_minor

    @property
    def shown_minor(self) -> int:
        """As people read it: what the hub has stands without a minus."""
        return shown(AccountKind(self.account.kind), self.balance_minor)


def balances(
    hub_id: int,
    *,
    kinds: Iterable[AccountKind] | None = None,
    before: datetime | None = None,
    since: datetime | None = None,
) -> list[AccountBalance]:
    """Every account of a hub (of these kinds) in the order of kinds and names, with the movements of that time.
    Three queries for any number.
    """
    accounts = LedgerAccount.objects.filter(hub=hub_id).select_related(
        "household", "merchant", "deposit_type", "pickup_point"
    )
    if kinds is not None:
        accounts = accounts.filter(kind__in=[kind.value for kind in kinds])
    time = Q() if before is None else Q(transaction__at__lt=before)
    if since is not None:
        time &= Q(transaction__at__gte=since)
    reached, left = (_sums(end, accounts.values("pk"), time) for end in ("destination", "source"))
    order = {kind.value: number for number, kind in enumerate(AccountKind)}
    rows = [AccountBalance(account, reached.get(account.pk, 0), left.get(account.pk, 0)) for account in accounts]
    return sorted(rows, key=lambda row: (order[row.account.kind], account_name(row.account), row.account.pk))


def account_name(account: LedgerAccount) -> str:
    """What an account is about: the name of its household, merchant, package or point; its rate; or nothing."""
    about = account.household or account.merchant or account.deposit_type or account.pickup_point
    return str(about) if about else f"{account.tax_rate or 0:05d}" if account.tax_rate is not None else ""


def _sum(time: Q, **filters: object) -> int:
    found = LedgerEntry.objects.filter(time, **filters)
    total: int = found.aggregate(total=Coalesce(Sum("amount_minor"), 0))["total"]
    return total


def _sums(end: str, accounts: object, time: Q) -> dict[int, int]:
    rows = LedgerEntry.objects.filter(time, **{f"{end}__in": accounts})
    return dict(rows.order_by().values_list(end).annotate(total=Sum("amount_minor")))
