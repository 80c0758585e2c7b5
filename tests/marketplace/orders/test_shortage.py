"""Less comes than was ordered: shared out by the offer's rule at the confirmation, given back when more comes."""

from typing import Any

import pytest
from django.test import Client

from marketplace import clock
from marketplace.actions.orders.tell_shortage import tell_shortage
from marketplace.errors import InvalidInput
from marketplace.models import (
    Allocation,
    ClearingRun,
    Notice,
    Offer,
    OrderLineSubstitute,
    OutboxEvent,
    PurchaseOrderLine,
    ReservationLine,
)
from marketplace.notice_words.text import notice_text
from marketplace.queries.outcomes import results_of
from marketplace.rules.order_answers import Instead
from tests.delivering import deliver_all
from tests.factories import make_product
from tests.marketplace.orders.orders_ground import LATER, Ordered

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def here() -> Ordered:
    return Ordered()


def runs() -> list[str]:
    return list(ClearingRun.objects.order_by("number").values_list("kind", flat=True))


def test_what_does_not_come_is_shared_by_the_offers_rule_and_touches_nobody_else(here: Ordered) -> None:
    apples = here.market.offer(here.merchant, shortage_rule=Offer.ShortageRule.FIRST_COME)
    pears = here.market.offer(here.merchant)
    first, last = here.market.line(apples, 3), here.market.line(apples, 3)
    other = here.market.line(pears, 4)
    here.close()
    here.answer(short={apples: 4})
    assert here.got(first, last, other) == [(3, 450, "in_full"), (1, 150, "short_supply"), (4, 600, "in_full")]
    assert runs() == ["close", "confirmation"]
    assert Allocation.objects.get().line == last


def test_a_full_answer_writes_no_run(here: Ordered) -> None:
    apples = here.market.offer(here.merchant)
    here.market.line(apples, 3)
    here.close()
    here.answer()
    assert runs() == ["close"]
    assert not OutboxEvent.objects.filter(topic="shortage.recorded").exists()


def test_answering_again_starts_from_what_the_close_gave(here: Ordered) -> None:
    apples = here.market.offer(here.merchant, shortage_rule=Offer.ShortageRule.FIRST_COME)
    first, last = here.market.line(apples, 3), here.market.line(apples, 3)
    here.close()
    here.answer(short={apples: 2})
    assert here.got(first, last) == [(2, 300, "short_supply"), (0, 0, "short_supply")]
    here.answer(short={apples: 5})
    assert here.got(first, last) == [(3, 450, "in_full"), (2, 300, "short_supply")]
    here.answer()
    assert here.got(first, last) == [(3, 450, "in_full"), (3, 450, "in_full")]
    told = OutboxEvent.objects.filter(topic="shortage.recorded").order_by("pk")
    assert [event.payload["missing"] for event in told] == [4, 1, 0]
    assert [event.payload["order_id"] for event in told] == [here.order.pk] * 3


def test_the_hubs_own_units_go_first(here: Ordered) -> None:
    apples = here.market.offer(here.merchant, case=4, hub_flexible=1)
    line = here.market.line(apples, 3)
    here.close()
    assert here.line(apples).hub_units == 1
    here.answer(short={apples: 3})
    assert here.got(line) == [(3, 450, "in_full")]
    here.answer(short={apples: 2})
    assert here.got(line) == [(2, 300, "short_supply")]


def test_extras_go_before_what_was_asked_for(here: Ordered) -> None:
    apples = here.market.offer(here.merchant, case=6)
    flexible, plain = here.market.line(apples, 2, flexible=2), here.market.line(apples, 2)
    here.close()
    assert here.got(flexible, plain) == [(4, 600, "extra_for_case"), (2, 300, "in_full")]
    here.answer(short={apples: 5})
    assert here.got(flexible, plain) == [(3, 450, "short_supply"), (2, 300, "in_full")]
    assert Allocation.objects.get(run__kind="confirmation").extra == 1


def test_a_line_of_all_or_nothing_gets_nothing_rather_than_a_part(here: Ordered) -> None:
    apples = here.market.offer(here.merchant)
    whole = here.market.line(apples, 3, whole_only=True)
    here.close()
    here.answer(short={apples: 2})
    assert here.got(whole) == [(0, 0, "whole_only_released")]


def test_lines_that_the_close_did_not_serve_stay_without(here: Ordered) -> None:
    apples = here.market.offer(here.merchant, cap=3, shortage_rule=Offer.ShortageRule.FIRST_COME)
    served, late = here.market.line(apples, 3), here.market.line(apples, 2)
    here.close()
    before = here.got(late)
    here.answer(short={apples: 1})
    assert here.got(served, late) == [(1, 150, "short_supply"), *before]


def line_with(here: Ordered, offer: Offer, firm: int, *products: int, **wish: Any) -> ReservationLine:
    return here.market.line(offer, firm, substitutes=list(products), **wish)


def test_a_substitute_comes_only_where_the_household_named_it(here: Ordered) -> None:
    apples = here.market.offer(here.merchant, shortage_rule=Offer.ShortageRule.FIRST_COME)
    quinces = make_product(here.merchant, "Quinces")
    willing = line_with(here, apples, 3, quinces.pk)
    unwilling = here.market.line(apples, 3)
    here.close()
    here.answer(short={apples: 0}, instead={apples: (Instead(quinces.pk, 5, 90),)})
    assert here.got(willing, unwilling) == [(0, 0, "short_supply"), (0, 0, "short_supply")]
    assert here.substituted(willing) == {quinces.pk: (3, 450)}
    assert here.substituted(unwilling) == {}
    taken = OrderLineSubstitute.objects.get()
    assert (taken.offered, taken.units, taken.cost_minor, taken.name) == (5, 3, 90, "Quinces")


