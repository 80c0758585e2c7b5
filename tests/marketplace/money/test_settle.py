"""Settling: what was handed over is charged to the cent, once, and put right where that turns out otherwise."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.ledger.follow_handover import follow_handover
from marketplace.actions.ledger.settle_reservation import settle_reservation, settle_reservations
from marketplace.errors import NotFound, PeriodLocked
from marketplace.models import (
    Handover,
    LedgerLock,
    LedgerTransaction,
    LineShare,
    OfferOutcome,
    OrderingWindow,
    OutboxEvent,
    PickupPoint,
    PurchaseOrderLine,
    ReservationLine,
    Settlement,
    StateChange,
)
from marketplace.queries.settling import dues_of
from marketplace.rules.ledger.settling import Cause
from marketplace.rules.states import ProgressStep
from tests.delivering import deliver_all
from tests.factories import NOON, make_household
from tests.marketplace.money.ground import HANDED_OVER_AT, Till, entries

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def till() -> Till:
    return Till()


def test_a_household_pays_what_was_handed_over_at_the_price_of_the_close(till: Till) -> None:
    quinta = till.merchant()
    line = till.handed_over([(till.offer(quinta, ladder=((1, 100, 150), (4, 90, 140))), 5)])
    settled = till.settled(line)
    assert (settled.number, settled.cause, settled.stands, settled.at) == (1, "handed_over", True, HANDED_OVER_AT)
    assert (settled.goods_minor, settled.deposit_minor, settled.fees_minor, settled.total_minor) == (700, 0, 0, 700)
    # 6 % are contained in the price: 700 = 660 + 40.
    assert settled.tax_minor == 40
    assert till.balance(line.reservation.household) == -700


def test_a_reseller_earns_the_difference_and_owes_the_merchant_what_came(till: Till) -> None:
    line = till.handed_over([(till.offer(till.merchant()), 4)])
    assert till.balance(line.reservation.household) == -600
    # 600 paid = 566 + 34 tax; 400 of cost and 24 of tax on it are owed to the merchant: 166 stay.
    assert till.accounts() == {"Ana": -600, "Quinta": 424, "hub_margin": 166, "vat_due:600": 34, "vat_paid:600": -24}


def test_an_agent_passes_the_price_on_and_keeps_its_commission(till: Till) -> None:
    quinta = till.merchant()
    till.agent(quinta)
    till.terms(service_tax_basis_points=2300)
    till.handed_over([(till.offer(quinta), 4)])
    # The merchant gets 600 less the commission of 566 - 400 = 166 and its tax of 38; the tax on the goods is its own.
    assert till.accounts() == {"Ana": -600, "Quinta": 396, "commission": 166, "vat_due:2300": 38}


def test_deposits_and_the_fee_of_the_handover_are_lines_of_their_own(till: Till) -> None:
    quinta = till.merchant()
    offer = till.offer(quinta)
    bottle = till.bottled(offer.product, 15)
    Handover.objects.update(fee_minor=290)
    till.terms(service_tax_basis_points=2300)
    line = till.handed_over([(offer, 2)])
    settled = till.settled(line)
    assert (settled.goods_minor, settled.deposit_minor, settled.fees_minor, settled.total_minor) == (300, 30, 290, 620)
    assert settled.tax_minor == 17 + 54
    assert [(row.name, row.amount_minor, row.deposit_minor) for row in settled.lines.order_by("pk")] == [
        ("Tomatoes", 300, 30),
        (str(line.reservation.handover), 290, 0),
    ]
    books = till.accounts()
    assert (books["Ana"], books["fees"], books["vat_due:2300"]) == (-620, 236, 54)
    # The merchant is paid for the bottles that it sent, so the hub holds none of that money.
    assert f"deposits:{bottle.pk}" not in books
    assert books["Quinta"] == 200 + 12 + 30


def test_tax_is_added_on_top_where_prices_are_stated_without_it(till: Till) -> None:
    till.terms(prices_include_tax=False)
    line = till.handed_over([(till.offer(till.merchant()), 3)])
    settled = till.settled(line)
    assert (settled.goods_minor, settled.tax_minor) == (477, 27)
    assert till.balance(line.reservation.household) == -477


def test_settling_again_changes_nothing(till: Till) -> None:
    line = till.handed_over([(till.offer(till.merchant()), 4)])
    before = entries()
    with clock.frozen(HANDED_OVER_AT + timedelta(days=1)):
        for _ in range(2):
            again = settle_reservation(reservation_id=line.reservation_id, by=till.treasurer)
            follow_handover(reservation_ids=[line.reservation_id])
    assert again is not None
    assert (again.number, entries()) == (1, before)
    with pytest.raises(NotFound):
        settle_reservation(reservation_id=0, by=None)


def test_nothing_is_charged_before_the_handover_or_before_the_count(till: Till) -> None:
    line = till.line(till.offer(till.merchant()), 4)
    till.tick(line)  # too early: the window is open
    till.untick(line)
    till.close()
    assert settle_reservation(reservation_id=line.reservation_id, by=None) is None
    assert entries() == []


def test_a_tick_that_was_a_mistake_takes_everything_back(till: Till) -> None:
    line = till.line(till.offer(till.merchant()), 4)
    other = till.line(till.offer(till.merchant("Moinho")), 1)
    till.close()
    till.tick(line)
    till.untick(line)
    settled = till.settled(line)
    assert (settled.number, settled.cause, settled.stands, settled.total_minor) == (2, "taken_back", False, 0)
    assert till.accounts() == {}
    till.tick(line, other)
    assert [till.settled(one).total_minor for one in (line, other)] == [600, 150]
    assert till.settled(line).number == 3
    kinds = LedgerTransaction.objects.filter(reservation=line.reservation).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["settlement", "settlement_undone", "settlement"]


def test_goods_that_nobody_collects_are_paid_unless_the_hub_says_otherwise(till: Till) -> None:
    ana, bea = (till.line(till.offer(till.merchant(name)), 2) for name in ("Quinta", "Moinho"))
    till.close()
    till.tick(ana, step=ProgressStep.NO_SHOW)
    assert (till.settled(ana).cause, till.settled(ana).total_minor) == ("no_show", 300)
    till.terms(no_show_pays=False)
    till.tick(bea, step=ProgressStep.NO_SHOW)
    assert (till.settled(bea).total_minor, till.settled(bea).stands, till.settled(bea).booking) == (0, True, None)
    # She came after all.
    till.tick(bea)
    assert (till.settled(bea).cause, till.settled(bea).total_minor) == ("handed_over", 300)


def test_a_shared_line_bills_each_household_its_part(till: Till) -> None:
    offer = till.offer(till.merchant(), ladder=((1, 900, 1001),))
    till.bottled(offer.product, 25)
    Handover.objects.update(fee_minor=100)
    line = till.line(offer, 1)
    bea = make_household("Bea")
    LineShare.objects.create(
        reservation=line.reservation,
        offer=offer,
        household=bea,
        parts=1,
        total_parts=3,
        state="accepted",
        by=till.coordinator,
        offered_at=NOON,
    )
    till.close()
    till.tick(line)
    # A third of 10.01 and of the deposit; the handover is the offerer's.
    assert till.balance(bea) == -(334 + 8)
    assert till.balance(line.reservation.household) == -(667 + 17 + 100)
    rows = till.settled(line).lines.order_by("pk").values_list("household__name", "parts", "of_parts", "amount_minor")
    assert list(rows) == [("Ana", 2, 3, 667), ("Bea", 1, 3, 334), ("Ana", 1, 1, 100)]
    # The tax is parted too, and no cent of it is lost: 6 % of 10.01 are 0.57.
    assert till.accounts()["vat_due:600"] == 57


def weighed(till: Till, *units: int, actual: int) -> list[ReservationLine]:
    """Cheeses of nominally 300 g at 3.00 a piece, that weigh `actual` grams together."""
    offer = till.offer(
        till.merchant(),
        ladder=((1, 200, 300),),
        price_unit="KGM",
        price_units_numerator=3,
        price_units_denominator=10,
        weight_margin_percent=10,
    )
    offer.product.catch_weight = True
    offer.product.save()
    lines = [till.line(offer, one) for one in units]
    till.close()
    PurchaseOrderLine.objects.update(actual_milli=actual, confirmed=sum(units))
    till.tick(*lines)
    return lines


def test_weighed_goods_round_half_up_once_and_the_difference_is_the_rounding_accounts(till: Till) -> None:
    lines = weighed(till, 1, 1, 1, actual=931)
    # 10.00 a kilogram: each 310.33 g cost 3.1033, so 3.10; all 931 g cost 9.31.
    assert [till.settled(line).goods_minor for line in lines] == [310, 310, 310]
    books = till.accounts()
    assert books["rounding"] == -1
    assert books["Quinta"] == 621 + 37
    assert (till.settled(lines[0]).lines.get().weight_milli, sum(books.values())) == (310, 0)


def test_weighed_goods_cost_no_more_than_their_margin(till: Till) -> None:
    lines = weighed(till, 2, actual=900)
    # At most 330 g a piece are paid, however much they weigh.
    assert till.settled(lines[0]).goods_minor == 660
    assert till.accounts()["Quinta"] == 440 + 26


def test_what_the_hub_sells_from_its_stock_leaves_the_stock_at_cost(till: Till) -> None:
    offer = till.offer(till.merchant(), ladder=((1, 80, 150),), from_stock=True, cap=5)
    till.handed_over([(offer, 2)])
    assert till.accounts() == {"Ana": -300, "hub_margin": 283 - 160, "hub_stock": 160, "vat_due:600": 17}


def test_units_that_the_hub_adds_to_fill_a_case_are_its_stock(till: Till) -> None:
    quinta = till.merchant()
    till.handed_over([(till.offer(quinta, case=4, ladder=((4, 100, 150),), hub_flexible=1), 3)])
    books = till.accounts()
    assert (books["hub_stock"], books["Quinta"]) == (-100, 424)
    assert books["hub_margin"] == 425 - 300


def test_the_host_of_a_pickup_point_earns_its_part_of_the_net_value(till: Till) -> None:
    PickupPoint.objects.update(host_commission_basis_points=500)
    line = till.handed_over([(till.offer(till.merchant()), 4)])
    point = line.reservation.handover.pickup_point_id
    # 5 % of 566.
    assert (till.accounts()[f"host:{point}"], till.accounts()["host_commission"]) == (28, -28)
    till.untick(line)
    assert f"host:{point}" not in till.accounts()


def test_a_window_is_settled_once_everybody_who_got_something_is(till: Till) -> None:
    offer = till.offer(till.merchant())
    ana, bea = till.line(offer, 2), till.line(offer, 1)
    till.line(till.offer(till.merchant("Moinho"), ladder=((9, 1, 2),)), 1)  # not reached: nothing to hand over
    till.close()
    till.tick(ana)
    assert OrderingWindow.objects.get().state == "closed"
    till.tick(bea, step=ProgressStep.NO_SHOW)
    assert OrderingWindow.objects.get().state == "settled"
    moves = StateChange.objects.filter(kind="window").order_by("pk").values_list("from_state", "to_state")
    assert list(moves)[-3:] == [("closed", "receiving"), ("receiving", "fulfilled"), ("fulfilled", "settled")]
    assert OutboxEvent.objects.filter(topic="window.settled").count() == 1
    assert sum(till.accounts().values()) == 0


def test_a_window_is_no_longer_settled_once_a_tick_is_taken_back(till: Till) -> None:
    line = till.handed_over([(till.offer(till.merchant()), 2)])
    till.untick(line)
    assert OrderingWindow.objects.get().state == "fulfilled"
    till.tick(line)
    assert OrderingWindow.objects.get().state == "settled"


def test_the_events_of_the_hand_out_settle_by_themselves(till: Till) -> None:
    line = till.line(till.offer(till.merchant()), 2)
    till.close()
    till.tick(line)
    with clock.frozen(HANDED_OVER_AT):
        deliver_all()
    assert till.settled(line).number == 1
    assert till.balance(line.reservation.household) == -300


def test_a_tick_of_a_day_whose_books_are_closed_counts_for_today(till: Till) -> None:
    line = till.line(till.offer(till.merchant()), 2)
    till.close()
    LedgerLock.objects.create(hub=till.hub, through=HANDED_OVER_AT.date(), locked_at=NOON, by=till.treasurer)
    with pytest.raises(PeriodLocked):
        till.tick(line)
    till.tick(line, booked_at=HANDED_OVER_AT + timedelta(days=1))
    booked = LedgerTransaction.objects.get(kind="settlement")
    assert booked.at == booked.recorded_at == HANDED_OVER_AT + timedelta(days=1)


def test_what_comes_out_otherwise_is_booked_as_a_difference(till: Till) -> None:
    line = till.handed_over([(till.offer(till.merchant()), 4)])
    PurchaseOrderLine.objects.update(cost_minor=90)
    OfferOutcome.objects.update(unit_price_minor=140)
    with clock.frozen(HANDED_OVER_AT):
        settle_reservations(reservation_ids=[line.reservation_id], by=till.treasurer, cause=Cause.CORRECTED)
    booked = LedgerTransaction.objects.get(kind="settlement_corrected")
    assert (booked.by, booked.key) == (till.treasurer, f"settlement:{line.reservation_id}:2")
    assert till.balance(line.reservation.household) == -560
    assert Settlement.objects.filter(reservation=line.reservation).count() == 2


def test_terms_that_change_after_a_settling_are_not_its_own(till: Till) -> None:
    quinta = till.merchant()
    offer = till.offer(quinta)
    till.bottled(offer.product, 15)
    Handover.objects.update(fee_minor=290)
    line = till.handed_over([(offer, 4)])
    before = entries()
    till.taxed(offer.product, 2300)
    till.bottled(offer.product, 25)
    till.agent(quinta)
    till.terms(service_tax_basis_points=1000)
    Handover.objects.update(fee_minor=500)
    PickupPoint.objects.update(host_commission_basis_points=500)
    with clock.frozen(HANDED_OVER_AT):
        settle_reservations(reservation_ids=[line.reservation_id], by=till.treasurer, cause=Cause.CORRECTED)
    assert entries() == before


def test_settling_many_costs_the_same_reads_as_settling_one(till: Till) -> None:
    offer = till.offer(till.merchant())
    lines = [till.line(offer, 1) for _ in range(21)]
    till.close()
    counts = []
    for part in (lines[:1], lines[1:]):
        with CaptureQueriesContext(connection) as queries:
            dues = dues_of([line.reservation_id for line in part])
        assert [due.target.total_minor for due in dues.values() if due.target] == [150] * len(part)
        counts.append(len(queries))
    assert counts == [13, 13]
