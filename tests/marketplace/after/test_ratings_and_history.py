"""Ratings without names, an average only from five on, and the list of one's own reservations."""

from datetime import date, timedelta

import pytest

from marketplace import clock
from marketplace.actions.ratings.rate import rate
from marketplace.errors import InvalidInput, NotFound, RatingNotOpen
from marketplace.models import Rating, Reservation, User
from marketplace.queries.past import PAGE, past_orders
from marketplace.queries.ratings import MerchantRating, merchant_ratings
from marketplace.rules.states import ProgressStep
from tests.factories import make_merchant, make_merchant_member, make_round
from tests.marketplace.after.after_ground import ENDS, STARTS, Evening, after_handover

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening() -> Evening:
    return Evening()


def rated_by(evening: Evening, user: User, stars: int, words: str = "") -> Rating:
    with after_handover():
        return rate(round_id=evening.round_id, merchant_id=evening.merchant.pk, stars=stars, words=words, by=user)


def test_a_rating_is_one_per_order_and_may_be_changed(evening: Evening) -> None:
    evening.close()
    rated_by(evening, evening.user, 3)
    rated_by(evening, evening.user, 5, "Very sweet")
    rating = Rating.objects.get()
    assert (rating.stars, rating.words) == (5, "Very sweet")


@pytest.mark.parametrize("at", [ENDS - timedelta(minutes=1), ENDS + timedelta(days=5)], ids=["too early", "too late"])
def test_out_of_time_nothing_is_rated(evening: Evening, at: object) -> None:
    evening.close()
    with clock.frozen(at), pytest.raises(RatingNotOpen):  # type: ignore[arg-type]
        rate(round_id=evening.round_id, merchant_id=evening.merchant.pk, stars=4, by=evening.user)
    assert not Rating.objects.exists()


def test_who_has_collected_already_may_rate_before_the_end(evening: Evening) -> None:
    evening.close()
    evening.step(ProgressStep.HANDED_OVER, STARTS)
    with clock.frozen(STARTS + timedelta(minutes=5)):
        assert rate(round_id=evening.round_id, merchant_id=evening.merchant.pk, stars=4, by=evening.user).stars == 4


def test_a_merchant_of_whom_one_got_nothing_is_not_rated(evening: Evening) -> None:
    evening.close()
    with after_handover(), pytest.raises(NotFound):
        rate(round_id=evening.round_id, merchant_id=make_merchant().pk, stars=4, by=evening.user)


@pytest.mark.parametrize("stars", [0, 6])
def test_stars_are_one_to_five(evening: Evening, stars: int) -> None:
    evening.close()
    with pytest.raises(InvalidInput):
        rated_by(evening, evening.user, stars)
    assert not Rating.objects.exists()


def test_an_average_is_told_from_five_ratings_on(evening: Evening) -> None:
    households = [
        evening.household,
        *(evening.market.line(evening.tomatoes, 1).reservation.household for _ in range(4)),
    ]
    evening.close()
    for household, stars in zip(households[:4], (5, 5, 4, 4), strict=True):
        rated_by(evening, household.members.get(), stars)
    assert merchant_ratings([evening.merchant.pk]) == {}
    rated_by(evening, households[4].members.get(), 5)
    assert merchant_ratings([evening.merchant.pk]) == {evening.merchant.pk: MerchantRating(46, 5)}


@pytest.mark.slow
def test_the_form_keeps_words_when_the_stars_are_missing(evening: Evening) -> None:
    evening.close()
    with after_handover():
        answer = evening.client().post(
            f"{evening.address}rating/{evening.merchant.pk}/", {"stars": "9", "words": "Half a sentence"}
        )
    assert answer.status_code == 422
    assert "Choose from one to five stars." in answer.content.decode()
    assert "Half a sentence" in answer.content.decode()
    assert not Rating.objects.exists()


@pytest.mark.slow
def test_the_merchant_reads_stars_and_words_and_no_name(evening: Evening) -> None:
    evening.close()
    rated_by(evening, evening.user, 4, "Very sweet")
    page = evening.client(make_merchant_member(evening.merchant)).get("/desk/marketplace/rating/").content.decode()
    assert "★★★★☆" in page
    assert "Very sweet" in page
    assert "Ana" not in page
    other = evening.client(make_merchant_member(make_merchant("Padaria"))).get("/desk/marketplace/rating/")
    assert "Very sweet" not in other.content.decode()


def older(evening: Evening, many: int) -> None:
    first = evening.reservation
    for n in range(many):
        round_ = make_round(evening.market.hub, f"Round {n}", date(2026, 10, 1) + timedelta(days=n))
        Reservation.objects.create(
            household=evening.household,
            round=round_,
            handover=first.handover,
            created_at=first.created_at,
            changed_at=first.changed_at,
        )


def test_own_reservations_are_listed_newest_first_page_by_page(evening: Evening) -> None:
    evening.close()
    older(evening, PAGE)
    first = past_orders(evening.user)
    assert [order.reservation.round.name for order in first.orders[:2]] == ["Thursday's round", "Round 19"]
    assert first.orders[0].result.total_minor == 720
    rest = past_orders(evening.user, after=first.after)
    assert [order.reservation.round.name for order in rest.orders] == ["Round 0"]
    assert rest.after == ""
    assert past_orders(evening.user, after="nonsense") == past_orders(evening.user, after="99999999_1")


@pytest.mark.slow
@pytest.mark.parametrize("many", [0, 19])
def test_the_list_costs_the_same_queries_with_one_reservation_and_with_twenty(
    evening: Evening, many: int, django_assert_max_num_queries: object
) -> None:
    evening.close()
    older(evening, many)
    client = evening.client()
    with after_handover(), django_assert_max_num_queries(10):  # type: ignore[operator]
        page = client.get("/me/reservations/")
    assert len(page.context["rows"]) == many + 1
    assert "€7.20" in page.content.decode()
