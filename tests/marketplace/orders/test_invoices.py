"""A merchant's invoice is held against what came; each difference has a bearer, and the books end with what is owed."""

from datetime import date
from typing import Any

import pytest

from marketplace import clock
from marketplace.actions.orders.enter_invoice import InvoiceHead, enter_invoice, enter_invoice_file
from marketplace.actions.orders.match_invoice import match_invoice
from marketplace.actions.orders.receive_order import receive_order
from marketplace.actions.orders.ship_order import ship_order
from marketplace.errors import IllegalMove, InvalidInput, NotAllowed, NotFound, OrderNotOpen
from marketplace.models import (
    ClearingRun,
    LedgerEntry,
    LedgerTransaction,
    MerchantInvoice,
    Offer,
    Supply,
    User,
)
from marketplace.queries.orders.invoices import BillableKey
from marketplace.rules.order_answers import Instead
from marketplace.rules.orders.counting import Lot, Sent
from marketplace.rules.orders.matching import Bearer, Billed
from marketplace.rules.roles import Role
from tests.factories import make_hub, make_hub_staff, make_offer, make_product
from tests.marketplace.orders.orders_ground import LATER, Ordered

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def here() -> Ordered:
    return Ordered()


@pytest.fixture
def tessa(here: Ordered) -> User:
    return make_hub_staff(here.market.hub, Role.TREASURER)


def receive(here: Ordered, **counts: int) -> None:
    with clock.frozen(LATER):
        lines = {line.pk: line.coming for line in here.order.lines.filter(ordered__gt=0)}
        receive_order(
            order_id=here.order.pk, received={**lines, **{int(k): v for k, v in counts.items()}}, by=here.carla
        )


def enter(here: Ordered, by: User, billed: dict[Offer, tuple[int, int]], **head: object) -> MerchantInvoice:
    lines = {BillableKey(here.line(offer).pk): Billed(*asked) for offer, asked in billed.items()}
    plain: dict[str, Any] = {"number": "R-1", "dated_on": date(2026, 11, 20)}
    with clock.frozen(LATER):
        return enter_invoice(
            order_id=here.order.pk,
            head=InvoiceHead(**{**plain, **head}),
            lines=lines,
            by=by,
        )


def match(invoice: MerchantInvoice, by: User, **bearers: Bearer) -> MerchantInvoice:
    with clock.frozen(LATER):
        return match_invoice(invoice_id=invoice.pk, bearers={int(k): v for k, v in bearers.items()}, by=by)


def owed(here: Ordered) -> int:
    """What the books say that the merchant gets."""
    entries = LedgerEntry.objects.all()
    reached = sum(e.amount_minor for e in entries.filter(destination__merchant=here.merchant))
    return reached - sum(e.amount_minor for e in entries.filter(source__merchant=here.merchant))


def test_from_shipped_to_matched_with_everything_as_agreed(here: Ordered, tessa: User) -> None:
    apples = here.market.offer(here.merchant)
    line = here.market.line(apples, 10)
    here.close()
    here.answer()
    with clock.frozen(LATER):
        lots = (Lot("L7", 10, date(2026, 12, 1)),)
        ship_order(order_id=here.order.pk, sent={here.line(apples).pk: Sent(10, lots)}, by=here.marta)
    assert here.line(apples).lots == [{"code": "L7", "units": 10, "best_before": "2026-12-01"}]
    receive(here)
    assert here.order.state == "received"
    invoice = enter(here, tessa, {apples: (10, 1000)})
    assert (here.order.state, here.line(apples).billed) == ("billed", 10)
    assert (invoice.net_minor, invoice.tax_minor, invoice.total_minor) == (1000, 60, 1060)
    matched = match(invoice, tessa)
    assert (here.order.state, matched.payable_minor, owed(here)) == ("matched", 1060, 1060)
    assert here.got(line) == [(10, 1500, "in_full")]
    assert not LedgerTransaction.objects.filter(kind="invoice").exists()


