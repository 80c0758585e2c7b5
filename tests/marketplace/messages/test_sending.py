"""What was told goes out once: by mail and push, at its time, with retries, and nothing is lost when a sender dies."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.transaction import TransactionManagementError

from marketplace import clock
from marketplace.actions.notices import send_due_notices as sending
from marketplace.actions.notices.mail import MailRun
from marketplace.actions.notices.tell import tell
from marketplace.models import Notice, NoticeDelivery, NoticeHours, NoticePreference, User
from marketplace.notice_words import notice_text
from marketplace.rules.notices import NoticeKind
from tests.factories import NOON, make_user

pytestmark = pytest.mark.django_db

FACTS = {"round": "Thursday's round", "lines": 2, "total_minor": 980, "currency": "EUR"}


class BrokenGateway(BaseEmailBackend):
    """A mail gateway that is down."""

    def send_messages(self, email_messages: object) -> int:
        raise ConnectionRefusedError("the gateway is down")


@pytest.fixture
def ana() -> User:
    user = make_user("Ana")
    NoticePreference.objects.create(user=user, kind="closed", channel="push", wanted=False)
    return user


def told(*people: User, kind: NoticeKind = NoticeKind.CLOSED, key: str = "window:1", **facts: Any) -> int:
    with transaction.atomic():
        ids = [person.pk for person in people]
        return tell(kind=kind, user_ids=ids, key=key, facts={**FACTS, **facts}, link="/rounds/1/reservation/")


def send(at: datetime) -> int:
    with clock.frozen(at):
        return sending.send_due_notices(words=notice_text)


def states() -> list[tuple[str, str]]:
    return list(NoticeDelivery.objects.order_by("pk").values_list("channel", "state"))


def test_telling_outside_a_transaction_is_refused(ana: User) -> None:
    connected = transaction.get_connection()
    assert connected.in_atomic_block  # the test's own
    connected.in_atomic_block = False
    try:
        with pytest.raises(TransactionManagementError):
            tell(kind=NoticeKind.CLOSED, user_ids=[ana.pk], key="x", facts={})
    finally:
        connected.in_atomic_block = True
    assert not Notice.objects.exists()


def test_what_is_told_twice_is_one_notice_and_one_mail(ana: User) -> None:
    with clock.frozen(NOON):
        assert told(ana) == 1
        assert told(ana, ana) == 0
    assert send(NOON) == 1
    assert send(NOON) == 0
    assert Notice.objects.count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.slow  # rows of 1,200 people
def test_thousands_are_told_in_a_few_statements(django_assert_max_num_queries: Any) -> None:
    people = User.objects.bulk_create([User(email=f"p{n}@example.org", name="P") for n in range(1200)])
    with django_assert_max_num_queries(60):
        assert told(*people) == 1200
    assert Notice.objects.count() == 1200


def test_a_mail_says_it_in_plain_text_first_with_a_large_total_and_a_link_to_leave(ana: User) -> None:
    with clock.frozen(NOON):
        told(ana)
    send(NOON)
    sent = mail.outbox[0]
    assert sent.to == [ana.email]
    assert sent.subject == "Thursday's round has closed: you get everything · €9.80"
    assert "2 products were ordered." in str(sent.body)
    assert "http://127.0.0.1:8000/rounds/1/reservation/" in str(sent.body)
    page, kind = sent.alternatives[0]  # type: ignore[attr-defined]
    assert kind == "text/html"
    assert '<p class="total">€9.80</p>' in page
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent.extra_headers["List-Unsubscribe"].startswith("<http://127.0.0.1:8000/me/notices/stop/")


def test_what_a_person_does_not_want_stays_in_the_inbox(ana: User) -> None:
    NoticePreference.objects.create(user=ana, kind="closed", channel="email", wanted=False)
    assert told(ana) == 1
    assert states() == []
    assert send(clock.now()) == 0
    assert Notice.objects.filter(user=ana).count() == 1


def test_a_gateway_that_is_down_is_tried_again_and_then_given_up(ana: User, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenGateway"
    with clock.frozen(NOON):
        told(ana)
    now = NOON
    for pause in sending.PAUSES:
        assert send(now) == 0
        delivery = NoticeDelivery.objects.get()
        assert (delivery.state, delivery.due_at - now) == ("waiting", pause)
        now = delivery.due_at
    send(now)
    delivery = NoticeDelivery.objects.get()
    assert (delivery.state, delivery.attempts) == ("given_up", 6)
    assert delivery.problem == "ConnectionRefusedError: the gateway is down"
    assert Notice.objects.count() == 1


def test_one_that_fails_does_not_stop_the_others(ana: User) -> None:
    gone = make_user("Gone", is_active=False)
    with clock.frozen(NOON):
        told(gone, kind=NoticeKind.CLAIM)
        told(ana, kind=NoticeKind.CLAIM)
    assert send(NOON) == 1
    assert states() == [("email", "given_up"), ("email", "sent")]
    assert mail.outbox[0].to == [ana.email]


def test_quiet_hours_hold_a_mail_until_the_morning(ana: User) -> None:
    NoticeHours.objects.create(user=ana, time_zone="Europe/Lisbon", quiet_from=time(22), quiet_until=time(7))
    night, morning = datetime(2026, 11, 22, 23, tzinfo=UTC), datetime(2026, 11, 23, 7, tzinfo=UTC)
    with clock.frozen(night):
        told(ana)
    assert send(night) == 0
    assert NoticeDelivery.objects.get().due_at == morning
    assert send(morning) == 1


def test_a_sender_that_comes_late_does_not_break_quiet_hours(ana: User) -> None:
    NoticeHours.objects.create(user=ana, time_zone="Europe/Lisbon", quiet_from=time(22), quiet_until=time(7))
    evening, night = datetime(2026, 11, 22, 21, tzinfo=UTC), datetime(2026, 11, 22, 23, tzinfo=UTC)
    with clock.frozen(evening):
        told(ana)
    assert send(night) == 0
    assert send(datetime(2026, 11, 23, 7, tzinfo=UTC)) == 1


def test_a_digest_is_one_mail_a_day_with_everything_that_waits(ana: User) -> None:
    NoticeHours.objects.create(user=ana, time_zone="Europe/Lisbon", digest_at=time(18))
    six = datetime(2026, 11, 22, 18, tzinfo=UTC)
    with clock.frozen(NOON):
        told(ana)
        told(ana, kind=NoticeKind.CLAIM, key="claim:1", product="Leeks", state="accepted")
        told(ana, kind=NoticeKind.CUT, key="cut:1", product="Honey", asked=2, units=1)
    NoticeDelivery.objects.filter(channel="push").delete()
    assert send(six - timedelta(minutes=1)) == 0
    assert send(six) == 3
    assert send(six) == 0
    assert len(mail.outbox) == 1
    assert mail.outbox[0].subject == "3 pieces of news: Thursday's round has closed: you get everything, and more"
    for words in ("you get everything: €9.80", "Your report on Leeks was accepted", "Honey: you get 1 of 2"):
        assert words in str(mail.outbox[0].body)
    with clock.frozen(six + timedelta(minutes=1)):
        told(ana, key="window:2")
    assert send(six + timedelta(hours=5)) == 0
    assert send(six + timedelta(days=1)) == 1
    assert len(mail.outbox) == 2


def test_what_is_urgent_is_not_held_for_the_digest(ana: User) -> None:
    NoticeHours.objects.create(user=ana, time_zone="Europe/Lisbon", digest_at=time(18))
    with clock.frozen(NOON):
        told(ana, kind=NoticeKind.READY, place="Rua das Flores")
    NoticeDelivery.objects.filter(channel="push").delete()
    assert send(NOON) == 1
    assert mail.outbox[0].subject.startswith("Your order is ready: Rua das Flores")


def test_a_reminder_whose_time_is_over_is_not_sent(ana: User) -> None:
    with clock.frozen(NOON):
        told(ana, kind=NoticeKind.CLOSES_SOON, until=(NOON + timedelta(hours=4)).isoformat())
    assert send(NOON + timedelta(hours=5)) == 0
    assert {state for _channel, state in states()} == {"given_up"}
    assert mail.outbox == []


def test_a_claim_of_a_dead_sender_is_taken_over_when_it_ends(ana: User) -> None:
    with clock.frozen(NOON):
        told(ana)
        assert len(sending._claim()) == 1  # and then it died
    assert send(NOON + sending.CLAIM) == 0
    assert send(NOON + sending.CLAIM + timedelta(seconds=1)) == 1
    assert len(mail.outbox) == 1


def test_a_sender_whose_claim_was_taken_over_sends_nothing(ana: User) -> None:
    with clock.frozen(NOON):
        told(ana)
        slow = sending._claim()
    with clock.frozen(NOON + sending.CLAIM + timedelta(seconds=1)):
        assert len(sending._claim()) == 1
        with MailRun() as mails:
            assert sending._send(slow, notice_text, mails) == 0
    assert mail.outbox == []


def test_a_second_copy_carries_the_same_id(ana: User) -> None:
    with clock.frozen(NOON):
        told(ana)
    send(NOON)
    NoticeDelivery.objects.update(state="waiting", sent_at=None)  # died before it could mark
    send(NOON)
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_a_mail_about_a_message_that_was_read_meanwhile_is_not_sent(ana: User) -> None:
    with clock.frozen(NOON):
        told(ana, kind=NoticeKind.MESSAGE)
    NoticeDelivery.objects.filter(channel="push").delete()
    Notice.objects.update(read_at=NOON + timedelta(minutes=2))
    assert send(NOON + timedelta(minutes=10)) == 0
    assert mail.outbox == []
    assert states() == [("email", "given_up")]
