"""The page of a reservation after its windows closed: what was got, why, what it costs, where it is."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from marketplace import clock
from marketplace.actions.cancel_window import cancel_window
from marketplace.actions.handing_over.give_pickup_codes import give_pickup_codes
from marketplace.actions.reopen_window import reopen_window
from marketplace.models import DepositType, Handover, HouseholdMember, PurchaseOrder, Reservation
from marketplace.queries.outcomes import LineStatus, results_of
from marketplace.rules.states import ProgressStep
from tests.factories import NOON, make_household, make_hub_staff, make_offer, make_product, make_user, make_window
from tests.marketplace.after.after_ground import STARTS, Evening, after_handover
from tests.marketplace.closing_ground import CLOSES_AT

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def evening() -> Evening:
    return Evening()


def shown(evening: Evening, client: Client | None = None) -> Any:
    """The page's words, an hour after the close."""
    with clock.frozen(CLOSES_AT + timedelta(hours=1)):
        answer = (client or evening.client()).get(evening.address)
    assert answer.status_code == 200
    return answer.context


def test_each_line_says_what_was_asked_and_got_its_price_and_what_was_saved(evening: Evening) -> None:
    evening.market.line(evening.tomatoes, 3)
    evening.close()
    page = shown(evening)
    (line,) = page["lines"]
    assert (line.units, line.amount, line.word) == ("3 of 3 · €2.10 each", "€6.30", "in full")
    assert line.saved == "€0.90 less than at most"
    assert (page["total"], page["saved"], page["at_most"]) == ("€6.30", "€0.90", "€7.20")


def test_nothing_is_called_saved_where_the_first_price_was_paid(evening: Evening) -> None:
    evening.close()
    page = shown(evening)
    assert (page["total"], page["saved"]) == ("€7.20", "")


def test_an_own_limit_is_the_most_that_it_could_have_cost(evening: Evening) -> None:
    household = make_household("Bo")
    evening.market.line(evening.tomatoes, 3, household=household, max_unit_price_minor=220)
    evening.close()
    page = shown(evening, evening.client(household.members.get()))
    assert (page["total"], page["saved"]) == ("€6.30", "€0.30")


def test_deposits_and_the_fee_of_a_delivery_stand_apart_from_the_goods(evening: Evening) -> None:
    deposit = DepositType.objects.create(name="Jar", amount_minor=15)
    product = evening.tomatoes.product
    product.deposit_type = deposit
    product.save()
    Handover.objects.filter(pk=evening.reservation.handover_id).update(fee_minor=290)
    evening.close()
    page = shown(evening)
    assert (page["sum"], page["deposit_sum"], page["fee"], page["total"]) == ("€7.20", "€0.45", "€2.90", "€10.55")


def test_who_gets_nothing_pays_nothing_not_even_the_fee(evening: Evening) -> None:
    Handover.objects.filter(pk=evening.reservation.handover_id).update(fee_minor=290)
    evening.tomatoes.steps.filter(from_quantity=1).update(from_quantity=5)
    evening.close()
    page = shown(evening)
    (line,) = page["lines"]
    assert line.sentence == ("Not ordered: all wishes together were fewer than the smallest order. Nothing is charged.")
    assert (page["total"], page["fee"]) == ("€0.00", "")
    assert page["lead"] == "Nothing could be ordered for you this time, and nothing is charged."
    assert [step.code for step in page["way"]] == ["reserved", "nothing"]


def test_a_held_order_and_a_sent_one_are_told_apart(evening: Evening) -> None:
    evening.close()
    PurchaseOrder.objects.update(held_for="late_close")
    (part,) = shown(evening)["parts"]
    assert (part.news, part.waits) == ("The hub holds this order back for now; it may still change.", True)


def test_before_all_windows_closed_the_decided_part_stands_beside_the_open_one(evening: Evening) -> None:
    market = evening.market
    later = make_window(market.round, closes_at=CLOSES_AT + timedelta(days=1), name="Larder")
    rice = make_offer(later, make_product(evening.merchant, "Rice"))
    line = evening.market.line(rice, 2, household=evening.household)
    line.window = later
    line.save()
    evening.close()
    page = shown(evening)
    assert page["lead"] == "Part of it is decided; the rest you can change until tomorrow 18:00."
    assert {line.name: line.word for line in page["lines"]} == {"Tomatoes": "in full", "Rice": "waiting"}
    assert (page["total_words"], page["total"]) == ("To pay, at most", "€12.00")
    assert page["can_change"]


