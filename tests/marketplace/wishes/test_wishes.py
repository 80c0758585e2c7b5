"""Wishes: counted together, told from five households on, and answered when a round offers the product."""

from datetime import date, timedelta

import pytest
from django.test import Client

from marketplace import clock
from marketplace.actions.open_window import open_window
from marketplace.actions.wishes.make_wish import make_wish, not_this, withdraw_wish
from marketplace.actions.wishes.same_wish import same_wish
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import Household, Notice, OrderingWindow, Product, User, Wish, WishTopic
from marketplace.queries.wishes import own_wishes, wished_at, wished_for_merchants
from marketplace.rules.folding import for_search
from marketplace.rules.states import WindowState
from marketplace.rules.wishes import answers, publishable, topic_of
from tests.delivering import deliver_all
from tests.factories import (
    NOON,
    make_household,
    make_hub_staff,
    make_merchant_member,
    make_offer,
    make_product,
    make_round,
    make_window,
)
from tests.marketplace.reserving_ground import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def wish(shop: Shop, text: str, household: Household | None = None, a_week: int | None = None) -> Wish:
    with clock.frozen(NOON):
        return make_wish(hub_id=shop.hub.pk, text=text, a_week=a_week, by=member(household or shop.household))


def member(household: Household) -> User:
    return household.members.order_by("pk")[0]


def neighbours(shop: Shop, many: int, text: str) -> list[Household]:
    households = [make_household(f"Zita {n}") for n in range(many)]
    for household in households:
        wish(shop, text, household, a_week=2)
    return households


def offered(shop: Shop, name: str, days: int = 7) -> OrderingWindow:
    round_ = make_round(shop.hub, "Next", date(2026, 12, 3) + timedelta(days=days))
    opens = NOON + timedelta(days=days)
    window = make_window(
        round_, [shop.supply], opens_at=opens, closes_at=opens + timedelta(days=1), state=WindowState.SCHEDULED
    )
    product = make_product(shop.merchant, name)
    Product.objects.filter(pk=product.pk).update(search_text=for_search(name))
    make_offer(window, product)
    with clock.frozen(opens):
        open_window(window_id=window.pk)
        deliver_all()
    return window


def test_order_case_accents_and_numbers_make_no_other_topic() -> None:
    assert {topic_of(text) for text in ("Oat milk", "milk (oat)", "2 OAT  milk", "ÓAT milk")} == {"milk oat"}
    assert topic_of("of 12 a") == ""


def test_a_product_answers_when_it_has_every_word_with_a_typing_error_forgiven() -> None:
    assert answers("milk oat", {"oat", "milk", "1", "l"})
    assert answers("tomatos", {"tomatoes", "cherry"})
    assert not answers("milk oat", {"milk", "fresh"})
    assert not answers("", {"milk"})


@pytest.mark.parametrize(
    ("areas", "households", "or_more", "named"),
    [
        ({"A": 4}, None, False, ()),
        ({"A": 3, "B": 2}, 5, False, ()),
        ({"A": 5}, 5, False, (("A", 5),)),
        ({"A": 6, "B": 2}, 6, True, (("A", 6),)),
        ({"A": 6, "B": 3, "": 4}, 13, False, (("A", 6),)),
        ({"": 7}, 7, False, ()),
    ],
)
def test_no_count_below_five_can_be_worked_out(
    areas: dict[str, int], households: int | None, or_more: bool, named: tuple[tuple[str, int], ...]
) -> None:
    told = publishable(areas)
    if households is None:
        assert told is None
    else:
        assert told is not None
        assert (told.households, told.or_more, told.areas) == (households, or_more, named)


def test_the_same_wish_again_changes_the_one_that_there_is(shop: Shop) -> None:
    first, second = wish(shop, "Oat milk", a_week=1), wish(shop, "milk, oat", a_week=3)
    assert first.pk == second.pk
    assert Wish.objects.get().a_week == 3


@pytest.mark.parametrize("text", ["", "  ", "12", "x" * 61 + " word"])
def test_a_wish_without_words_or_with_too_many_is_refused(shop: Shop, text: str) -> None:
    with pytest.raises(InvalidInput):
        wish(shop, text)
    assert not WishTopic.objects.exists()


