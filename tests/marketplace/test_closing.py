"""Small windows, closed and compared with what a person would work out by hand."""

from datetime import timedelta
from hashlib import sha256

import pytest

from marketplace.models import (
    Allocation,
    ClearingRun,
    Dispatch,
    OfferOutcome,
    OutboxEvent,
    PurchaseOrder,
    PurchaseOrderLine,
    PurchaseOrderRevision,
    ReservationLine,
    StateChange,
)
from marketplace.rules.order_content import content_hash
from tests.factories import make_household
from tests.marketplace.closing_ground import CLOSES_AT, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> Market:
    return Market()


def test_a_full_case_is_ordered_and_ordinary_lines_get_no_row(market: Market) -> None:
    merchant = market.merchant()
    offer = market.offer(merchant, case=6, ladder=((6, 195, 240), (12, 170, 210)))
    market.line(offer, 5)
    market.line(offer, 7)

    closed = market.close()

    assert closed is not None
    assert (closed.offers, closed.offers_reached, closed.exceptions) == (1, 1, 0)
    outcome = OfferOutcome.objects.get(offer=offer)
    assert (outcome.reached, outcome.reason, outcome.unit_price_minor, outcome.cost_minor) == (
        True,
        "reached",
        210,
        170,
    )
    assert (outcome.demand_firm, outcome.ordered, outcome.whole_cases, outcome.split) == (12, 12, 2, False)
    assert not Allocation.objects.exists()
    order = market.order(merchant)
    assert (order.number, order.revision, order.state, order.currency) == (1, 1, "issued", "EUR")
    assert (order.goods_minor, order.fees_minor, order.total_minor) == (12 * 170, 0, 12 * 170)
    line = PurchaseOrderLine.objects.get(order=order)
    assert (line.offer, line.ordered, line.case, line.whole_cases, line.cost_minor) == (offer, 12, 6, 2, 170)
    assert (line.name, line.sku) == (offer.product.name, offer.product.sku)


def test_units_beyond_the_last_full_case_wait_and_the_latest_lose(market: Market) -> None:
    offer = market.offer(market.merchant(), case=6, ladder=((6, 195, 240),))
    first, second = market.line(offer, 5), market.line(offer, 4)

    market.close()

    assert market.got(first) is None
    assert market.got(second) == (1, 0, 240, "waiting_case_open")


def test_flexible_units_fill_the_case_and_those_who_took_fewer_before_come_first(market: Market) -> None:
    ana, ben = make_household("Ana"), make_household("Ben")
    before = market.offer(market.merchant(), case=4, ladder=((4, 100, 150),))
    market.line(before, 3, household=ana, flexible=1)
    market.close()
    later = Market(hub=market.hub)
    offer = later.offer(later.merchant(), case=4, ladder=((4, 100, 150),))
    took_before = later.line(offer, 1, household=ana, flexible=2)
    took_none = later.line(offer, 2, household=ben, flexible=2)

    later.close()

    assert later.got(took_before) is None
    assert later.got(took_none) == (3, 1, 450, "extra_for_case")


@pytest.mark.slow
def test_only_the_last_eight_closings_of_the_hub_are_remembered(market: Market) -> None:
    ana, ben = make_household("Ana"), make_household("Ben")
    offer = market.offer(market.merchant(), case=4, ladder=((4, 100, 150),))
    market.line(offer, 3, household=ana, flexible=1)
    market.close()
    for _ in range(8):
        Market(hub=market.hub).close()
    later = Market(hub=market.hub)
    offer = later.offer(later.merchant(), case=4, ladder=((4, 100, 150),))
    lines = [later.line(offer, 1, household=home, flexible=1) for home in (ana, ben)]
    lines.append(later.line(offer, 1))

    later.close()

    by_hash = min(lines[:2], key=lambda line: sha256(f"{later.window.pk}:{line.pk}".encode()).hexdigest())
    assert [line for line in lines if later.got(line) is not None] == [by_hash]


def test_a_cap_is_shared_evenly_and_limits_come_last(market: Market) -> None:
    offer = market.offer(market.merchant(), ladder=((1, 100, 150), (5, 90, 140)), cap=6)
    free = [market.line(offer, 4), market.line(offer, 4)]
    limited = market.line(offer, 3, max_unit_price_minor=140)

    market.close()

    assert [market.got(line) for line in free] == [(3, 0, 420, "short_cap"), (3, 0, 420, "short_cap")]
    assert market.got(limited) == (0, 0, 0, "short_cap")
    assert OfferOutcome.objects.get(offer=offer).demand_firm == 11


