"""My usual, standing reservations, absences and wishes by API."""

from datetime import date, timedelta
from typing import Any

import pytest

from marketplace import clock
from marketplace.models import Absence, StandingReservation, StandingRun, Wish
from tests.factories import NOON, make_household, make_offer, make_product
from tests.marketplace.api_ground import Client, client_of, key, problem
from tests.marketplace.usual.test_standing import Rhythm
from tests.marketplace.usual.test_usual import Habit

pytestmark = pytest.mark.django_db


@pytest.fixture
def rhythm() -> Rhythm:
    return Rhythm()


def call(client: Client, method: str, path: str, body: Any = None, **named: Any) -> Any:
    with clock.frozen(NOON):
        return getattr(client, method)(f"/api/v1/{path}", body, format="json", **named)


@pytest.mark.slow
def test_the_usual_is_shown_first_and_then_filled_once() -> None:
    habit = Habit()
    bread, leeks = make_product(habit.merchant, "Bread"), make_product(habit.merchant, "Leeks")
    for weeks in (1, 2):
        habit.past(weeks, {bread: 2, leeks: 1})
    offer = make_offer(habit.window, bread, ladder=((1, 100, 260),))
    ana, path = client_of(habit.ana), f"rounds/{habit.round.pk}/usual/"
    shown = {item["product_name"]: item for item in call(ana, "get", path).json()["results"]}
    assert (shown["Bread"]["state"], shown["Bread"]["firm"], shown["Bread"]["price_at_most"]) == ("ready", 2, "2.60")
    assert shown["Leeks"]["state"] == "gone"
    headers = key()
    filled = call(ana, "post", path, {}, headers=headers).json()["reservation"]
    assert [(line["offer_id"], line["firm"]) for line in filled["lines"]] == [(offer.pk, 2)]
    assert call(ana, "post", path, {}, headers=key()).json() == {"reservation": None}
    problem(call(ana, "post", path, {"products": [10**9]}, headers=key()), 422, "invalid-input")


def test_what_stands_is_kept_changed_paused_left_out_and_stopped(rhythm: Rhythm) -> None:
    ana = client_of(rhythm.ana)
    wanted = {"hub_id": rhythm.hub.pk, "product_id": rhythm.tomatoes.pk, "firm": 3, "max_unit_price": "2.50"}
    kept = call(ana, "post", "standing/", wanted).json()
    assert (kept["firm"], kept["max_unit_price"], kept["paused"]) == (3, "2.50", False)
    one = f"standing/{kept['id']}/"
    assert call(ana, "put", one, {"firm": 4}).json()["firm"] == 4
    assert call(ana, "put", f"{one}pause/", {"until": "2026-12-24"}).json()["paused_until"] == "2026-12-24"
    assert not call(ana, "delete", f"{one}pause/").json()["paused"]
    skips = f"{one}skips/{rhythm.coming.pk}/"
    assert call(ana, "put", skips).status_code == 204
    [coming] = call(ana, "get", "standing/coming/").json()["results"]
    assert (coming["round_id"], coming["skipped"], coming["not_yet"]) == (rhythm.coming.pk, [kept["id"]], [])
    assert [run["state"] for run in call(ana, "get", "standing/runs/").json()["results"]] == ["skipped"]
    assert call(ana, "delete", skips).status_code == 204
    assert StandingRun.objects.count() == 0
    assert call(ana, "delete", one).status_code == 204
    assert call(ana, "get", "standing/").json()["results"] == []
    problem(call(ana, "get", one), 404, "not-found")


@pytest.mark.parametrize("terms", [{"firm": 0}, {"firm": 1, "flexible": 101}, {"firm": 1, "max_unit_price": "much"}])
def test_standing_terms_that_are_none_are_refused_and_change_nothing(rhythm: Rhythm, terms: dict[str, Any]) -> None:
    body = {"hub_id": rhythm.hub.pk, "product_id": rhythm.tomatoes.pk, **terms}
    problem(call(client_of(rhythm.ana), "post", "standing/", body), 400, "invalid-request")
    assert StandingReservation.objects.count() == 0


def test_a_foreign_standing_reservation_is_not_found_and_stays(rhythm: Rhythm) -> None:
    standing = rhythm.stand(3)
    stranger, one = client_of(make_household("Bo").members.get()), f"standing/{standing.pk}/"
    for method, path, body in (
        ("get", one, None),
        ("put", one, {"firm": 9}),
        ("delete", one, None),
        ("put", f"{one}pause/", {}),
        ("put", f"{one}skips/{rhythm.coming.pk}/", None),
    ):
        problem(call(stranger, method, path, body), 404, "not-found")
    kept = StandingReservation.objects.get()
    assert (kept.firm, kept.paused_at, kept.stopped_at) == (3, None, None)


def test_absences_are_added_once_and_taken_back(rhythm: Rhythm) -> None:
    ana, days = client_of(rhythm.ana), {"starts_on": "2026-12-01", "ends_on": "2026-12-07"}
    made = call(ana, "post", "absences/", days)
    assert (made.status_code, call(ana, "post", "absences/", days).json()) == (201, made.json())
    problem(call(ana, "post", "absences/", {"starts_on": "2026-12-07", "ends_on": "2026-12-01"}), 422, "invalid-input")
    assert [one["starts_on"] for one in call(ana, "get", "absences/").json()["results"]] == ["2026-12-01"]
    stranger = client_of(make_household("Bo").members.get())
    problem(call(stranger, "delete", f"absences/{made.json()['id']}/"), 404, "not-found")
    assert Absence.objects.get().starts_on == date(2026, 12, 1)
    assert call(ana, "delete", f"absences/{made.json()['id']}/").status_code == 204
    assert Absence.objects.count() == 0


def test_a_wish_is_made_answered_wrongly_and_taken_back(rhythm: Rhythm) -> None:
    ana, body = client_of(rhythm.ana), {"hub_id": rhythm.hub.pk, "text": "Oat milk", "a_week": 2}
    made = call(ana, "post", "wishes/", body)
    assert (made.status_code, made.json()["state"], made.json()["households"]) == (201, "open", None)
    wish = Wish.objects.get()
    offer = rhythm.offered(make_product(rhythm.merchant, "Milk"))
    Wish.objects.update(state=Wish.State.OFFERED, offered=offer, told_at=NOON + timedelta(hours=1))
    [told] = call(ana, "get", "wishes/").json()["results"]
    assert told["offered"] == {"offer_id": offer.pk, "round_id": rhythm.coming.pk, "product_name": "Milk"}
    stranger = client_of(make_household("Bo").members.get())
    problem(call(stranger, "post", f"wishes/{wish.pk}/not-this/"), 404, "not-found")
    assert call(ana, "post", f"wishes/{wish.pk}/not-this/").json()["state"] == "open"
    assert call(ana, "delete", f"wishes/{wish.pk}/").status_code == 204
    assert call(ana, "get", "wishes/").json()["results"] == []
