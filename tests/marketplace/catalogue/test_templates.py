"""Usual terms: what goes into windows that are made, whose stock begins anew or goes on, what stays as announced."""

from datetime import date, time, timedelta

import pytest

from marketplace import clock
from marketplace.actions.catalogue.carry_stock import carry_stock
from marketplace.actions.catalogue.set_template import set_template
from marketplace.actions.close_window import close_window
from marketplace.actions.make_round_rule import RuleWindow, make_round_rule
from marketplace.actions.plan_rounds import plan_rounds
from marketplace.actions.start_round import NewWindow, start_round
from marketplace.errors import CatalogueChanged, InvalidInput, NotFound
from marketplace.models import CatalogueChange, Offer, OfferChange, OrderingWindow, Product
from marketplace.rules.states import WindowState
from tests.factories import NOON, make_hub_staff, make_offer, make_round, make_window
from tests.marketplace.catalogue.ground import Shop, stock_of
from tests.marketplace.closing_ground import CLOSES_AT, Market

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def terms(offer: Offer) -> tuple[object, ...]:
    """Case, stock and ladder of an offer."""
    ladder = list(offer.steps.order_by("from_quantity").values_list("from_quantity", "cost_minor", "unit_price_minor"))
    return offer.case, offer.capacity and offer.capacity.limit, ladder


def start(shop: Shop, *, days: int = 7, offers_from: OrderingWindow | None = None) -> OrderingWindow:
    """The only window of a round that the coordinator starts so many days from now."""
    closes = NOON + timedelta(days=days)
    round_ = start_round(
        hub=shop.hub,
        name=f"Round {days}",
        handover_on=(closes + timedelta(days=1)).date(),
        windows=[
            NewWindow(
                name="Fresh",
                opens_at=closes - timedelta(days=2),
                closes_at=closes,
                supplies=[shop.supply],
                offers_from=offers_from,
            )
        ],
        handovers=[],
        by=make_hub_staff(shop.hub),
    )
    return round_.windows.get()


@pytest.mark.slow
def test_a_window_that_is_made_has_every_regular_product_on_its_usual_terms(shop: Shop) -> None:
    shop.priced("Tomatoes", is_regular=True, case=6, cap=60, ladder=((6, 150, 210), (24, 140, 195)))
    shop.priced("Sometimes", is_regular=False)
    shop.priced("Gone", is_regular=True, is_active=False)
    window = start(shop)
    offer = window.offers.get()
    assert offer.product.name == "Tomatoes"
    assert terms(offer) == (6, 60, [(6, 150, 210), (24, 140, 195)])


@pytest.mark.slow
def test_offers_of_the_window_before_take_new_usual_terms_and_others_stay(shop: Shop) -> None:
    before = make_window(make_round(shop.hub), [shop.supply])
    priced = make_offer(
        before, shop.priced("Tomatoes", case=6, ladder=((1, 160, 220),)), ladder=((1, 100, 150),), cap=9
    )
    plain = make_offer(before, shop.product("Kale"), ladder=((1, 80, 120),), cap=7)
    window = start(shop, offers_from=before)
    assert terms(window.offers.get(product=priced.product)) == (6, None, [(1, 160, 220)])
    assert terms(window.offers.get(product=plain.product)) == (1, 7, [(1, 80, 120)])
    assert terms(priced) == (1, 9, [(1, 100, 150)])


@pytest.mark.slow
def test_planned_rounds_take_usual_terms_too(shop: Shop) -> None:
    shop.priced("Tomatoes", is_regular=True)
    with clock.frozen(NOON):
        make_round_rule(
            hub=shop.hub,
            name="Thursdays",
            recurrence="FREQ=WEEKLY;BYDAY=TH",
            starts_on=date(2026, 11, 26),
            windows=[
                RuleWindow(
                    name="Fresh",
                    opens_days_before=4,
                    opens_time=time(8),
                    closes_days_before=1,
                    closes_time=time(12),
                    supplies=[shop.supply],
                )
            ],
            handovers=[],
            days_ahead=5,
            by=make_hub_staff(shop.hub),
        )
        (round_,) = plan_rounds()
    assert [offer.product.name for offer in round_.windows.get().offers.all()] == ["Tomatoes"]


@pytest.mark.slow
def test_terms_of_another_currency_are_not_taken(shop: Shop) -> None:
    product = shop.priced("Tomatoes", is_regular=True)
    product.templates.update(currency="CHF")
    assert not start(shop).offers.exists()


