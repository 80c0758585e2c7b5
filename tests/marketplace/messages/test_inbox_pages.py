"""The inbox, the page of wishes, and the link in a mail that ends such mails."""

import re
from datetime import time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from marketplace import clock
from marketplace.actions.notices.forget import forget
from marketplace.actions.notices.send_due_notices import send_due_notices
from marketplace.actions.notices.tell import tell
from marketplace.models import Notice, NoticeDelivery, NoticeHours, NoticePreference, User
from marketplace.notice_kinds import kind_name, sections
from marketplace.notice_words import kinds_without_words, notice_text
from marketplace.queries.notices import PAGE, inbox
from marketplace.rules.notices import NoticeKind
from tests.factories import NOON, make_user
from tests.marketplace.pages_ground import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # whole pages


def told(user: User, many: int = 1, kind: NoticeKind = NoticeKind.CLOSED, link: str = "/rounds/1/reservation/") -> None:
    for n in range(many):
        with clock.frozen(NOON + timedelta(minutes=n)), transaction.atomic():
            facts = {"round": f"Round {n:02}", "lines": 1}
            tell(kind=kind, user_ids=[user.pk], key=f"window:{n}", facts=facts, link=link)


def form(**changes: str) -> dict[str, str]:
    """What the page sends when nothing was ticked."""
    return {"time_zone": "Europe/Lisbon", "hours_before_close": "4", **changes}


def test_unread_ones_stand_first_and_the_newest_before_the_others() -> None:
    client, ana = signed_in()
    told(ana, 3)
    Notice.objects.filter(key="window:2").update(read_at=NOON)
    text = client.get("/inbox/").content.decode()
    assert re.findall(r"Round \d\d", text) == ["Round 01", "Round 00", "Round 02"]


def test_opening_one_marks_it_as_read_and_leads_to_the_thing() -> None:
    client, ana = signed_in()
    told(ana)
    notice = Notice.objects.get()
    with clock.frozen(NOON):
        answer = client.get(f"/inbox/{notice.pk}/")
        assert client.get("/inbox/unread/").json() == {"unread": 0}
    assert answer.headers["Location"] == "/rounds/1/reservation/"
    notice.refresh_from_db()
    assert notice.read_at == NOON


def test_a_link_that_leads_elsewhere_is_not_followed() -> None:
    client, ana = signed_in()
    told(ana, link="//evil.example/")
    assert client.get(f"/inbox/{Notice.objects.get().pk}/").headers["Location"] == "/inbox/"


def test_somebody_elses_notice_is_not_found_and_stays_unread() -> None:
    client, _bela = signed_in("Bela")
    told(make_user("Ana"))
    assert client.get(f"/inbox/{Notice.objects.get().pk}/").status_code == 404
    client.post("/inbox/read/")
    assert Notice.objects.get().read_at is None
    assert "Round 00" not in client.get("/inbox/").content.decode()


def test_everything_can_be_marked_as_read_at_once() -> None:
    client, ana = signed_in()
    told(ana, 2)
    assert client.post("/inbox/read/").status_code == 302
    assert not Notice.objects.filter(read_at=None).exists()


def test_a_visitor_is_asked_to_sign_in_and_has_nothing_unread() -> None:
    assert "/login/" in Client().get("/inbox/").headers["Location"]
    assert Client().get("/inbox/unread/").json() == {"unread": 0}


def test_pages_of_the_inbox_hold_each_notice_once() -> None:
    _client, ana = signed_in()
    told(ana, 2 * PAGE + 5)
    Notice.objects.filter(key__in=[f"window:{n}" for n in range(40)]).update(read_at=NOON)
    seen, before = [], ""
    while True:
        page = inbox(ana, before=before)
        seen += [notice.key for notice in page.notices]
        before = page.following
        if not before:
            break
    assert len(seen) == len(set(seen)) == 2 * PAGE + 5


@pytest.mark.parametrize("before", ["x", "u", "u-1", "r9999999999999999999999", "ü5", "u٣"])
def test_an_odd_page_mark_starts_anew(before: str) -> None:
    client, ana = signed_in()
    told(ana)
    assert client.get("/inbox/", {"before": before}).status_code == 200


def test_an_inbox_of_twenty_costs_no_more_queries_than_one_of_one(django_assert_num_queries: Any) -> None:
    client, ana = signed_in()
    told(ana)
    # The clock is a statement of its own on PostgreSQL; held still, both databases are asked the same.
    with clock.frozen(clock.now()):
        with django_assert_num_queries(5) as one:
            assert client.get("/inbox/").status_code == 200
        told(ana, 20)
        with django_assert_num_queries(len(one)):
            assert client.get("/inbox/").status_code == 200


def test_every_kind_has_words_a_name_and_a_place_on_the_page() -> None:
    assert list(kinds_without_words()) == []
    listed = [kind for _title, _help, kinds in sections() for kind in kinds]
    assert sorted(listed) == sorted(NoticeKind)
    client, _ana = signed_in()
    text = client.get("/me/notices/").content.decode()
    for kind in NoticeKind:
        assert kind_name(kind) in text


