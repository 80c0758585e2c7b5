"""Whatever happens, in whatever order: the books balance, and everybody is charged handed over × price + deposits +
fees − credits, to the cent. The machine reserves, changes, closes, confirms, shortens, weighs, hands over, takes back,
answers claims, takes packages back and takes payments; what a household owes is reckoned beside the books."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from marketplace import clock
from marketplace.actions.cancel_reservation import cancel_reservation
from marketplace.actions.change_reservation import change_reservation
from marketplace.actions.claims.accept_claim import accept_claim
from marketplace.actions.close_window import close_window
from marketplace.actions.confirm_purchase_order import confirm_purchase_order
from marketplace.actions.handing_over.record_progress import record_progress
from marketplace.actions.handing_over.take_back_step import take_back_step
from marketplace.actions.ledger.post import post
from marketplace.actions.ledger.return_deposits import return_deposits, send_deposits_back
from marketplace.actions.reserve import reserve
from marketplace.integrity.frame import findings
from marketplace.models import (
    Claim,
    Handover,
    HandoverProgress,
    Household,
    LedgerEntry,
    Offer,
    OrderingWindow,
    PickupPoint,
    PurchaseOrder,
    PurchaseOrderLine,
    Reservation,
    ReservationLine,
)
from marketplace.queries.balances import balances
from marketplace.queries.claims import still_to_give
from marketplace.queries.results import got_by_line
from marketplace.rules.ledger.accounts import AccountKind, AccountRef, household
from marketplace.rules.ledger.entries import Entry, TransactionKind
from marketplace.rules.order_answers import LineAnswer
from marketplace.rules.states import ProgressStep, WindowState
from marketplace.rules.wanted import WantedLine
from tests.delivering import deliver_all
from tests.factories import NOON, make_household, make_hub_staff, make_merchant_member
from tests.marketplace.money.ground import HANDED_OVER_AT, Till

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(900)]

GRAMS = 250  # nominally, a cheese
BANK = AccountRef(AccountKind.BANK)
HOUSEHOLDS = 3
OFFERS = 4
who, what = st.integers(0, HOUSEHOLDS - 1), st.integers(0, OFFERS - 1)


def half_up(amount: Fraction) -> int:
    return int(amount + Fraction(1, 2))


class Books:
    """A hub of two merchants, one of which sells itself, with everything that costs something; and what its households
    owe by plain arithmetic."""

    def __init__(self, *, tax_in_prices: bool = True, service_tax: int = 0, host: int = 0, no_show_pays: bool = True):
        self.till = till = Till()
        till.terms(prices_include_tax=tax_in_prices, service_tax_basis_points=service_tax, no_show_pays=no_show_pays)
        self.tax_in_prices, self.service_tax, self.no_show_pays = tax_in_prices, service_tax, no_show_pays
        PickupPoint.objects.update(host_commission_basis_points=host)
        Handover.objects.update(fee_minor=95)
        self.mill, self.farm = till.merchant("Moinho"), till.merchant("Quinta", small_order_fee=350, minimum=3000)
        till.agent(self.farm)
        self.offers = self._offers()
        self.households = [make_household(name) for name in ("Ana", "Bea", "Rui")]
        self.members = [one.members.get() for one in self.households]
        self.staff = {self.mill.pk: make_merchant_member(self.mill), self.farm.pk: make_merchant_member(self.farm)}
        self.desk = make_hub_staff(till.hub)
        self.paid = dict.fromkeys((one.pk for one in self.households), 0)
        self.steps = 0

    def _offers(self) -> list[Offer]:
        till = self.till
        oil = till.offer(self.mill, ladder=((1, 333, 499), (5, 301, 455)))
        till.bottled(oil.product, 25)
        eggs = till.offer(self.farm, case=6, ladder=((6, 21, 37),), hub_flexible=2, splittable=False)
        till.taxed(eggs.product, 2300)
        milk = till.offer(self.farm, ladder=((1, 71, 109),))
        till.bottled(milk.product, 8)
        cheese = till.offer(
            self.mill,
            ladder=((1, 287, 413),),
            price_unit="KGM",
            price_units_numerator=1,
            price_units_denominator=4,
            weight_margin_percent=10,
        )
        cheese.product.catch_weight = True
        cheese.product.save()
        return [oil, eggs, milk, cheese]

    @property
    def is_open(self) -> bool:
        return OrderingWindow.objects.get().state == WindowState.OPEN

    @contextmanager
    def at(self, *, handover: bool = False) -> Iterator[None]:
        """Every step a second later."""
        self.steps += 1
        began = HANDED_OVER_AT if handover else NOON
        with clock.frozen(began + timedelta(seconds=self.steps)):
            yield

    def key(self) -> str:
        return f"step-{self.steps}"

    def reserve(self, household: int, offer: int, firm: int, flexible: int) -> None:
        with self.at():
            held = Reservation.objects.filter(household=self.households[household], state="placed").exists()
            line = WantedLine(offer_id=self.offers[offer].pk, firm=firm, flexible=flexible if firm else 0)
            verb = change_reservation if held else reserve
            if held or firm:
                verb(round_id=self.till.round.pk, lines=[line], request_key=self.key(), by=self.members[household])

    def cancel(self, household: int) -> None:
        with self.at():
            cancel_reservation(round_id=self.till.round.pk, request_key=self.key(), by=self.members[household])

    def close(self) -> None:
        with clock.frozen(self.till.window.closes_at):
            close_window(window_id=self.till.window.pk)
            deliver_all()

    def answer(self, order: PurchaseOrder, missing: int, heavier: int) -> None:
        """All comes but `missing` of each line; a cheese weighs `heavier` grams more than it should."""
        answers = {}
        for line in order.lines.select_related("offer__product").filter(ordered__gt=0):
            units = max(0, line.ordered - missing)
            weight = units * (GRAMS + heavier) if line.offer.product.catch_weight and units else None
            answers[line.pk] = LineAnswer(units, "frost" if missing else "", actual_milli=weight)
        with self.at(handover=True):
            confirm_purchase_order(order_id=order.pk, answers=answers, by=self.staff[order.merchant_id])
            deliver_all()

    def tick(self, reservation: Reservation, step: ProgressStep) -> None:
        with self.at(handover=True):
            record_progress(reservation_ids=[reservation.pk], step=step, at=clock.now())
            deliver_all()

    def untick(self, reservation: Reservation) -> None:
        with self.at(handover=True):
            for step in (ProgressStep.HANDED_OVER, ProgressStep.NO_SHOW):
                take_back_step(reservation_ids=[reservation.pk], step=step)
            deliver_all()

    def claim(self, line: ReservationLine, share: int, borne_by: str) -> None:
        """A claim of so many per cent of what was charged and not given back yet."""
        claim = Claim.objects.create(
            reservation=line.reservation,
            line=line,
            kind="damaged",
            request_key=self.key(),
            by=line.reservation.household.members.get(),
            made_at=NOON,
        )
        amount = still_to_give(claim) * share // 100
        if amount > 0:
            with self.at(handover=True):
                accept_claim(claim_id=claim.pk, amount_minor=amount, borne_by=borne_by, by=self.desk)
                deliver_all()

    def bring_back(self, reservation: Reservation, packages: int) -> None:
        kind = self.offers[0].product.deposit_type_id or 0
        with self.at(handover=True):
            return_deposits(
                reservation_id=reservation.pk, packages={kind: packages}, request_key=self.key(), by=self.desk
            )
            send_deposits_back(
                hub_id=self.till.hub.pk,
                merchant_id=self.mill.pk,
                packages={kind: 1},
                request_key=self.key(),
                by=self.till.treasurer,
            )
        self.paid[reservation.household_id] += 25 * packages

    def pay(self, household_: int, amount: int) -> None:
        payer = self.households[household_]
        with self.at(handover=True):
            post(
                hub_id=self.till.hub.pk,
                kind=TransactionKind.PAYMENT,
                key=self.key(),
                entries=[Entry(BANK, household(payer.pk), amount, "payment")],
                at=clock.now(),
                by=self.till.treasurer,
            )
        self.paid[payer.pk] += amount

    def owed(self, payer: Household) -> int:
        """What was handed over × price + deposits + fees − credits, by plain arithmetic."""
        total = 0
        for reservation in Reservation.objects.filter(household=payer).select_related("handover"):
            ends = set(HandoverProgress.objects.filter(reservation=reservation).values_list("step", flat=True))
            came = ProgressStep.HANDED_OVER.value in ends
            if came or (ProgressStep.NO_SHOW.value in ends and self.no_show_pays):
                total += self._charge(reservation)
            accepted = Claim.objects.filter(reservation=reservation, state="accepted")
            total -= sum(given or 0 for given in accepted.values_list("accepted_minor", flat=True))
        return total

    def told(self, payer: Household) -> str:
        """What the books hold of a household, for whoever looks for what went wrong."""
        rows = LedgerEntry.objects.filter(Q(source__household=payer) | Q(destination__household=payer))
        return "\n".join(
            f"{row.transaction.kind} {row.source.code} → {row.destination.code} {row.amount_minor} {row.memo}"
            f" {row.facts}"
            for row in rows.select_related("transaction", "source", "destination").order_by("pk")
        )

    def _charge(self, reservation: Reservation) -> int:
        lines = list(reservation.lines.select_related("offer__product__tax_class", "offer__product__deposit_type"))
        total = 0
        for line, got in ((line, got_by_line([line]).get(line.pk)) for line in lines):
            if got is None or not got.quantity:
                continue
            product = line.offer.product
            price = self._weighed(line, got.quantity, got.unit_price_minor or 0) or got.charged_minor
            deposit = product.deposit_type.amount_minor if product.deposit_type else 0
            total += self._with_tax(price, product.tax_class.rate_basis_points) + got.quantity * deposit
        return total + self._with_tax(reservation.handover.fee_minor, self.service_tax) if total else 0

    def _weighed(self, line: ReservationLine, units: int, price: int) -> int | None:
        ordered = PurchaseOrderLine.objects.filter(offer=line.offer, actual_milli__isnull=False).first()
        if ordered is None or ordered.actual_milli is None or not ordered.confirmed:
            return None
        each = min(Fraction(ordered.actual_milli, ordered.confirmed), Fraction(GRAMS * 11, 10))
        return half_up(price * units * each / GRAMS)

    def _with_tax(self, price: int, rate: int) -> int:
        return price if self.tax_in_prices else price + half_up(Fraction(price * rate, 10_000))

    def check(self) -> None:
        """The books balance, and every household was charged what it owes."""
        held = {row.account.household_id: row.balance_minor for row in balances(self.till.hub.pk)}
        assert sum(row.balance_minor for row in balances(self.till.hub.pk)) == 0
        for payer in self.households:
            assert held.get(payer.pk, 0) == self.paid[payer.pk] - self.owed(payer), self.told(payer)


class MoneyMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        try:
            assert list(findings()) == []
        finally:
            transaction.set_rollback(True)
            self.example.__exit__(None, None, None)

    @initialize(
        wishes=st.lists(st.tuples(who, what, st.integers(1, 9), st.integers(0, 4)), min_size=3, max_size=9),
        tax_in_prices=st.booleans(),
        service_tax=st.sampled_from([0, 2300]),
        host=st.sampled_from([0, 333]),
        no_show_pays=st.booleans(),
        early=st.sampled_from([True, True, True, False]),
    )
    def begin(
        self,
        wishes: list[tuple[int, int, int, int]],
        tax_in_prices: bool,
        service_tax: int,
        host: int,
        no_show_pays: bool,
        early: bool,
    ) -> None:
        """A few reservations; mostly closed at once, since what comes after is what this is about."""
        self.books = Books(tax_in_prices=tax_in_prices, service_tax=service_tax, host=host, no_show_pays=no_show_pays)
        for wish in wishes:
            self.books.reserve(*wish)
        if early:
            self.books.close()

    def reservation(self, of: int) -> Reservation | None:
        return Reservation.objects.filter(household=self.books.households[of], state="placed").first()

    @precondition(lambda self: self.books.is_open)
    @rule(of=who, offer=what, firm=st.integers(0, 9), flexible=st.integers(0, 4))
    def reserve(self, of: int, offer: int, firm: int, flexible: int) -> None:
        self.books.reserve(of, offer, firm, flexible)

    @precondition(lambda self: self.books.is_open)
    @rule(of=who)
    def cancel(self, of: int) -> None:
        if self.reservation(of) is not None:
            self.books.cancel(of)

    @precondition(lambda self: self.books.is_open)
    @rule()
    def close(self) -> None:
        self.books.close()

    @precondition(lambda self: not self.books.is_open)
    @rule(order=st.integers(0, 1), missing=st.sampled_from([0, 0, 1, 3, 50]), heavier=st.integers(-40, 60))
    def confirm(self, order: int, missing: int, heavier: int) -> None:
        orders = list(PurchaseOrder.objects.order_by("pk"))
        if order < len(orders):
            self.books.answer(orders[order], missing, heavier)

    @precondition(lambda self: not self.books.is_open)
    @rule(of=who, step=st.sampled_from([ProgressStep.HANDED_OVER, ProgressStep.HANDED_OVER, ProgressStep.NO_SHOW]))
    def hand_over(self, of: int, step: ProgressStep) -> None:
        if (reservation := self.reservation(of)) is not None:
            self.books.tick(reservation, step)

    @precondition(lambda self: not self.books.is_open)
    @rule()
    def everybody_comes(self) -> None:
        for reservation in Reservation.objects.filter(state="placed").order_by("pk"):
            self.books.tick(reservation, ProgressStep.HANDED_OVER)

    @precondition(lambda self: not self.books.is_open)
    @rule(of=who)
    def take_back(self, of: int) -> None:
        claimed = Claim.objects.filter(reservation__household=self.books.households[of], state="accepted").exists()
        if (reservation := self.reservation(of)) is not None and not claimed:
            self.books.untick(reservation)

    @precondition(lambda self: not self.books.is_open)
    @rule(of=who, line=what, share=st.integers(1, 100), borne_by=st.sampled_from(["hub", "merchant", "courier"]))
    def claim(self, of: int, line: int, share: int, borne_by: str) -> None:
        lines = ReservationLine.objects.filter(reservation__household=self.books.households[of]).order_by("pk")
        if line < lines.count():
            self.books.claim(lines[line], share, borne_by)

    @precondition(lambda self: not self.books.is_open)
    @rule(of=who, packages=st.integers(1, 6))
    def bring_back(self, of: int, packages: int) -> None:
        if (reservation := self.reservation(of)) is not None:
            self.books.bring_back(reservation, packages)

    @rule(of=who, amount=st.integers(1, 20_000))
    def pay(self, of: int, amount: int) -> None:
        self.books.pay(of, amount)

    @invariant()
    def everything_is_explained(self) -> None:
        if hasattr(self, "books"):
            self.books.check()


def test_whatever_happens_the_books_balance_and_everybody_is_charged_to_the_cent() -> None:
    run_state_machine_as_test(MoneyMachine, settings=settings(max_examples=12, stateful_step_count=16, deadline=None))
