"""A furnished market shows everything that people leave behind, and its past round is as sound as any other."""

import pytest

from config.demo import seed
from config.demo.diets import diets_of
from config.demo.drawings import MOTIFS
from config.demo.furnish import PICTURES, furnish
from config.demo.past import NAME
from config.demo.robots import first_logins
from config.demo.second_hub import SLUG
from config.demo.summary import summarize
from config.demo_market.load import load_market
from marketplace import clock
from marketplace.models import (
    Claim,
    CollectedRest,
    HandledEvent,
    HubMembership,
    LineShare,
    Notice,
    Rating,
    Round,
    StandingReservation,
    Street,
    Thread,
    Wish,
)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.django_db
def test_a_furnished_market_has_a_sound_past_and_the_clock_stands_where_it_stood() -> None:
    hub = seed.seed().hub
    seed.announce_weekly_round(hub)
    before = clock.shift()
    furnish(hub=hub, number=seed.SEED, with_pictures=False)
    assert clock.shift() == before
    past = Round.objects.get(name=NAME)
    assert {window.state for window in past.windows.all()} == {"closed"}
    assert summarize(past.pk).is_sound
    me = first_logins(1)[0]
    assert sorted(Claim.objects.filter(by=me).values_list("state", flat=True)) == ["accepted", "open"]
    assert Rating.objects.count() >= 5
    assert Rating.objects.values("merchant").distinct().count() == 1
    assert LineShare.objects.get().state == "accepted"
    assert CollectedRest.objects.filter(state="waiting").count() == 5
    assert Thread.objects.exclude(waiting_for="").count() == 1
    assert StandingReservation.objects.filter(household__members=me).count() == 2
    assert Wish.objects.filter(topic__name="oat milk").count() >= 5
    assert Notice.objects.filter(user=me).exists()
    assert Street.objects.filter(hub=hub).count() == 44
    assert set(HubMembership.objects.filter(hub__slug=SLUG).values_list("state", flat=True)) == {"asked", "trial"}
    assert not HandledEvent.objects.exclude(state="done").exists()


def test_diets_say_only_what_follows_from_the_goods() -> None:
    said = {product.title: diets_of(product) for product in load_market().products}
    assert said["Bananas"] == {"vegetarian": "suitable", "vegan": "suitable"}
    assert said["Fresh milk"] == {"vegetarian": "suitable", "vegan": "unsuitable"}
    assert said["Farm cheese, wedge"] == {"vegan": "unsuitable"}  # rennet is not known
    assert said["Salmon fillet"] == {"vegetarian": "unsuitable", "vegan": "unsuitable"}
    assert said["Apple juice"] == {}


def test_every_picture_has_a_motif_and_a_product() -> None:
    titles = [product.title for product in load_market().products]
    assert set(PICTURES.values()) == set(MOTIFS)
    assert [name for name in PICTURES if not any(title.startswith(name) for title in titles)] == []
