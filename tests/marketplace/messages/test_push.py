"""Web push against a service of our own: what arrives can be read by that browser alone; gone browsers are removed."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from marketplace import clock
from marketplace.actions.notices import push_address
from marketplace.actions.notices.push_errors import BadEndpoint
from marketplace.actions.notices.push_keys import new_private_key, private_key, public_key
from marketplace.actions.notices.send_due_notices import PAUSES, send_due_notices
from marketplace.actions.notices.tell import tell
from marketplace.models import NoticeDelivery, NoticePreference, PushSubscription, User
from marketplace.notice_words import notice_text
from marketplace.rules.notices import NoticeKind
from tests.factories import NOON, make_user
from tests.marketplace.messages.push_service import Browser, PushService, running

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # a server each


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    settings.PUSH_TRUSTED_HOSTS = ["127.0.0.1"]
    settings.VAPID_PRIVATE_KEY = new_private_key()
    settings.VAPID_SUBJECT = "mailto:push@example.org"
    with running() as found:
        yield found


@pytest.fixture
def ana() -> User:
    user = make_user("Ana")
    NoticePreference.objects.create(user=user, kind="ready", channel="email", wanted=False)
    return user


def subscribed(user: User, service: PushService, path: str = "/phone") -> Browser:
    browser = Browser()
    PushSubscription.objects.create(user=user, endpoint=f"{service.address}{path}", created_at=NOON, **browser.keys)
    return browser


def told(user: User, **facts: Any) -> None:
    with clock.frozen(NOON), transaction.atomic():
        tell(
            kind=NoticeKind.READY,
            user_ids=[user.pk],
            key="reservation:1",
            facts={"place": "Rua das Flores", **facts},
            link="/rounds/1/reservation/",
        )


def send(at: Any = NOON) -> int:
    with clock.frozen(at):
        return send_due_notices(words=notice_text)


def test_the_browser_reads_title_link_and_tag_and_the_service_sees_none_of_it(ana: User, service: PushService) -> None:
    phone = subscribed(ana, service)
    told(ana, until=(NOON + timedelta(hours=2)).isoformat())
    assert send() == 1
    path, headers, body = service.taken[0]
    notice = ana.notices.get()
    read = phone.read(body)
    assert path == "/phone"
    assert (read["title"], read["link"]) == ("Your order is ready: Rua das Flores", f"/inbox/{notice.pk}/")
    assert b"Rua das Flores" not in body
    assert headers["TTL"] == "7200"
    assert headers["Urgency"] == "high"
    assert headers["Topic"] == read["tag"]
    assert len(headers["Topic"]) == 32
    assert headers["Authorization"].startswith("vapid t=")
    assert f"k={public_key()}" in headers["Authorization"]
    assert PushSubscription.objects.get().last_sent_at == NOON


def test_the_browser_shows_it_in_the_readers_language_from_its_side(ana: User, service: PushService) -> None:
    User.objects.filter(pk=ana.pk).update(language="ar")
    phone = subscribed(ana, service)
    told(ana)
    assert send() == 1
    read = phone.read(service.taken[0][2])
    assert (read["language"], read["direction"]) == ("ar", "rtl")
    assert read["title"] == "طلبك جاهز: \u2068Rua das Flores\u2069"


@pytest.mark.parametrize("gone", [404, 410])
def test_a_browser_that_its_service_no_longer_knows_is_removed_and_the_other_one_told(
    ana: User, service: PushService, gone: int
) -> None:
    subscribed(ana, service, "/old")
    subscribed(ana, service, "/new")
    service.answers["/old"] = gone
    told(ana)
    assert send() == 1
    assert list(PushSubscription.objects.values_list("endpoint", flat=True)) == [f"{service.address}/new"]


@pytest.mark.parametrize("status", [429, 500, 307])
def test_a_service_that_does_not_take_it_is_asked_again_later(ana: User, service: PushService, status: int) -> None:
    subscribed(ana, service)
    service.answers["/phone"] = status
    told(ana)
    assert send() == 0
    delivery = NoticeDelivery.objects.get()
    assert (delivery.state, delivery.due_at) == ("waiting", NOON + PAUSES[0])
    assert [path for path, _headers, _body in service.taken] == ["/phone"]  # a redirect is followed nowhere
    service.answers.clear()
    assert send(delivery.due_at) == 1
    assert PushSubscription.objects.count() == 1


def test_a_service_that_is_away_is_asked_again_later(ana: User, service: PushService) -> None:
    with running() as other:
        browser = Browser()
    PushSubscription.objects.create(user=ana, endpoint=f"{other.address}/x", created_at=NOON, **browser.keys)
    told(ana)
    assert send() == 0
    assert NoticeDelivery.objects.get().state == "waiting"


def test_without_a_browser_or_a_key_it_stays_in_the_inbox(ana: User, service: PushService, settings: Any) -> None:
    told(ana)
    assert send() == 0
    assert NoticeDelivery.objects.values_list("state", "problem").get() == ("given_up", "No browser is left.")
    settings.VAPID_PRIVATE_KEY = ""
    NoticeDelivery.objects.update(state="waiting", claimed_until=None)
    send()
    assert NoticeDelivery.objects.get().problem == "Push has no key here."
    assert ana.notices.count() == 1


def test_a_browser_subscribes_and_leaves_by_json(ana: User, service: PushService) -> None:
    client, phone = Client(), Browser()
    sent = {"endpoint": f"{service.address}/phone", "keys": phone.keys, "expirationTime": None}
    assert client.post("/me/notices/push/", sent, content_type="application/json").status_code == 401
    client.force_login(ana)
    for _twice in range(2):
        assert client.post("/me/notices/push/", sent, content_type="application/json").status_code == 201
    assert PushSubscription.objects.get().user == ana
    stranger = Client()
    stranger.force_login(make_user("Bela"))
    assert stranger.delete("/me/notices/push/", sent, content_type="application/json").json() == {"known": False}
    assert PushSubscription.objects.count() == 1
    assert client.delete("/me/notices/push/", sent, content_type="application/json").json() == {"known": True}
    assert PushSubscription.objects.count() == 0


def test_a_script_of_another_site_subscribes_nobody(ana: User, service: PushService) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    sent = {"endpoint": f"{service.address}/phone", "keys": Browser().keys}
    assert client.post("/me/notices/push/", sent, content_type="application/json").status_code == 403
    assert PushSubscription.objects.count() == 0


BAD = (
    "http://push.example.org/x",
    "https://127.0.0.1/x",
    "https://10.0.0.7/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/x",
    "https://[::ffff:10.0.0.7]/x",
    "https://localhost/x",
    "https://intranet/x",
    "https://push.example.org:6379/x",
    "https://user@push.example.org/x",
    "https://0x7f000001/x",
    "ftp://push.example.org/x",
    "https://push.example.org/ x",
    "https://push.example.org:port/x",
    "nothing",
    "",
)


@pytest.mark.parametrize("endpoint", BAD)
def test_an_address_that_is_no_public_push_service_is_refused(ana: User, endpoint: str) -> None:
    client = Client()
    client.force_login(ana)
    sent = {"endpoint": endpoint, "keys": Browser().keys}
    answer = client.post("/me/notices/push/", sent, content_type="application/json")
    assert answer.status_code == 422
    assert PushSubscription.objects.count() == 0


def test_a_name_that_leads_into_the_private_net_is_refused_before_the_call() -> None:
    # A name that every machine resolves to itself.
    with pytest.raises((BadEndpoint, OSError)):
        push_address.check_target("https://localhost.localdomain/x")


@pytest.mark.parametrize("body", ["", "[]", "1", '{"endpoint": 1}', '{"endpoint": "x", "keys": []}', "\\", "null"])
def test_what_is_no_subscription_is_answered_in_words(ana: User, body: str) -> None:
    client = Client()
    client.force_login(ana)
    answer = client.post("/me/notices/push/", body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["problem"]


def test_keys_that_are_none_are_refused(ana: User, service: PushService) -> None:
    client = Client()
    client.force_login(ana)
    sent = {"endpoint": f"{service.address}/phone", "keys": {"p256dh": "abc", "auth": "def"}}
    assert client.post("/me/notices/push/", sent, content_type="application/json").status_code == 422


def test_the_embedded_form_makes_one_key_and_keeps_it(settings: Any, tmp_path: Path) -> None:
    settings.VAPID_PRIVATE_KEY, settings.VAPID_KEY_FILE = "", tmp_path / "vapid_key"
    first = private_key()
    assert first == private_key()
    assert (tmp_path / "vapid_key").stat().st_mode & 0o777 == 0o600
    assert len(public_key()) == 87
    assert [path.name for path in tmp_path.iterdir()] == ["vapid_key"]


def test_a_command_makes_a_key_for_production(capsys: pytest.CaptureFixture[str], settings: Any) -> None:
    call_command("vapid_keys")
    name, _sign, key = capsys.readouterr().out.splitlines()[0].partition("=")
    assert name == "VAPID_PRIVATE_KEY"
    settings.VAPID_PRIVATE_KEY = key
    assert len(public_key()) == 87


def test_a_payload_stays_small(ana: User, service: PushService) -> None:
    phone = subscribed(ana, service)
    told(ana, place="x" * 5000)
    assert send() == 1
    assert len(service.taken[0][2]) < 3000
    assert len(json.dumps(phone.read(service.taken[0][2]))) < 2000