@pytest.mark.slow
def test_new_terms_reach_drafts_and_never_what_was_announced(shop: Shop) -> None:
    product = shop.priced("Tomatoes")
    draft, announced, opened = (
        make_offer(make_window(make_round(shop.hub), [shop.supply], state=state), product, ladder=((1, 100, 150),))
        for state in (WindowState.DRAFT, WindowState.SCHEDULED, WindowState.OPEN)
    )
    changed = set_template(
        product_id=product.pk,
        currency="EUR",
        values={"ladder": [[1, 160, 220]], "stock": 30},
        reason="new harvest",
        by=shop.member,
    )
    assert changed == 1
    assert terms(Offer.objects.get(pk=draft.pk)) == (1, 30, [(1, 160, 220)])
    for offer in (announced, opened):
        assert terms(Offer.objects.get(pk=offer.pk)) == (1, None, [(1, 100, 150)])
    kept = OfferChange.objects.get()
    assert (kept.offer, kept.version, kept.reason, kept.by) == (draft, 2, "new harvest", shop.member)
    history = CatalogueChange.objects.get(product=product)
    assert (history.before["ladder"], history.after["ladder"]) == ([[1, 150, 210]], [[1, 160, 220]])
    assert history.reason == "new harvest"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"ladder": [[1, 100, 150], [1, 90, 140]]}, "ladder"),
        ({"ladder": [[1, 100, 150], [5, 100, 140]]}, "ladder"),
        ({"case": 0}, "case"),
        ({"split": True, "multiple": 6, "case": 6}, "multiple"),
        ({"stock_rule": "carry", "stock": None}, "stock_rule"),
        ({"stock": -1}, "stock"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_their_field_and_nothing_changes(
    shop: Shop, values: dict[str, object], place: str
) -> None:
    product = shop.priced("Tomatoes")
    with pytest.raises(InvalidInput) as refused:
        set_template(product_id=product.pk, currency="EUR", values=values, by=shop.member)
    assert refused.value.facts["problems"][0]["place"] == place
    assert shop.ladder(product) == [(1, 150, 210)]
    assert not CatalogueChange.objects.exists()


@pytest.mark.slow
def test_terms_that_somebody_changed_meanwhile_and_foreign_ones_stay(shop: Shop) -> None:
    product = shop.priced("Tomatoes")
    other = Shop("Laticínios", hub=shop.hub)
    with pytest.raises(CatalogueChanged):
        set_template(
            product_id=product.pk,
            currency="EUR",
            values={"case": 6},
            seen={"ladder": [[1, 140, 200]]},
            by=shop.member,
        )
    with pytest.raises(NotFound):
        set_template(product_id=product.pk, currency="EUR", values={"case": 6}, by=other.member)
    assert product.templates.get().case == 1


@pytest.fixture
def market() -> Market:
    return Market()


def carried(market: Market, cap: int, rule: str) -> tuple[Shop, Product, Offer]:
    """A product on offer in the market's window with a stock, whose next stock follows the rule."""
    shop = Shop(hub=market.hub)
    market.window.window_supplies.create(supply=shop.supply, orders_due_at=CLOSES_AT + timedelta(hours=1))
    product = shop.priced("Cheese", is_regular=True, cap=cap, stock_rule=rule)
    return shop, product, make_offer(market.window, product, cap=cap, ladder=((1, 100, 150),))


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "left"), [("carry", 13), ("reset", 20)])
def test_the_next_window_begins_with_what_is_left_or_full_again(market: Market, rule: str, left: int) -> None:
    shop, product, offer = carried(market, 20, rule)
    following = start(shop, days=7)
    market.line(offer, 7)
    with clock.frozen(CLOSES_AT):
        assert close_window(window_id=market.window.pk) is not None
    carry_stock(window_id=market.window.pk)
    carry_stock(window_id=market.window.pk)
    assert stock_of(following.offers.get(product=product)) == left
    assert stock_of(start(shop, days=14).offers.get(product=product)) == left


@pytest.mark.slow
def test_a_window_that_is_open_keeps_the_stock_that_was_promised(market: Market) -> None:
    _shop, product, offer = carried(market, 20, "carry")
    opened = make_window(make_round(market.hub), closes_at=CLOSES_AT + timedelta(days=1), state=WindowState.OPEN)
    promised = make_offer(opened, product, cap=20)
    market.line(offer, 7)
    with clock.frozen(CLOSES_AT):
        close_window(window_id=market.window.pk)
    assert carry_stock(window_id=market.window.pk) == 0
    assert stock_of(promised) == 20
