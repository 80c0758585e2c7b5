"""Offers that change while they are open: an old page's tap is told, and each household answers or is released."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from marketplace import clock
from marketplace.actions.offers.change_offer import change_offer
from marketplace.actions.reserve import reserve
from marketplace.models import Offer, ReservationLine, User
from marketplace.queries.offer_changes import terms_now
from marketplace.rules.clearing.terms import PriceStep
from marketplace.rules.wanted import WantedLine
from tests.factories import NOON, make_hub_staff
from tests.marketplace.pages_ground import CLOSES_AT, Shop, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SCRIPT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def shop() -> Shop:
    return Shop()


def dearer(shop: Shop, offer: Offer) -> None:
    """The coordinator raises the price from 2.40 to 2.60."""
    terms = replace(terms_now(offer), ladder=(PriceStep(1, 195, 260),))
    change_offer(offer_id=offer.pk, terms=terms, reason="Hail", by=make_hub_staff(shop.hub))


def hold(shop: Shop, user: User, offer: Offer, firm: int) -> None:
    reserve(round_id=shop.round.pk, lines=[WantedLine(offer_id=offer.pk, firm=firm)], request_key="k", by=user)


def test_old_and_new_stand_side_by_side_with_the_deadline_and_the_default(shop: Shop) -> None:
    client, user = signed_in()
    offer = shop.offer("Leeks")
    hold(shop, user, offer, 2)
    dearer(shop, offer)
    [change] = client.get(f"{shop.address}changes/").context["changes"]
    assert [(term.name, term.was, term.now) for term in change.terms] == [("Price", "at most €2.40", "at most €2.60")]
    assert (change.name, change.yours, change.reasons) == ("Leeks", "You reserved 2.", ("Hail",))
    assert change.deadline == (
        "Without your answer by today 18:00, Lisbon time, it is released and you pay nothing for it."
    )


def test_round_page_and_basket_say_that_something_waits_for_an_answer(shop: Shop) -> None:
    client, user = signed_in()
    offer = shop.offer("Leeks")
    hold(shop, user, offer, 2)
    waits = "1 product that you reserved has changed and waits for your answer."
    assert waits not in client.get(shop.address).content.decode()
    dearer(shop, offer)
    for address in (shop.address, f"{shop.address}basket/"):
        text = client.get(address).content.decode()
        assert waits in text
        assert f'href="{shop.address}changes/"' in text


def test_agreeing_keeps_the_line_and_releasing_takes_it_out(shop: Shop) -> None:
    client, user = signed_in()
    leeks, honey = shop.offer("Leeks"), shop.offer("Honey")
    lines = [WantedLine(offer_id=offer.pk, firm=2) for offer in (leeks, honey)]
    reserve(round_id=shop.round.pk, lines=lines, request_key="k", by=user)
    for offer in (leeks, honey):
        dearer(shop, offer)
    for offer, answer in ((leeks, "agree"), (honey, "release")):
        form = {"offer": offer.pk, "version": 2, "answer": answer}
        assert client.post(f"{shop.address}changes/", form).status_code == 302
    assert list(ReservationLine.objects.values_list("offer_id", "agreed_version")) == [(leeks.pk, 2)]
    assert client.get(f"{shop.address}changes/").context["changes"] == []


def test_an_answer_to_an_older_change_is_refused(shop: Shop) -> None:
    client, user = signed_in()
    offer = shop.offer("Leeks")
    hold(shop, user, offer, 2)
    dearer(shop, offer)
    answer = client.post(f"{shop.address}changes/", {"offer": offer.pk, "version": 1, "answer": "agree"})
    assert answer.status_code == 409
    assert ReservationLine.objects.get().agreed_version == 1


def test_a_tap_from_an_older_page_is_told_what_changed_and_can_be_taken(shop: Shop) -> None:
    client, _ = signed_in()
    offer = shop.offer("Leeks")
    dearer(shop, offer)
    old = {"request_key": "a", "firm": 0, "step": 1, "version": 1}
    answer = client.post(shop.line_address(offer), old)
    assert answer.status_code == 409
    [term] = answer.context["terms"]
    assert (term.was, term.now) == ("at most €2.40", "at most €2.60")
    assert answer.context["asked"] == "1 × Leeks"
    assert not ReservationLine.objects.exists()
    taken = {**dict(answer.context["carried"]), "request_key": answer.context["request_key"]}
    assert client.post(shop.line_address(offer), taken).status_code == 302
    assert ReservationLine.objects.get().firm == 1


def test_by_script_it_is_a_note_on_the_card_with_the_same_choice(shop: Shop) -> None:
    client, user = signed_in()
    offer = shop.offer("Leeks")
    hold(shop, user, offer, 2)
    dearer(shop, offer)
    old = {"request_key": "a", "firm": 3, "seen": 2, "version": 1}
    text = client.post(shop.line_address(offer), old, headers=SCRIPT).content.decode()
    assert "It changed while you looked." in text
    assert "Take it as it is now" in text
    assert "Leave it" in text
    assert 'data-kept-firm="2"' in text
    assert "<html" not in text


def test_an_improvement_asks_nobody(shop: Shop) -> None:
    client, user = signed_in()
    offer = shop.offer("Leeks")
    hold(shop, user, offer, 2)
    terms = replace(terms_now(offer), ladder=(PriceStep(1, 195, 220),))
    change_offer(offer_id=offer.pk, terms=terms, reason="Plenty", by=make_hub_staff(shop.hub))
    assert client.get(f"{shop.address}changes/").context["changes"] == []
    answer = client.post(shop.line_address(offer), {"request_key": "a", "firm": 2, "step": 1, "version": 1})
    assert answer.status_code == 302
    assert ReservationLine.objects.get().firm == 3


def test_after_the_close_nothing_waits_any_more(shop: Shop) -> None:
    client, user = signed_in()
    offer = shop.offer("Leeks")
    hold(shop, user, offer, 2)
    dearer(shop, offer)
    with clock.frozen(CLOSES_AT):
        assert client.get(f"{shop.address}changes/").context["changes"] == []