def test_a_window_that_was_called_off_says_why_and_costs_nothing(evening: Evening) -> None:
    staff = make_hub_staff(evening.market.hub)
    with clock.frozen(NOON):
        cancel_window(window_id=evening.market.window.pk, reason="The van broke down.", by=staff)
    page = shown(evening)
    assert page["news"] == ["“Fresh” was called off: The van broke down. Nothing of it is charged."]
    (line,) = page["lines"]
    assert (line.word, line.amount, page["total"]) == ("called off", "€0.00", "€0.00")


def test_a_window_opened_again_takes_the_first_figures_back(evening: Evening) -> None:
    evening.close()
    staff = make_hub_staff(evening.market.hub)
    with clock.frozen(CLOSES_AT + timedelta(minutes=5)):
        closes_at = CLOSES_AT + timedelta(hours=3)
        reopen_window(window_id=evening.market.window.pk, closes_at=closes_at, reason="The mail was late.", by=staff)
    page = shown(evening)
    assert page["news"] == [
        "“Fresh” had closed and is open again until today 21:00: The mail was late. The first figures are void."
    ]
    assert page["lead"] == "You can change it until today 21:00."


def test_everybody_of_the_household_sees_the_same_page_and_nobody_else_does(evening: Evening) -> None:
    flatmate, stranger = make_user("Bo"), make_household("Eva").members.get()
    HouseholdMember.objects.create(household=evening.household, user=flatmate)
    evening.close()
    assert shown(evening, evening.client(flatmate))["total"] == "€7.20"
    with after_handover():
        answer = evening.client(stranger).get(evening.address)
    assert "lines" not in answer.context
    assert "You hold nothing in this round" in answer.content.decode()


def test_the_code_is_shown_as_a_picture_until_the_goods_are_handed_over(evening: Evening) -> None:
    evening.close()
    give_pickup_codes(reservation_ids=[evening.reservation.pk])
    code = evening.reservation.pickup_code.code
    with clock.frozen(STARTS):
        page = evening.client().get(evening.address)
    assert page.context["code"] == f"{code[:4]} {code[4:]}"
    assert page.content.decode().count('class="qr"') == 2
    evening.step(ProgressStep.HANDED_OVER, STARTS + timedelta(minutes=20))
    with after_handover():
        page = evening.client().get(evening.address)
    assert 'class="qr"' not in page.content.decode()
    assert page.context["lead"] == "It was handed over. We hope it is good."


def test_a_delivery_shows_the_address_and_asks_for_one_where_it_is_missing(evening: Evening) -> None:
    Handover.objects.filter(pk=evening.reservation.handover_id).update(pickup_point=None)
    evening.close()
    assert "We do not know your address yet." in _text(evening)
    evening.household.address = "Rua do Sol 4"
    evening.household.save()
    text = _text(evening)
    assert "Rua do Sol 4" in text
    assert "Where we bring it" in text


def _text(evening: Evening) -> str:
    with clock.frozen(CLOSES_AT + timedelta(hours=1)):
        return evening.client().get(evening.address).content.decode()


def test_the_news_of_a_page_are_sent_once_and_again_when_something_happened(evening: Evening) -> None:
    evening.close()
    client = evening.client()
    with clock.frozen(CLOSES_AT + timedelta(hours=1)):
        first = client.get(f"{evening.address}news/")
        again = client.get(f"{evening.address}news/", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    evening.step(ProgressStep.RECEIVED, CLOSES_AT + timedelta(minutes=59))
    with clock.frozen(CLOSES_AT + timedelta(hours=1)):
        changed = client.get(f"{evening.address}news/", headers={"If-None-Match": first["ETag"]})
    assert "It has arrived at the hub and is being sorted." in changed.content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("lines", [1, 20])
def test_the_page_costs_the_same_queries_with_one_line_and_with_twenty(
    evening: Evening, lines: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(lines - 1):
        evening.market.line(evening.market.offer(evening.merchant), 1, household=evening.household)
    evening.close()
    client = evening.client()
    with clock.frozen(CLOSES_AT + timedelta(hours=1)), django_assert_max_num_queries(26):  # type: ignore[operator]
        assert len(client.get(evening.address).context["lines"]) == lines


@pytest.mark.slow
@pytest.mark.parametrize("many", [1, 20])
def test_results_of_many_reservations_take_four_queries(
    evening: Evening, many: int, django_assert_num_queries: object
) -> None:
    for _ in range(many - 1):
        evening.market.line(evening.tomatoes, 1)
    evening.close()
    fees = dict.fromkeys(Reservation.objects.values_list("pk", flat=True), 0)
    with clock.frozen(CLOSES_AT), django_assert_num_queries(4):  # type: ignore[operator]
        results = results_of(fees)
    assert len(results) == many
    assert {line.status for result in results.values() for line in result.lines} == {LineStatus.FINAL}