def test_a_substitute_costs_no_more_than_what_is_missing_and_less_where_it_is_cheaper(here: Ordered) -> None:
    apples = here.market.offer(here.merchant, ladder=((1, 100, 150),))
    cheap, dear = make_product(here.merchant, "Windfalls"), make_product(here.merchant, "Quinces")
    for product, price in ((cheap, 120), (dear, 200)):
        offer = here.market.offer(here.merchant, ladder=((1, 60, price),))
        Offer.objects.filter(pk=offer.pk).update(product=product)
    line = line_with(here, apples, 4, cheap.pk, dear.pk)
    here.close()
    here.answer(short={apples: 0}, instead={apples: (Instead(dear.pk, 2), Instead(cheap.pk, 2))})
    assert here.substituted(line) == {cheap.pk: (2, 240), dear.pk: (2, 300)}


def test_answering_without_the_substitute_takes_it_back(here: Ordered) -> None:
    apples = here.market.offer(here.merchant)
    quinces = make_product(here.merchant, "Quinces")
    line = line_with(here, apples, 3, quinces.pk)
    here.close()
    here.answer(short={apples: 1}, instead={apples: (Instead(quinces.pk, 2),)})
    assert here.substituted(line) == {quinces.pk: (2, 300)}
    here.answer()
    assert here.substituted(line) == {quinces.pk: (0, 0)}
    assert here.got(line) == [(3, 450, "in_full")]
    assert not OrderLineSubstitute.objects.exists()


@pytest.mark.parametrize(
    ("units", "cost", "problem"),
    [(9, None, "From 1 to 2 can come instead"), (2, 101, "may not cost more"), (0, None, "From 1 to 2")],
)
def test_a_substitute_that_cannot_be_is_refused_and_changes_nothing(
    here: Ordered, units: int, cost: int | None, problem: str
) -> None:
    apples = here.market.offer(here.merchant)
    quinces = make_product(here.merchant, "Quinces")
    line = line_with(here, apples, 3, quinces.pk)
    here.close()
    with pytest.raises(InvalidInput) as refused:
        here.answer(short={apples: 1}, instead={apples: (Instead(quinces.pk, units, cost),)})
    [told] = refused.value.facts["problems"]
    assert problem in told["problem"]
    assert told["place"] == f"lines.{here.line(apples).pk}.instead"
    assert (runs(), here.order.revision, here.substituted(line)) == (["close"], 1, {})


def test_a_product_that_nobody_named_or_that_another_makes_is_refused(here: Ordered) -> None:
    apples = here.market.offer(here.merchant)
    foreign = make_product(here.market.merchant("Serra"), "Quinces")
    line_with(here, apples, 3, foreign.pk)
    here.close()
    for product in (foreign, make_product(here.merchant, "Medlars")):
        with pytest.raises(InvalidInput, match="invalid-input"):
            here.answer(short={apples: 1}, instead={apples: (Instead(product.pk, 1),)})
    assert set(PurchaseOrderLine.objects.values_list("confirmed")) == {(None,)}


def test_households_are_told_of_their_own_lines_and_of_nobody_elses(here: Ordered) -> None:
    apples = here.market.offer(here.merchant, shortage_rule=Offer.ShortageRule.FIRST_COME)
    quinces = make_product(here.merchant, "Quinces")
    first, last = here.market.line(apples, 3), line_with(here, apples, 3, quinces.pk)
    here.close()
    here.answer(short={apples: 4}, instead={apples: (Instead(quinces.pk, 1),)})
    deliver_all()
    [notice] = Notice.objects.filter(kind="cut")
    assert notice.user == last.reservation.household.members.get()
    text = notice_text(notice.kind, notice.facts, LATER)
    assert text.title == "Tomatoes: you get 1 of 3"
    assert "Instead you get 1 × Quinces." in text.body
    assert "Frost." in text.body
    here.answer()
    deliver_all()
    again = Notice.objects.filter(kind="cut").latest("pk")
    assert notice_text(again.kind, again.facts, LATER).body == "More comes than was said before."
    assert Notice.objects.filter(kind="cut").count() == 2
    assert first.reservation.household.members.get().notices.filter(kind="cut").count() == 0


def test_telling_costs_the_same_for_one_household_and_for_twenty(
    here: Ordered, django_assert_max_num_queries: Any
) -> None:
    apples = here.market.offer(here.merchant)
    for _ in range(20):
        here.market.line(apples, 2)
    here.close()
    here.answer(short={apples: 20})
    with django_assert_max_num_queries(30):
        told = tell_shortage(run_id=ClearingRun.objects.latest("pk").pk, order_id=here.order.pk)
    assert len(told) == 20


def test_a_household_reads_what_comes_instead_with_its_price(here: Ordered) -> None:
    apples = here.market.offer(here.merchant)
    quinces = make_product(here.merchant, "Quinces")
    line = line_with(here, apples, 3, quinces.pk)
    here.close()
    here.answer(short={apples: 1}, instead={apples: (Instead(quinces.pk, 2),)})
    [result] = results_of({line.reservation_id: 0}).values()
    assert (result.units, result.charged_minor, result.total_minor) == (3, 450, 450)
    client = Client()
    client.force_login(line.reservation.household.members.get())
    with clock.frozen(LATER):
        page = client.get(f"/rounds/{here.market.round.pk}/reservation/").content.decode()
    assert "Instead you get 2 × Quinces (€3.00)." in page