def test_wishes_are_kept_and_only_what_changed_is_written() -> None:
    client, ana = signed_in()
    ticked = {
        f"{kind.value}-{channel}": "on"
        for kind in NoticeKind
        for channel in ("email", "push")
        if f"{kind.value}-{channel}" != "opens-email"
    }
    assert client.post("/me/notices/", form(**ticked)).status_code == 302
    kept = {(p.kind, p.channel): p.wanted for p in NoticePreference.objects.filter(user=ana)}
    assert kept[("opens", "email")] is False
    assert kept[("on_the_way", "email")] is True
    assert ("closed", "email") not in kept  # as it was
    client.post("/me/notices/", form(**ticked, **{"opens-email": "on"}))
    assert NoticePreference.objects.get(user=ana, kind="opens", channel="email").wanted is True


def test_quiet_hours_and_the_mail_of_the_day_are_kept_in_the_browsers_zone() -> None:
    client, ana = signed_in()
    sent = form(quiet_from="22:00", quiet_until="07:00", daily="on", digest_at="18:00", hours_before_close="6")
    assert client.post("/me/notices/", sent).status_code == 302
    hours = NoticeHours.objects.get(user=ana)
    assert (hours.time_zone, hours.quiet_from, hours.quiet_until) == ("Europe/Lisbon", time(22), time(7))
    assert (hours.digest_at, hours.hours_before_close) == (time(18), 6)
    assert "Lisbon time" in client.get("/me/notices/").content.decode()
    client.post("/me/notices/", form(time_zone="Moon/Base"))
    hours.refresh_from_db()
    assert (hours.time_zone, hours.quiet_from, hours.digest_at) == ("Europe/Lisbon", None, None)


@pytest.mark.parametrize(
    ("typed", "place", "words"),
    [
        ({"quiet_from": "22:00"}, "quiet_until", "Quiet hours have a beginning and an end."),
        ({"quiet_until": "07:00"}, "quiet_from", "Quiet hours have a beginning and an end."),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until", "Beginning and end are the same."),
        ({"quiet_from": "late", "quiet_until": "07:00"}, "quiet_from", "Enter a valid time."),
        ({"daily": "on"}, "digest_at", "Say when the mail of the day should come."),
        ({"hours_before_close": "99"}, "hours_before_close", "Write a number of hours from 1 to 48."),
        ({"hours_before_close": ""}, "hours_before_close", "Write a number of hours from 1 to 48."),
    ],
)
def test_a_wish_that_cannot_be_kept_is_answered_at_its_field_and_nothing_is_lost(
    typed: dict[str, str], place: str, words: str
) -> None:
    client, _ana = signed_in()
    answer = client.post("/me/notices/", form(**typed, **{"group-email": "on"}))
    text = answer.content.decode()
    assert answer.status_code == 422
    error = re.search(rf'id="id_{place}_error">(.*?)</p>', text, re.DOTALL)
    assert error is not None
    assert words in error[1]
    assert re.search(r'name="group-email"[^>]*checked', text)
    for value in typed.values():
        assert value in ("", "on") or f'value="{value}"' in text
    assert not NoticeHours.objects.exists()
    assert not NoticePreference.objects.exists()


def stop_link_of(user: User) -> str:
    with clock.frozen(NOON):
        told(user)
        send_due_notices(words=notice_text)
    found = re.search(
        r"<http://127\.0\.0\.1:8000(/me/notices/stop/.+/)>", mail.outbox[-1].extra_headers["List-Unsubscribe"]
    )
    assert found is not None
    return found[1]


def test_a_mail_program_ends_such_mails_by_one_click_without_signing_in() -> None:
    ana = make_user("Ana")
    link = stop_link_of(ana)
    browser = Client(enforce_csrf_checks=True)
    assert browser.get(link).status_code == 200  # programs open links
    assert not NoticePreference.objects.exists()
    told(ana, 2)
    assert NoticeDelivery.objects.filter(channel="email", state="waiting").count() == 1
    answer = browser.post(link, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert NoticePreference.objects.values_list("user", "kind", "channel", "wanted").get() == (
        ana.pk,
        "closed",
        "email",
        False,
    )
    assert not NoticeDelivery.objects.filter(channel="email", state="waiting").exists()
    assert Notice.objects.filter(user=ana).count() == 2  # they stay in the inbox
    assert browser.post(link).status_code == 200


@pytest.mark.parametrize("signed", ["nothing", "WzEsWyJjbG9zZWQiXV0:1xVDdo:forged", "a:b:c"])
def test_a_link_that_we_did_not_sign_ends_nothing(signed: str) -> None:
    assert Client().post(f"/me/notices/stop/{signed}/").status_code == 404
    assert not NoticePreference.objects.exists()


def test_an_erased_persons_inbox_is_gone_and_others_stay() -> None:
    ana, bela = make_user("Ana"), make_user("Bela")
    told(ana)
    told(bela)
    forget(user_id=ana.pk)
    forget(user_id=ana.pk)
    assert list(Notice.objects.values_list("user", flat=True)) == [bela.pk]
