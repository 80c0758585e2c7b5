"""The ground of the money tests: a closed window whose goods are handed over, and the books of its hub."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from marketplace import clock
from marketplace.actions.handing_over.record_progress import record_progress
from marketplace.actions.handing_over.take_back_step import take_back_step
from marketplace.actions.ledger.follow_handover import follow_handover
from marketplace.models import (
    DepositType,
    Household,
    Hub,
    LedgerEntry,
    Merchant,
    Offer,
    Product,
    ReservationLine,
    Settlement,
    Supply,
    TaxClass,
    User,
)
from marketplace.queries.balances import balance_of, balances
from marketplace.queries.settlements import newest_by_reservation
from marketplace.rules.roles import Role
from marketplace.rules.states import ProgressStep
from tests.factories import make_hub_staff
from tests.marketplace.closing_ground import CLOSES_AT, Market

HANDED_OVER_AT = CLOSES_AT + timedelta(days=1)


@dataclass
class Till(Market):
    """A market with books: lines are reserved, closed, handed over and settled."""

    treasurer: User = field(init=False)
    coordinator: User = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.treasurer = make_hub_staff(self.hub, Role.TREASURER, "Tomas")
        self.coordinator = make_hub_staff(self.hub)

    def terms(self, **terms: object) -> Hub:
        """Change the hub's terms of money."""
        Hub.objects.filter(pk=self.hub.pk).update(**terms)
        return self.hub

    def agent(self, merchant: Merchant) -> None:
        """From now on the merchant sells itself, through the hub."""
        Supply.objects.filter(merchant=merchant, hub=self.hub).update(sells_as="agent")

    def taxed(self, product: Product, rate: int) -> None:
        product.tax_class, _ = TaxClass.objects.get_or_create(name=f"{rate}", defaults={"rate_basis_points": rate})
        product.save()

    def bottled(self, product: Product, amount: int = 15) -> DepositType:
        """The product comes in packages with a deposit."""
        product.deposit_type, _ = DepositType.objects.get_or_create(
            name=f"bottle of {amount}", defaults={"amount_minor": amount}
        )
        product.save()
        return product.deposit_type

    def tick(
        self,
        *lines: ReservationLine,
        step: ProgressStep = ProgressStep.HANDED_OVER,
        booked_at: datetime = HANDED_OVER_AT,
    ) -> None:
        """The host ticks the reservations of these lines, and the books follow."""
        ids = [line.reservation_id for line in lines]
        with clock.frozen(booked_at):
            record_progress(reservation_ids=ids, step=step, at=HANDED_OVER_AT)
            follow_handover(reservation_ids=ids)

    def untick(self, *lines: ReservationLine, step: ProgressStep = ProgressStep.HANDED_OVER) -> None:
        ids = [line.reservation_id for line in lines]
        with clock.frozen(HANDED_OVER_AT + timedelta(minutes=1)):
            take_back_step(reservation_ids=ids, step=step)
            follow_handover(reservation_ids=ids)

    def settled(self, line: ReservationLine) -> Settlement:
        return newest_by_reservation([line.reservation_id])[line.reservation_id]

    def balance(self, household: Household) -> int:
        return balance_of(household.pk, self.hub.pk)

    def accounts(self, before: datetime | None = None) -> dict[str, int]:
        """Every account of the hub that is not even, by code; those of households and merchants by name, added up."""
        found: Counter[str] = Counter()
        for row in balances(self.hub.pk, before=before):
            about = str(row.account.household or row.account.merchant or "")
            found[about.split()[0] if about else row.account.code] += row.balance_minor
        return {name: balance for name, balance in found.items() if balance}

    def handed_over(self, offers: Sequence[tuple[Offer, int]], **line: object) -> ReservationLine:
        """One household's reservation of these offers, closed, handed over and settled."""
        household = line.pop("household", None)
        lines = []
        for offer, units in offers:
            made = self.line(offer, units, household=household, **line)  # type: ignore[arg-type]
            household = made.reservation.household
            lines.append(made)
        self.close()
        self.tick(lines[0])
        return lines[0]


def entries() -> list[tuple[str, str, int, str]]:
    """(from, to, amount, memo) of everything that was booked."""
    rows = LedgerEntry.objects.select_related("source", "destination").order_by("pk")
    return [(row.source.code, row.destination.code, row.amount_minor, row.memo) for row in rows]
