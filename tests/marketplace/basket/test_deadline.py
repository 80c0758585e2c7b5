"""The deadline: one answer to "is it open" everywhere, and a late write that is told what was kept and what was not."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from marketplace import clock
from marketplace.actions.reserve import reserve
from marketplace.errors import WindowClosed
from marketplace.models import Reservation, ReservationLine, User
from marketplace.rules.states import WindowState
from marketplace.rules.wanted import WantedLine
from tests.factories import NOON, make_round, make_window
from tests.marketplace.api_ground import client_of, key
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


def hold(shop: Shop, user: User, offer_id: int, firm: int) -> None:
    reserve(round_id=shop.round.pk, lines=[WantedLine(offer_id=offer_id, firm=firm)], request_key="k", by=user)


def banner_says_open(shop: Shop, client: Client) -> bool:
    clock_ = client.get(shop.address).context["hero_clock"]
    return bool(clock_.runs)


def page_takes_a_tap(shop: Shop, client: Client) -> bool:
    return client.get(shop.address).context["windows"][0].cards[0].stepper is not None


def form_is_kept(shop: Shop, client: Client, offer_id: int) -> bool:
    form = {"request_key": f"form-{clock.now()}", "firm": 1}
    return client.post(f"{shop.address}offers/{offer_id}/", form, headers=SCRIPT).status_code == 200


def api_keeps_it(shop: Shop, user: User, offer_id: int) -> bool:
    body = {"lines": [{"offer_id": offer_id, "firm": 2}]}
    address = f"/api/v1/rounds/{shop.round.pk}/reservation/"
    answer = client_of(user).post(address, body, format="json", headers=key())
    assert answer.status_code in (200, 201, 409)
    return answer.status_code != 409


def guard_lets_it_pass(shop: Shop, user: User, offer_id: int) -> bool:
    line = WantedLine(offer_id=offer_id, firm=3)
    try:
        reserve(round_id=shop.round.pk, lines=[line], request_key=f"guard-{clock.now()}", by=user)
    except WindowClosed:
        return False
    return True


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [(CLOSES_AT - timedelta(microseconds=1), True), (CLOSES_AT, False)],
    ids=["a microsecond before", "at the deadline"],
)
def test_banner_page_form_api_and_guard_agree_on_what_is_open(shop: Shop, moment: object, is_open: bool) -> None:
    client, user = signed_in()
    offer = shop.offer().pk
    with clock.frozen(moment):  # type: ignore[arg-type]
        told = {
            "banner": banner_says_open(shop, client),
            "page": page_takes_a_tap(shop, client),
            "form": form_is_kept(shop, client, offer),
            "api": api_keeps_it(shop, user, offer),
            "guard": guard_lets_it_pass(shop, user, offer),
        }
    assert told == dict.fromkeys(told, is_open)
    assert ReservationLine.objects.filter(firm=3).exists() is is_open


def test_a_late_form_is_a_page_with_what_was_kept_what_was_not_and_the_next_opening(shop: Shop) -> None:
    client, user = signed_in()
    leeks, honey = shop.offer("Leeks"), shop.offer("Honey", case=12, ladder=((12, 195, 240),))
    hold(shop, user, leeks.pk, 2)
    coming = make_window(
        make_round(shop.hub, "Sunday's round"),
        opens_at=CLOSES_AT + timedelta(hours=10),
        closes_at=CLOSES_AT + timedelta(hours=30),
        state=WindowState.SCHEDULED,
    )
    typed = {"request_key": "late", "firm": 5, "up_to": 7, "flexible_for": "case", "limit": "2.20"}
    with clock.frozen(CLOSES_AT + timedelta(seconds=3)):
        answer = client.post(shop.line_address(honey), typed)
    assert answer.status_code == 409
    told = answer.context
    assert told["closed"] == "today 18:00, Lisbon time"
    assert told["late_by"] == "It came 3 seconds too late."
    assert told["asked"] == "5–7 × Honey, extra only if they complete a case of 12, at most 2.20 each"
    assert [(line.units, line.name) for line in told["kept"]] == [("2", "Leeks")]
    assert told["next_text"] == "Sunday's round opens tomorrow 04:00."
    text = answer.content.decode()
    assert f'action="/windows/{coming.pk}/remind/"' in text
    assert "Remind me when it opens" in text
    assert list(ReservationLine.objects.values_list("offer_id", "firm")) == [(leeks.pk, 2)]


def test_a_late_tap_by_script_is_a_note_that_gives_the_number_back(shop: Shop) -> None:
    client, user = signed_in()
    leeks = shop.offer("Leeks")
    hold(shop, user, leeks.pk, 2)
    with clock.frozen(CLOSES_AT):
        answer = client.post(shop.line_address(leeks), {"request_key": "late", "firm": 3, "seen": 2}, headers=SCRIPT)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "<html" not in text
    assert 'data-kept-firm="2"' in text
    assert "Not kept: 3 × Leeks." in text
    assert "It came 1 second too late." in text
    assert "What you had reserved stays as it was: 2." in text


def test_a_late_review_is_told_the_same_way(shop: Shop) -> None:
    client, user = signed_in()
    hold(shop, user, shop.offer("Leeks").pk, 2)
    form = {"request_key": "r", "version": 1, "handover": Reservation.objects.get().handover_id}
    with clock.frozen(CLOSES_AT + timedelta(minutes=5)):
        answer = client.post(f"{shop.address}basket/", form)
    assert answer.status_code == 409
    assert answer.context["late_by"] == "It came 5 minutes too late."
    assert [line.name for line in answer.context["kept"]] == ["Leeks"]


def test_who_had_nothing_is_told_so(shop: Shop) -> None:
    client, _ = signed_in()
    with clock.frozen(CLOSES_AT):
        answer = client.post(shop.line_address(shop.offer()), {"request_key": "late", "firm": 1})
    assert "You had nothing reserved in this round, and nothing is charged." in answer.content.decode()


def test_long_after_the_close_nobody_counts_the_seconds(shop: Shop) -> None:
    client, _ = signed_in()
    with clock.frozen(CLOSES_AT + timedelta(hours=2)):
        answer = client.post(shop.line_address(shop.offer()), {"request_key": "late", "firm": 1})
    assert answer.context["late_by"] == ""
