"""A household's books at a hub as it reads them: balance, what it still may cost, every movement. Minor units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from marketplace.access import household_of, one
from marketplace.models import (
    Household,
    Hub,
    HubMembership,
    LedgerAccount,
    LedgerEntry,
    LedgerTransaction,
    Reservation,
    User,
)
from marketplace.queries.balances import balance_of
from marketplace.queries.credit import credit_limit
from marketplace.queries.holds import Hold, reserved_of
from marketplace.rules.ledger.accounts import code_of
from marketplace.rules.ledger.accounts import household as household_account

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One booking as it moved the household's balance: by `amount_minor` (below zero: charged) to `after_minor`.

    `facts` are those of its largest entry; `is_part` where it is another household's reservation that this one shares.
    """

    booking: LedgerTransaction
    amount_minor: int
    after_minor: int
    memo: str
    facts: Mapping[str, Any]
    is_part: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A household at a hub. `limit_minor`, `available_minor` are None where the hub limits no credit."""

    hub: Hub
    household: Household
    balance_minor: int
    holds: tuple[Hold, ...]
    limit_minor: int | None

    @property
    def held_minor(self) -> int:
        return sum(hold.amount_minor for hold in self.holds)

    @property
    def available_minor(self) -> int | None:
        return None if self.limit_minor is None else self.balance_minor + self.limit_minor - self.held_minor


def hubs_with_books(household_id: int) -> list[Hub]:
    """The hubs where the household has a balance, a membership or a reservation, by name. One query."""
    known = Q(pk__in=LedgerAccount.objects.filter(household=household_id).values("hub_id"))
    known |= Q(pk__in=HubMembership.objects.filter(household=household_id).values("hub_id"))
    known |= Q(pk__in=Reservation.objects.filter(household=household_id).values("round__hub_id"))
    return list(Hub.objects.filter(known).order_by("name", "pk"))


def own_hub(user: User, slug: str, household_id: int | None = None) -> tuple[Household, Hub]:
    """The user's household and a hub where it has books. Three queries. Raises NotFound for any other hub."""
    household = household_of(user, household_id)
    known = [hub.pk for hub in hubs_with_books(household.pk)]
    return household, one(Hub.objects.filter(slug=slug, pk__in=known), "hub", slug)


def standing_of(household: Household, hub: Hub) -> Standing:
    """How the household stands at a hub. About seventeen queries, however many reservations."""
    return Standing(
        hub=hub,
        household=household,
        balance_minor=balance_of(household.pk, hub.pk),
        holds=tuple(reserved_of(household.pk, hub.pk)),
        limit_minor=credit_limit(hub, household.pk) if hub.limits_credit else None,
    )


@dataclass(frozen=True, slots=True)
class MovementPage:
    """`before` asks for the next page: the id of the last row's booking; None on the last page."""

    movements: tuple[Movement, ...]
    before: int | None


def movements_of(household_id: int, hub_id: int, *, before: int | None = None) -> MovementPage:
    """A page of what moved the household's balance at a hub, what was booked last first. Five queries."""
    account = LedgerAccount.objects.filter(hub=hub_id, code=code_of(household_account(household_id))).first()
    if account is None:
        return MovementPage((), None)
    entries = LedgerEntry.objects.filter(Q(source=account) | Q(destination=account))
    if before is not None:
        entries = entries.filter(transaction__lt=before)
    ids = list(entries.order_by("-transaction_id").values_list("transaction_id", flat=True).distinct()[: PAGE + 1])
    shown = ids[:PAGE]
    rows: dict[int, list[LedgerEntry]] = {}
    for row in entries.filter(transaction__in=shown).order_by("-amount_minor", "number"):
        rows.setdefault(row.transaction_id, []).append(row)
    bookings = LedgerTransaction.objects.select_related("reservation__round", "round", "settlement").in_bulk(shown)
    balance, found = _balance_up_to(account, shown[0]) if shown else 0, []
    for pk in shown:
        amount = sum(row.amount_minor * (1 if row.destination_id == account.pk else -1) for row in rows[pk])
        reservation = bookings[pk].reservation
        found.append(
            Movement(
                booking=bookings[pk],
                amount_minor=amount,
                after_minor=balance,
                memo=rows[pk][0].memo,
                facts=rows[pk][0].facts,
                is_part=reservation is not None and reservation.household_id != household_id,
            )
        )
        balance -= amount
    return MovementPage(tuple(found), shown[-1] if len(ids) > PAGE else None)


def _balance_up_to(account: LedgerAccount, booking_id: int) -> int:
    """The balance once this booking was written. One query."""
    entries = LedgerEntry.objects.filter(Q(source=account) | Q(destination=account), transaction__lte=booking_id)
    reached = Coalesce(Sum("amount_minor", filter=Q(destination=account)), 0)
    left = Coalesce(Sum("amount_minor", filter=Q(source=account)), 0)
    sums = entries.aggregate(reached=reached, left=left)
    return int(sums["reached"] - sums["left"])