def test_a_lower_billed_price_reaches_the_households_by_their_units(here: Ordered, tessa: User) -> None:
    apples = here.market.offer(here.merchant)
    few, many = here.market.line(apples, 2), here.market.line(apples, 8)
    here.close()
    here.answer()
    receive(here)
    match(enter(here, tessa, {apples: (10, 900)}), tessa)
    # 1.00 less without tax is 1.06 less to those who pay with tax.
    assert [charged for _units, charged, _reason in here.got(few, many)] == [300 - 21, 1200 - 85]
    assert owed(here) == 900 + 54
    assert ClearingRun.objects.latest("pk").kind == "invoice"


def test_what_is_billed_too_much_is_the_merchants_unless_the_hub_takes_it(here: Ordered, tessa: User) -> None:
    apples, pears = here.market.offer(here.merchant), here.market.offer(here.merchant)
    line = here.market.line(apples, 10)
    here.market.line(pears, 10)
    here.close()
    here.answer()
    receive(here)
    invoice = enter(here, tessa, {apples: (10, 1100), pears: (10, 1200)})
    of_pears = invoice.lines.get(line__offer=pears)
    match(invoice, tessa, **{str(of_pears.pk): Bearer.HUB})
    assert here.got(line) == [(10, 1500, "in_full")]
    assert dict(invoice.lines.values_list("line__offer", "bearer")) == {apples.pk: "merchant", pears.pk: "hub"}
    assert MerchantInvoice.objects.get().payable_minor == owed(here) == 2200 + 132
    assert invoice.total_minor == 2300 + 138


def test_households_never_bear_a_higher_price(here: Ordered, tessa: User) -> None:
    apples = here.market.offer(here.merchant)
    line = here.market.line(apples, 10)
    here.close()
    here.answer()
    receive(here)
    invoice = enter(here, tessa, {apples: (10, 1100)})
    with pytest.raises(InvalidInput, match="without their consent"):
        match(invoice, tessa, **{str(invoice.lines.get().pk): Bearer.HOUSEHOLDS})
    assert (here.order.state, owed(here)) == ("billed", 0)
    assert here.got(line) == [(10, 1500, "in_full")]


def test_weight_within_the_margin_that_households_agreed_to_is_theirs(here: Ordered, tessa: User) -> None:
    product = make_product(here.merchant, "Cheese")
    product.catch_weight = True
    product.save()
    cheese = make_offer(
        here.market.window, product, ladder=((1, 400, 500),), price_unit="KGM", price_units_denominator=2
    )
    here.market.line(cheese, 6)
    here.close()
    here.answer()
    receive(here)
    invoice = enter(here, tessa, {cheese: (6, 2560)})
    assert match(invoice, tessa).lines.get().bearer == "households"
    assert here.line(cheese).actual_milli == 3200
    assert owed(here) == 2560 + 154


def test_fewer_received_than_billed_is_the_merchants(here: Ordered, tessa: User) -> None:
    apples = here.market.offer(here.merchant, shortage_rule=Offer.ShortageRule.FIRST_COME)
    first, last = here.market.line(apples, 5), here.market.line(apples, 5)
    here.close()
    here.answer()
    receive(here, **{str(here.line(apples).pk): 8})
    assert here.order.state == "partly_received"
    assert here.got(first, last) == [(5, 750, "in_full"), (3, 450, "short_supply")]
    match(enter(here, tessa, {apples: (10, 1000)}), tessa)
    assert owed(here) == 800 + 48


def test_what_came_instead_is_billed_beside_its_line(here: Ordered, tessa: User) -> None:
    apples = here.market.offer(here.merchant)
    quinces = make_product(here.merchant, "Quinces")
    line = here.market.line(apples, 3, substitutes=[quinces.pk])
    here.close()
    here.answer(short={apples: 1}, instead={apples: (Instead(quinces.pk, 2, 90),)})
    receive(here)
    lines = {
        BillableKey(here.line(apples).pk): Billed(1, 100),
        BillableKey(here.line(apples).pk, quinces.pk): Billed(2, 160),
    }
    with clock.frozen(LATER):
        head = InvoiceHead(number="R-1", dated_on=date(2026, 11, 20))
        invoice = enter_invoice(order_id=here.order.pk, head=head, lines=lines, by=tessa)
    match(invoice, tessa)
    assert owed(here) == 260 + 16
    assert here.substituted(line) == {quinces.pk: (2, 300 - 21)}