def test_a_line_whose_limit_is_below_the_price_gets_nothing_and_no_row(market: Market) -> None:
    offer = market.offer(market.merchant(), ladder=((1, 100, 150), (10, 90, 140)))
    market.line(offer, 2)
    limited = market.line(offer, 3, max_unit_price_minor=145)

    market.close()

    assert market.got(limited) is None
    outcome = OfferOutcome.objects.get(offer=offer)
    assert (outcome.unit_price_minor, outcome.ordered, outcome.demand_firm) == (150, 2, 5)


@pytest.mark.parametrize(
    ("firm", "terms", "reason"),
    [
        (0, {}, "no_demand"),
        (4, {"ladder": ((6, 100, 150),)}, "below_minimum"),
        (4, {"ladder": ((1, 100, 150),), "case": 6}, "no_full_case"),
        (9, {"ladder": ((6, 100, 150),), "cap": 5}, "cap_too_low"),
    ],
)
def test_an_offer_that_is_not_reached_says_why(market: Market, firm: int, terms: dict, reason: str) -> None:
    merchant = market.merchant()
    offer = market.offer(merchant, **terms)
    if firm:
        market.line(offer, firm)

    closed = market.close()

    assert closed is not None
    assert closed.orders == ()
    outcome = OfferOutcome.objects.get(offer=offer)
    assert (outcome.reached, outcome.reason, outcome.unit_price_minor, outcome.ordered) == (False, reason, None, 0)
    assert not PurchaseOrder.objects.exists()
    assert not Allocation.objects.exists()


def test_an_order_below_the_minimum_value_goes_with_the_fee_or_not_at_all(market: Market) -> None:
    with_fee = market.merchant("Fee", minimum=1000, small_order_fee=250)
    without = market.merchant("None", minimum=1000)
    for merchant in (with_fee, without):
        market.line(market.offer(merchant), 3)

    closed = market.close()

    order = market.order(with_fee)
    assert (order.goods_minor, order.fees_minor, order.total_minor) == (300, 250, 550)
    assert closed is not None
    assert [issued.merchant_id for issued in closed.orders] == [with_fee.pk]
    assert OfferOutcome.objects.get(offer__product__merchant=without).reason == "below_minimum_order_value"


def test_a_split_case_costs_its_fee_once(market: Market) -> None:
    merchant = market.merchant()
    offer = market.offer(merchant, ladder=((1, 100, 150),), case=12, splittable=True, multiple=1, split_fee_minor=75)
    market.line(offer, 14)

    market.close()

    line = PurchaseOrderLine.objects.get(offer=offer)
    assert (line.ordered, line.whole_cases, line.split, line.split_fee_minor) == (14, 1, True, 75)
    assert market.order(merchant).fees_minor == 75


def test_hub_units_fill_the_last_quarter_and_stand_in_order_and_outcome(market: Market) -> None:
    merchant = market.merchant()
    offer = market.offer(merchant, ladder=((1, 100, 150),), case=8, hub_flexible=5)
    market.line(offer, 6)

    market.close()

    assert PurchaseOrderLine.objects.get(offer=offer).hub_units == 2
    assert OfferOutcome.objects.get(offer=offer).hub_units == 2
    assert not Allocation.objects.exists()


def test_a_stock_offer_is_capped_by_the_stock_and_gives_no_order(market: Market) -> None:
    offer = market.offer(market.merchant(), ladder=((1, 80, 120),), from_stock=True, cap=3)
    first, second = market.line(offer, 2), market.line(offer, 2)

    closed = market.close()

    assert closed is not None
    assert closed.orders == ()
    assert OfferOutcome.objects.get(offer=offer).ordered == 3
    assert sorted((market.got(line) or (2,))[0] for line in (first, second)) == [1, 2]


def test_numbers_have_no_gaps_per_merchant_over_windows(market: Market) -> None:
    merchant, other = market.merchant(), market.merchant("Horta")
    for supplier in (merchant, other):
        market.line(market.offer(supplier), 1)
    market.close()
    for _ in range(2):
        later = Market(hub=market.hub)
        later.takes_over(market)
        later.line(later.offer(merchant), 1)
        later.close()

    numbers = PurchaseOrder.objects.filter(merchant=merchant).order_by("pk").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3]
    assert PurchaseOrder.objects.get(merchant=other).number == 1


