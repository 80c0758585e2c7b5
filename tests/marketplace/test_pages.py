"""The pages: what they show, in how many queries, and that a form alone is enough to reserve."""

import json
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.refresh_demand import Watch, refresh_demand
from marketplace.actions.reserve import reserve
from marketplace.models import Handover, Reservation, ReservationLine
from marketplace.rules.states import WindowState
from marketplace.rules.wanted import WantedLine
from tests.factories import NOON, make_handover, make_hub, make_round, make_user, make_window
from tests.marketplace.pages_ground import CLOSES_AT, Shop, signed_in

pytestmark = pytest.mark.django_db
SCRIPT = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def shop() -> Shop:
    return Shop()


def queries_of(client: Client, address: str) -> int:
    client.get(address)  # warms what is cached once per process
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len([q for q in captured.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def test_anybody_may_look_around(shop: Shop) -> None:
    shop.offer("Vine tomatoes", case=6, ladder=((6, 195, 240),))
    page = Client().get(shop.address)
    assert page.status_code == 200
    text = page.content.decode()
    assert "Vine tomatoes" in text
    assert "Sign in to reserve" in text
    assert "6 together make it sure." in text.replace("<b>", "").replace("</b>", "")


@pytest.mark.slow
def test_the_round_page_takes_at_most_8_queries_with_50_offers_and_no_more_than_with_one(shop: Shop) -> None:
    client, user = signed_in()
    first = shop.offer("First")
    reserve(round_id=shop.round.pk, lines=[WantedLine(offer_id=first.pk, firm=2)], request_key="k", by=user)
    with_one = queries_of(client, shop.address)
    shop.offers(49)
    assert queries_of(client, shop.address) == with_one
    assert with_one <= 8 + (connection.vendor == "postgresql")  # there the clock itself is asked


@pytest.mark.slow
def test_the_home_page_takes_as_many_queries_for_one_round_as_for_twenty(shop: Shop) -> None:
    client, _ = signed_in()
    with_one = queries_of(client, "/")
    for _n in range(19):
        make_window(make_round(shop.hub), state=WindowState.OPEN)
    assert queries_of(client, "/") == with_one <= 8


@pytest.mark.slow
def test_a_page_of_offers_ends_at_50_and_the_next_begins_after_it(shop: Shop) -> None:
    shop.offers(53)
    first = Client().get(shop.address)
    assert len(first.context["windows"][0].cards) == 50
    second = Client().get(first.context["choosing"].more)
    names = [card.name for card in second.context["windows"][0].cards]
    assert names == ["Product 50", "Product 51", "Product 52"]
    assert second.context["choosing"].more == ""


def test_plus_on_a_plain_form_reserves_one_and_comes_back_to_the_card(shop: Shop) -> None:
    client, user = signed_in()
    offer = shop.offer()
    answer = client.post(shop.line_address(offer), {"request_key": "a", "firm": 0, "step": 1})
    assert answer.status_code == 302
    assert answer["Location"] == f"{shop.address}#offer-{offer.pk}"
    line = ReservationLine.objects.get()
    assert (line.firm, line.reservation.household.members.get()) == (1, user)
    assert "1 reserved and sure, at most €2.40 each." in client.get(shop.address).content.decode()


def test_sending_the_same_form_twice_reserves_once(shop: Shop) -> None:
    client, _ = signed_in()
    address = shop.line_address(shop.offer())
    for _n in range(2):
        client.post(address, {"request_key": "same", "firm": 0, "step": 1})
    assert ReservationLine.objects.get().firm == 1
    assert Reservation.objects.get().version == 1


def test_a_range_with_its_use_and_limit_is_kept(shop: Shop) -> None:
    client, _ = signed_in()
    offer = shop.offer()
    wish = {"request_key": "a", "firm": 3, "up_to": 5, "flexible_for": "price", "limit": "2,20", "whole_only": "on"}
    client.post(shop.line_address(offer), wish)
    line = ReservationLine.objects.get()
    assert (line.firm, line.flexible, line.flexible_for) == (3, 2, "price")
    assert (line.max_unit_price_minor, line.whole_only) == (220, True)


def test_plus_keeps_the_extra_and_the_limit(shop: Shop) -> None:
    client, _ = signed_in()
    offer = shop.offer()
    client.post(shop.line_address(offer), {"request_key": "a", "firm": 3, "up_to": 5, "limit": "2.20"})
    card = client.get(shop.address).context["windows"][0].cards[0].stepper
    typed = {"request_key": card.request_key, "firm": card.firm, "flexible": card.flexible, "limit": card.limit}
    client.post(shop.line_address(offer), {**typed, "step": 1})
    line = ReservationLine.objects.get()
    assert (line.firm, line.flexible, line.max_unit_price_minor) == (4, 2, 220)


def test_a_refused_form_comes_back_as_it_was_typed_and_changes_nothing(shop: Shop) -> None:
    client, _ = signed_in()
    offer = shop.offer()
    typed = {"request_key": "a", "firm": "7", "up_to": "3", "limit": "cheap", "flexible_for": "order"}
    answer = client.post(shop.line_address(offer), typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    for value in ('value="7"', 'value="3"', 'value="cheap"', 'name="flexible_for" value="order" checked'):
        assert value in text
    assert "Write the price alone, like 2.10." in text
    assert not Reservation.objects.exists()


def test_where_there_is_a_choice_of_places_the_first_tap_asks_for_it(shop: Shop) -> None:
    client, _ = signed_in()
    offer, second = shop.offer(), make_handover(shop.round)
    answer = client.post(shop.line_address(offer), {"request_key": "a", "firm": 0, "step": 1})
    assert answer.status_code == 422
    assert "Where do you collect it?" in answer.content.decode()
    client.post(shop.line_address(offer), {"request_key": "b", "firm": 1, "handover": second.pk})
    assert Reservation.objects.get().handover == second


def test_the_script_gets_the_line_and_the_basket(shop: Shop) -> None:
    client, _ = signed_in()
    offer = shop.offer()
    answer = client.post(shop.line_address(offer), {"request_key": "a", "firm": 2}, headers=SCRIPT)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'data-firm="2"' in text
    assert "€4.80" in text
    assert "<html" not in text


def test_a_late_change_is_a_409_that_says_what_was_kept_and_when_the_next_window_opens(shop: Shop) -> None:
    client, user = signed_in()
    offer = shop.offer()
    reserve(round_id=shop.round.pk, lines=[WantedLine(offer_id=offer.pk, firm=2)], request_key="k", by=user)
    make_window(
        make_round(shop.hub, "Sunday's round"),
        opens_at=CLOSES_AT + timedelta(hours=10),
        closes_at=CLOSES_AT + timedelta(hours=30),
        state=WindowState.SCHEDULED,
    )
    with clock.frozen(CLOSES_AT + timedelta(seconds=1)):
        answer = client.post(shop.line_address(offer), {"request_key": "late", "firm": 5})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "It closed today 18:00, Lisbon time." in text
    assert "This stays reserved, as it was" in text
    assert "Sunday&#x27;s round opens tomorrow 04:00." in text
    assert ReservationLine.objects.get().firm == 2


def test_a_late_change_by_script_is_a_fragment_with_the_same_status(shop: Shop) -> None:
    client, _ = signed_in()
    offer = shop.offer()
    with clock.frozen(CLOSES_AT):
        answer = client.post(shop.line_address(offer), {"request_key": "late", "firm": 5}, headers=SCRIPT)
    assert answer.status_code == 409
    assert "<html" not in answer.content.decode()
    assert not Reservation.objects.exists()


def test_reserving_needs_a_sign_in_and_leads_back(shop: Shop) -> None:
    address = shop.line_address(shop.offer())
    answer = Client().post(address, {"request_key": "a", "firm": 1})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/?next=")


def test_signing_in_takes_the_address_in_any_capitals() -> None:
    make_user(password="quiet-harvest")
    email = "ANA" + make_user("Ana", password="quiet-harvest").email[3:].upper()
    client = Client()
    refused = client.post("/login/", {"login": email, "password": "wrong"})
    assert "do not belong together" in refused.content.decode()
    assert client.post("/login/", {"login": email, "password": "quiet-harvest"}).status_code == 302
    assert client.post("/logout/").status_code == 302


def test_the_review_moves_the_handover_and_shows_the_worst_case(shop: Shop) -> None:
    client, user = signed_in()
    offer = shop.offer(case=6, ladder=((1, 195, 240), (2, 170, 210)))
    reserve(
        round_id=shop.round.pk,
        lines=[WantedLine(offer_id=offer.pk, firm=2, flexible=1)],
        request_key="k",
        by=user,
    )
    other = make_handover(shop.round)
    page = client.get(f"{shop.address}basket/")
    assert page.context["worst_sum"] == "€7.20"
    form = {"request_key": "r", "version": page.context["version"], "handover": other.pk}
    assert client.post(f"{shop.address}basket/", form).status_code == 302
    assert Reservation.objects.get().handover == other


def test_a_basket_that_changed_meanwhile_is_not_overwritten(shop: Shop) -> None:
    client, user = signed_in()
    offer = shop.offer()
    reserve(round_id=shop.round.pk, lines=[WantedLine(offer_id=offer.pk, firm=2)], request_key="k", by=user)
    reserve(round_id=shop.round.pk, lines=[WantedLine(offer_id=offer.pk, firm=3)], request_key="l", by=user)
    form = {"request_key": "r", "version": 1, "handover": Handover.objects.get().pk}
    answer = client.post(f"{shop.address}basket/", form)
    assert answer.status_code == 409
    assert "Your household changed the basket meanwhile." in answer.content.decode()


def test_everything_can_be_given_back(shop: Shop) -> None:
    client, user = signed_in()
    offer = shop.offer()
    reserve(round_id=shop.round.pk, lines=[WantedLine(offer_id=offer.pk, firm=2)], request_key="k", by=user)
    client.post(f"{shop.address}basket/cancel/", {"request_key": "c", "version": 1})
    assert not ReservationLine.objects.exists()
    assert "Nothing in it yet" in client.get(f"{shop.address}basket/").content.decode()


@pytest.mark.slow
def test_after_the_close_each_line_says_what_became_of_it(shop: Shop) -> None:
    client, user = signed_in()
    reached = shop.offer("Tomatoes", case=2, ladder=((2, 195, 240),))
    missed = shop.offer("Truffles", case=6, ladder=((6, 1950, 2400),))
    lines = [WantedLine(offer_id=reached.pk, firm=2), WantedLine(offer_id=missed.pk, firm=1)]
    reserve(round_id=shop.round.pk, lines=lines, request_key="k", by=user)
    with clock.frozen(CLOSES_AT + timedelta(minutes=1)):
        assert "the figures are being counted" in client.get(f"{shop.address}reservation/").content.decode()
        close_window(window_id=shop.window.pk)
        page = client.get(f"{shop.address}reservation/")
        told = {line.name: (line.units, line.amount, line.sentence) for line in page.context["lines"]}
        closed = client.get(shop.address)
    assert told["Tomatoes"] == ("2 of 2 · €2.40 each", "€4.80", "You get all of it.")
    assert told["Truffles"][:2] == ("0 of 1", "€0.00")
    assert told["Truffles"][2].startswith("Not ordered:")
    assert page.context["sum"] == "€4.80"
    assert closed.status_code == 200
    assert not closed.context["is_open"]
    assert closed.context["windows"][0].cards[0].stepper is None


def test_the_snapshot_has_one_etag_for_all_until_something_changes(shop: Shop) -> None:
    client, user = signed_in()
    offer = shop.offer()
    first = Client().get(f"{shop.address}live/")
    assert first.json()["windows"][0]["offers"][0]["id"] == offer.pk
    again = client.get(f"{shop.address}live/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    reserve(round_id=shop.round.pk, lines=[WantedLine(offer_id=offer.pk, firm=2)], request_key="k", by=user)
    refresh_demand(watch=Watch())
    third = client.get(f"{shop.address}live/", headers={"If-None-Match": first["ETag"]})
    assert third.json()["windows"][0]["offers"][0]["reserved"] == 2


def test_a_draft_round_is_not_found_and_says_where_to_go() -> None:
    hidden = make_round(make_hub())
    make_window(hidden, state=WindowState.DRAFT)
    answer = Client().get(f"/rounds/{hidden.pk}/")
    assert answer.status_code == 404
    assert "To the rounds" in answer.content.decode()


def test_pages_load_nothing_but_their_own_files(shop: Shop) -> None:
    shop.offer()
    for address in ("/", shop.address, "/login/", "/gallery/", "/nowhere/"):
        page = Client().get(address)
        policy = page["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        text = page.content.decode()
        assert " style=" not in text
        assert "onclick" not in text


def test_vendored_files_are_what_their_list_says() -> None:
    folder = settings.BASE_DIR / "static" / "vendor"
    for entry in json.loads((folder / "vendor.json").read_text()):
        assert sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
        assert (folder / entry["licence_file"]).is_file()


def test_a_snapshot_that_came_compressed_is_known_again(client: Client, shop: Shop) -> None:
    first = client.get(f"/rounds/{shop.round.pk}/live/", headers={"Accept-Encoding": "gzip"})
    again = client.get(
        f"/rounds/{shop.round.pk}/live/", headers={"If-None-Match": f"W/{first['ETag'].removeprefix('W/')}"}
    )
    assert again.status_code == 304


def test_a_category_with_a_null_character_is_an_unknown_one(client: Client, shop: Shop) -> None:
    assert client.get(f"/rounds/{shop.round.pk}/?category=%00").status_code == 200