def test_another_invoice_replaces_the_first_until_it_is_matched(here: Ordered, tessa: User) -> None:
    apples = here.market.offer(here.merchant)
    here.market.line(apples, 10)
    here.close()
    here.answer()
    receive(here)
    first = enter(here, tessa, {apples: (10, 5000)})
    second = enter(here, tessa, {apples: (10, 1000)}, number="R-2")
    assert set(MerchantInvoice.objects.values_list("number", "state")) == {("R-1", "withdrawn"), ("R-2", "entered")}
    with pytest.raises(IllegalMove):
        match(first, tessa)
    match(second, tessa)
    with pytest.raises(OrderNotOpen):
        enter(here, tessa, {apples: (10, 1000)}, number="R-3")
    with pytest.raises(IllegalMove):
        match(second, tessa)


def test_an_invoice_from_a_file_is_taken_whole_or_not_at_all(here: Ordered, tessa: User) -> None:
    apples, pears = here.market.offer(here.merchant), here.market.offer(here.merchant)
    here.market.line(apples, 10)
    here.market.line(pears, 4)
    here.close()
    here.answer()
    receive(here)
    head = InvoiceHead(number="R-1", dated_on=date(2026, 11, 20))
    skus = apples.product.sku, pears.product.sku
    bad = f"Artikel;Menge;Netto\n{skus[0]};10;10,00\nX-1;4;4,00\n{skus[1]};four;4,00\n".encode()
    with clock.frozen(LATER):
        with pytest.raises(InvalidInput) as refused:
            enter_invoice_file(order_id=here.order.pk, head=head, content=bad, by=tessa)
        told = [one["problem"] for one in refused.value.facts["problems"]]
        assert told == [
            "Row 3, Artikel: Nothing on this order has this number.",
            "Row 4, Menge: A whole number from 0 to 1000000.",
        ]
        assert not MerchantInvoice.objects.exists()
        good = f"Artikel;Menge;Netto\n{skus[0]};10;10,00\n{skus[1]};4;4,00\n".encode()
        invoice = enter_invoice_file(order_id=here.order.pk, head=head, content=good, by=tessa)
    assert (invoice.net_minor, invoice.lines.count()) == (1400, 2)


@pytest.mark.parametrize(
    ("head", "place"),
    [({"number": " "}, "number"), ({"dated_on": date(2030, 1, 1)}, "dated_on"), ({"tax_minor": 600}, "tax")],
)
def test_an_invoice_that_cannot_be_is_refused_with_its_place(
    here: Ordered, tessa: User, head: dict[str, object], place: str
) -> None:
    apples = here.market.offer(here.merchant)
    here.market.line(apples, 10)
    here.close()
    here.answer()
    receive(here)
    with pytest.raises(InvalidInput) as refused:
        enter(here, tessa, {apples: (10, 1000)}, **head)
    assert [told["place"] for told in refused.value.facts["problems"]] == [place]
    assert here.order.state == "received"


def test_only_who_looks_after_the_hubs_money_enters_invoices(here: Ordered, tessa: User) -> None:
    apples = here.market.offer(here.merchant)
    here.market.line(apples, 10)
    here.close()
    here.answer()
    receive(here)
    strangers = {
        here.marta: NotAllowed,
        here.carla: NotAllowed,
        make_hub_staff(make_hub(), Role.TREASURER): NotFound,
    }
    for who, error in strangers.items():
        with pytest.raises(error):
            enter(here, who, {apples: (10, 1000)})
    assert not MerchantInvoice.objects.exists()


def test_before_anything_came_there_is_nothing_to_bill(here: Ordered, tessa: User) -> None:
    apples = here.market.offer(here.merchant)
    here.market.line(apples, 10)
    here.close()
    here.answer()
    with pytest.raises(OrderNotOpen):
        enter(here, tessa, {apples: (10, 1000)})


def test_an_agents_merchant_bills_the_hub_no_goods(here: Ordered, tessa: User) -> None:
    apples = here.market.offer(here.merchant)
    here.market.line(apples, 10)
    Supply.objects.update(sells_as="agent")
    here.close()
    here.answer()
    receive(here)
    with pytest.raises(InvalidInput, match="sells to the households itself"):
        enter(here, tessa, {apples: (10, 1000)})
