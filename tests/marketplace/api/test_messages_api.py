"""Messages by API: inbox, ways, hours, browsers, and threads between a household and its hub."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from marketplace import clock
from marketplace.actions.notices.push_keys import public_key
from marketplace.models import Message, Notice, NoticePreference, PushSubscription
from tests.factories import NOON, make_household, make_user
from tests.marketplace.api_ground import client_of, key, problem
from tests.marketplace.messages.test_threads import Talk

pytestmark = pytest.mark.django_db
API = "/api/v1/"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def talk() -> Talk:
    return Talk()


def told_of(user: Any, many: int) -> list[Notice]:
    return [
        Notice.objects.create(
            user=user, kind="opens", key=f"window:{n}", facts={"round": f"Round {n}"}, link="/", created_at=NOON
        )
        for n in range(many)
    ]


def test_the_inbox_has_unread_first_and_pages_on() -> None:
    user = make_user()
    notices = told_of(user, 32)
    client = client_of(user)
    assert client.post(f"{API}inbox/{notices[31].pk}/read/").json()["read_at"] == "2026-11-22T12:00:00Z"
    first = client.get(f"{API}inbox/").json()
    assert (first["results"][0]["title"], first["results"][0]["read_at"]) == ("Round 30 is open", None)
    rest = client.get(first["next"]).json()
    assert ([one["id"] for one in rest["results"]], rest["next"]) == ([notices[0].pk, notices[31].pk], None)
    assert client.post(f"{API}inbox/read/").json() == {"unread": 0}
    problem(client_of(make_user("Bo")).post(f"{API}inbox/{notices[0].pk}/read/"), 404, "not-found")


def test_how_many_are_unread_is_told_once_until_it_changes() -> None:
    user = make_user()
    client = client_of(user)
    told_of(user, 2)
    first = client.get(f"{API}inbox/unread/")
    assert first.json() == {"unread": 2}
    assert client.get(f"{API}inbox/unread/", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_kinds_are_switched_one_by_one() -> None:
    user = make_user()
    client = client_of(user)
    ways = {"ways": [{"kind": "opens", "email": False}, {"kind": "group", "push": True}]}
    told = {way["kind"]: way for way in client.patch(f"{API}me/notice-ways/", ways, format="json").json()["results"]}
    assert (told["opens"]["email"], told["opens"]["push"], told["group"]["push"]) == (False, True, True)
    assert NoticePreference.objects.count() == 2
    wrong = {"ways": [{"kind": "advertising", "email": True}]}
    problem(client.patch(f"{API}me/notice-ways/", wrong, format="json"), 400, "invalid-request")


def test_quiet_hours_have_a_beginning_and_an_end() -> None:
    client = client_of(make_user())
    hours = {
        "time_zone": "Europe/Lisbon",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
        "digest_at": None,
        "hours_before_close": 6,
    }
    assert client.put(f"{API}me/notice-hours/", hours, format="json").json() == hours
    for wrong in ({"quiet_until": None}, {"time_zone": "Lisbon"}, {"hours_before_close": 49}, {"quiet_from": "7 pm"}):
        problem(client.put(f"{API}me/notice-hours/", {**hours, **wrong}, format="json"), 400, "invalid-request")
    assert client.get(f"{API}me/notice-hours/").json() == hours


def bytes_of(length: int) -> str:
    return urlsafe_b64encode(b"\4" * length).decode().rstrip("=")


def test_a_browser_is_kept_once_and_forgotten() -> None:
    user = make_user()
    client = client_of(user)
    wanted = {"endpoint": "https://push.example.org/1", "keys": {"p256dh": bytes_of(65), "auth": bytes_of(16)}}
    first = client.post(f"{API}push-subscriptions/", {**wanted, "expirationTime": None}, format="json")
    assert (first.status_code, client.post(f"{API}push-subscriptions/", wanted, format="json").json()["id"]) == (
        201,
        first.json()["id"],
    )
    assert len(client.get(f"{API}push-subscriptions/").json()["results"]) == 1
    assert client.get(f"{API}push-key/").json() == {"public_key": public_key()}
    one = f"{API}push-subscriptions/{first.json()['id']}/"
    problem(client_of(make_user("Bo")).delete(one), 404, "not-found")
    local = {**wanted, "endpoint": "https://127.0.0.1/x"}
    problem(client.post(f"{API}push-subscriptions/", local, format="json"), 422, "invalid-input")
    assert client.delete(one).status_code == 204
    assert PushSubscription.objects.count() == 0


def test_a_question_is_asked_once_answered_and_settled(talk: Talk) -> None:
    ana, hub = client_of(talk.ana), client_of(talk.coordinator)
    question = {"reservation_id": talk.reservation.pk, "offer_id": talk.offer.pk, "text": "Are they washed?"}
    asked = ana.post(f"{API}threads/", question, format="json", headers=key("q1"))
    assert asked.status_code == 201
    assert ana.post(f"{API}threads/", question, format="json", headers=key("q1")).json() == asked.json()
    assert Message.objects.count() == 1
    thread = asked.json()["thread"]
    assert (thread["title"], thread["waiting_for"], asked.json()["message"]["mine"]) == ("Leeks", "hub", True)
    one = f"{API}threads/{thread['id']}/"
    answer = hub.post(f"{one}messages/", {"text": "Yes."}, format="json", headers=key())
    assert (answer.json()["thread"]["side"], answer.json()["thread"]["waiting_for"]) == ("hub", None)
    read = ana.get(f"{one}messages/").json()["results"]
    assert [(message["side"], message["mine"], message["text"]) for message in read] == [
        ("household", True, "Are they washed?"),
        ("hub", False, "Yes."),
    ]
    assert ana.post(f"{one}read/").status_code == 204
    assert ana.post(f"{one}settle/").json()["state"] == "settled"
    assert [found["id"] for found in ana.get(f"{API}threads/").json()["results"]] == [thread["id"]]


def test_a_merchant_reads_no_name(talk: Talk) -> None:
    question = {"reservation_id": talk.reservation.pk, "offer_id": talk.offer.pk, "text": "Washed?"}
    asked = client_of(talk.ana).post(f"{API}threads/", question, format="json", headers=key())
    read = client_of(talk.marta).get(f"{API}threads/{asked.json()['thread']['id']}/messages/")
    assert [message["who"] for message in read.json()["results"]] == [f"Household {talk.reservation.pk}"]
    assert "Ferreira" not in read.content.decode()


def test_a_foreign_thread_is_not_found_and_takes_nothing(talk: Talk) -> None:
    question = {"reservation_id": talk.reservation.pk, "text": "Hello?"}
    asked = client_of(talk.ana).post(f"{API}threads/", question, format="json", headers=key())
    stranger = client_of(make_household("Bo").members.get())
    one = f"{API}threads/{asked.json()['thread']['id']}/"
    for path in (one, f"{one}messages/", f"{one}?side=hub"):
        problem(stranger.get(path), 404, "not-found")
    for path in (f"{one}settle/", f"{one}read/"):
        problem(stranger.post(path), 404, "not-found")
    problem(stranger.post(f"{one}messages/", {"text": "x"}, format="json", headers=key()), 404, "not-found")
    problem(stranger.post(f"{API}threads/", question, format="json", headers=key()), 404, "not-found")
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    "body", [{"text": "x"}, {"reservation_id": 1, "order_line_id": 1, "text": "x"}, {"reservation_id": 1, "text": ""}]
)
def test_a_question_about_nothing_is_refused(talk: Talk, body: dict[str, Any]) -> None:
    answer = client_of(talk.ana).post(f"{API}threads/", body, format="json", headers=key())
    problem(answer, 400, "invalid-request")
    assert Message.objects.count() == 0


def test_writes_are_counted_and_say_where_one_stands(settings: Any) -> None:
    rates = {**settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "write": "1/min"}
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": rates}
    client = client_of(make_user())
    first = client.post(f"{API}inbox/read/")
    assert (first["RateLimit-Policy"], first["RateLimit"].split(";t=")[0]) == ('"write";q=1;w=60', '"write";r=0')
    second = client.post(f"{API}inbox/read/")
    problem(second, 429, "too-many-requests")
    assert 1 <= int(second["Retry-After"]) <= 60
    assert client.get(f"{API}inbox/").status_code == 200