def test_the_revision_freezes_the_order_in_exact_words(market: Market) -> None:
    merchant = market.merchant(minimum=10_000, small_order_fee=250)
    offer = market.offer(merchant, ladder=((1, 195, 240),), case=6)
    market.line(offer, 6)

    market.close()

    order = market.order(merchant)
    revision = PurchaseOrderRevision.objects.get(order=order)
    product = offer.product
    assert (revision.number, revision.created_at, revision.content_hash) == (
        *(1, CLOSES_AT),
        content_hash(revision.content),
    )
    assert revision.content == {
        "number": f"{merchant.slug.upper()}-000001",
        "revision": 1,
        "merchant": {
            "name": merchant.name,
            "slug": merchant.slug,
            "email": "orders@example.org",
            "language": "en",
            "gln": "",
            "place": "",
        },
        "hub": {
            "name": market.hub.name,
            "slug": market.hub.slug,
            "address": "Rua das Flores 12",
            "email": "hub@example.org",
            "gln": "",
            "time_zone": "Europe/Lisbon",
        },
        "window": {"name": "Fresh", "round": "Thursday's round", "closes_at": "2026-11-22T18:00:00Z"},
        "handover_on": "2026-11-26",
        "due_at": "2026-11-23T07:00:00Z",
        "currency": "EUR",
        "lines": [
            {
                "name": product.name,
                "sku": product.sku,
                "gtin": "",
                "ordered": 6,
                "case": 6,
                "whole_cases": 1,
                "split": False,
                "split_fee": "0.00",
                "cost": "1.95",
                "amount": "11.70",
                "hub": 0,
            }
        ],
        "small_order_fee": "2.50",
        "goods": "11.70",
        "fees": "2.50",
        "total": "14.20",
    }


def test_orders_wait_for_the_grace_time_by_mail_or_on_the_phone_list(market: Market) -> None:
    by_mail, by_phone = market.merchant(), market.merchant("Pesca", email="")
    for merchant in (by_mail, by_phone):
        market.line(market.offer(merchant), 1)

    market.close(CLOSES_AT + timedelta(minutes=3))

    found = Dispatch.objects.order_by("revision__order__merchant").values_list("channel", "address", "state", "due_at")
    due_at = CLOSES_AT + timedelta(minutes=10)
    assert list(found) == [("email", "orders@example.org", "waiting", due_at), ("phone", "", "waiting", due_at)]


def test_the_closing_tells_what_happened_once(market: Market) -> None:
    merchant = market.merchant()
    market.line(market.offer(merchant), 1)

    closed = market.close(CLOSES_AT + timedelta(minutes=3))

    assert closed is not None
    assert dict(OutboxEvent.objects.values_list("topic", "payload")) == {
        "purchase_order.issued": {
            "order_id": market.order(merchant).pk,
            "window_id": market.window.pk,
            "merchant_id": merchant.pk,
            "revision": 1,
        },
        "window.closed": {
            "window_id": market.window.pk,
            "round_id": market.round.pk,
            "run_id": closed.run_id,
            "closes_at": "2026-11-22T18:00:00+00:00",
        },
    }
    change = StateChange.objects.get(kind="window", object_id=market.window.pk)
    assert (change.from_state, change.to_state, change.at, change.by) == ("open", "closed", CLOSES_AT, None)
    run = ClearingRun.objects.get()
    assert (run.number, run.kind, run.closes_at, run.computed_at) == (
        *(1, "close", CLOSES_AT),
        CLOSES_AT + timedelta(minutes=3),
    )


@pytest.mark.slow
def test_what_a_window_of_many_kinds_gives_out_is_what_it_orders(market: Market) -> None:
    merchants = [market.merchant(f"M{n}") for n in range(3)]
    for n in range(12):
        terms = {"case": 1 + n % 5, "hub_flexible": n % 3, "cap": 9 if n % 4 == 0 else None}
        offer = market.offer(merchants[n % 3], ladder=((2, 100 + n, 150 + n), (8, 90 + n, 140 + n)), **terms)
        for k in range(1 + n):
            limit = 141 + n if k % 5 == 4 else None
            market.line(offer, 1 + k % 4, flexible=k % 3, max_unit_price_minor=limit, whole_only=k % 6 == 5)

    market.close()

    for outcome in OfferOutcome.objects.filter(reached=True):
        assert _given_out(outcome) + outcome.hub_units == outcome.ordered
        assert PurchaseOrderLine.objects.get(offer=outcome.offer).ordered == outcome.ordered
    for order in PurchaseOrder.objects.all():
        assert order.total_minor == sum(
            line.ordered * line.cost_minor + line.split_fee_minor for line in order.lines.all()
        )


def _given_out(outcome: OfferOutcome) -> int:
    price = outcome.unit_price_minor or 0
    first_price = outcome.offer.steps.order_by("from_quantity")[0].unit_price_minor
    exceptions = dict(Allocation.objects.filter(run=outcome.run).values_list("line_id", "quantity"))
    total = 0
    for line in ReservationLine.objects.filter(offer=outcome.offer):
        limit = line.max_unit_price_minor
        takes_part = limit is None or limit >= price or limit >= first_price
        total += exceptions.get(line.pk, line.firm if takes_part else 0)
    return total