@pytest.mark.slow
def test_a_merchant_sees_a_count_from_five_households_on_and_never_a_name(shop: Shop, client: Client) -> None:
    neighbours(shop, 4, "Oat milk")
    assert wished_for_merchants([shop.merchant.pk]) == []
    wish(shop, "Oat milk")
    (told,) = wished_for_merchants([shop.merchant.pk])
    assert (told.published.households, told.a_week) == (5, 8)
    client.force_login(make_merchant_member(shop.merchant))
    page = client.get("/desk/marketplace/wishtopic/").content.decode()
    assert "Oat milk" in page
    assert "Zita" not in page
    assert "Ana" not in page


@pytest.mark.slow
def test_another_hubs_wishes_are_not_a_merchants_to_see(shop: Shop) -> None:
    neighbours(shop, 6, "Oat milk")
    assert wished_for_merchants([Shop().merchant.pk]) == []


@pytest.mark.slow
def test_the_household_hears_once_when_a_round_offers_it(shop: Shop) -> None:
    made = wish(shop, "Oat milk")
    other = wish(shop, "Rye bread")
    window = offered(shop, "Oat milk 1 l")
    made.refresh_from_db()
    other.refresh_from_db()
    assert (made.state, other.state) == (Wish.State.OFFERED, Wish.State.OPEN)
    notice = Notice.objects.get(kind="wish")
    assert (notice.user, notice.facts["product"]) == (shop.ana, "Oat milk 1 l")
    assert notice.link == f"/rounds/{window.round_id}/goods/{window.offers.get().pk}/"


@pytest.mark.slow
def test_what_is_not_it_opens_the_wish_again_and_is_not_told_again(shop: Shop) -> None:
    made = wish(shop, "Oat milk")
    offered(shop, "Oat milk chocolate")
    not_this(wish_id=made.pk, by=shop.ana)
    made.refresh_from_db()
    assert made.state == Wish.State.OPEN
    product = Product.objects.get(name="Oat milk chocolate")
    assert made.not_these == [product.pk]
    offered(shop, "Oat milk barista", days=14)
    assert Notice.objects.filter(kind="wish").count() == 2


def test_a_taken_back_wish_counts_no_more_and_is_told_nothing(shop: Shop) -> None:
    made = wish(shop, "Oat milk")
    withdraw_wish(wish_id=made.pk, by=shop.ana)
    offered(shop, "Oat milk")
    assert not Notice.objects.filter(kind="wish").exists()
    assert own_wishes(shop.ana) == []


def test_nobody_else_finds_or_changes_a_wish(shop: Shop) -> None:
    made = wish(shop, "Oat milk")
    stranger = member(make_household("Bruno"))
    for refused in (withdraw_wish, not_this):
        with pytest.raises(NotFound):
            refused(wish_id=made.pk, by=stranger)
    made.refresh_from_db()
    assert made.state == Wish.State.OPEN


@pytest.mark.slow
def test_two_topics_that_mean_the_same_are_counted_as_one_and_a_household_once(shop: Shop) -> None:
    neighbours(shop, 3, "Oat milk")
    wish(shop, "Oat milk")
    wish(shop, "Hafermilch")
    coordinator = make_hub_staff(shop.hub)
    keep, joined = WishTopic.objects.get(key="milk oat"), WishTopic.objects.get(key="hafermilch")
    same_wish(topic_id=joined.pk, same_as_id=keep.pk, by=coordinator)
    same_wish(topic_id=joined.pk, same_as_id=keep.pk, by=coordinator)
    (told,) = wished_at(type(shop.hub).objects.filter(pk=shop.hub.pk))
    assert (told.topic, told.published.households) == (keep, 4)
    with pytest.raises(NotFound):
        same_wish(topic_id=joined.pk, same_as_id=keep.pk, by=make_hub_staff(Shop().hub))


@pytest.mark.slow
def test_the_page_takes_a_search_over_and_keeps_what_was_typed(shop: Shop, client: Client) -> None:
    client.force_login(shop.ana)
    assert 'value="oat milk"' in client.get("/me/wishes/?text=oat+milk").content.decode()
    answer = client.post("/me/wishes/", {"text": "12", "a_week": "3", "hub": shop.hub.pk})
    assert answer.status_code == 422
    assert 'value="12"' in answer.content.decode()
    assert client.post("/me/wishes/", {"text": "Oat milk", "hub": shop.hub.pk}).status_code == 302
    assert Wish.objects.get().text == "Oat milk"
