"""What people read away from the pages is in their language: mails, lists, purchase orders; amounts by locale."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import translation

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.hosting.send_hand_out_lists import send_hand_out_lists
from marketplace.actions.notices import send_due_notices as sending
from marketplace.actions.notices.tell import tell
from marketplace.actions.send_dispatch import send_due_dispatches
from marketplace.models import Merchant, NoticePreference, User
from marketplace.notice_words import notice_text
from marketplace.rules.notices import NoticeKind
from marketplace.templatetags.market import figures
from marketplace.views.round_context import script_words
from marketplace.words import date_words, left_words, listed, money, money_form, zone_words, zoned_words
from tests.factories import NOON, make_household, make_user
from tests.marketplace.closing_ground import CLOSES_AT, Market
from tests.marketplace.groups.ground import MINUTE, OPENS, at, closed_place

FACTS = {"round": "Thursday's round", "lines": 2, "total_minor": 980, "currency": "EUR"}


def reader(language: str) -> User:
    user = make_user("Ana")
    user.language = language
    user.save(update_fields=["language"])
    make_household("Ana", user)
    return user


def told(user: User) -> None:
    with clock.frozen(NOON), transaction.atomic():
        tell(kind=NoticeKind.CLOSED, user_ids=[user.pk], key="window:1", facts=FACTS, link="/rounds/1/reservation/")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "title", "total"),
    [
        ("de", "Thursday's round ist geschlossen: Du bekommst alles", "9,80\u00a0€"),
        ("ar", "أُغلقت \u2068Thursday's round\u2069: ستحصل على كل شيء", "\u2066€9.80\u2069"),
    ],
)
def test_a_notice_is_mailed_in_the_readers_language(language: str, title: str, total: str) -> None:
    ana = reader(language)
    NoticePreference.objects.create(user=ana, kind="closed", channel="push", wanted=False)
    told(ana)
    with clock.frozen(NOON):
        assert sending.send_due_notices(words=notice_text) == 1
    sent = mail.outbox[0]
    assert title in sent.subject
    assert total in str(sent.body)


@pytest.mark.django_db
@pytest.mark.slow
@pytest.mark.parametrize(("language", "subject"), [("de", "ist dein Code zum Anmelden"), ("ar", "رمزك لتسجيل الدخول")])
def test_the_code_comes_in_the_language_of_the_account_whatever_the_browser_speaks(
    client: Client, language: str, subject: str
) -> None:
    cache.clear()
    ana = reader(language)
    client.post("/login/", {"login": ana.email}, headers={"accept-language": "en"})
    assert mail.outbox[0].subject.endswith(subject)


@pytest.mark.django_db
@pytest.mark.slow
def test_the_list_and_its_mail_are_in_the_hosts_language() -> None:
    place, _ = closed_place("Ana", "Bea")
    User.objects.filter(pk=place.host.pk).update(language="de")
    with at(OPENS - 60 * MINUTE):
        send_hand_out_lists()
    sent = mail.outbox[0]
    assert sent.subject.startswith("Ausgabeliste: ")
    assert "Donnerstag, 26. November" in str(sent.body)
    assert sent.attachments[0][1].startswith(b"%PDF")


@pytest.mark.django_db
def test_a_purchase_order_is_in_the_merchants_language() -> None:
    market = Market()
    merchant = market.merchant("Quinta")
    Merchant.objects.update(language="de")
    market.line(market.offer(merchant, ladder=((6, 195, 240),), case=12), 12)
    with clock.frozen(CLOSES_AT):
        close_window(window_id=market.window.pk)
    with clock.frozen(CLOSES_AT + timedelta(minutes=10)):
        assert send_due_dispatches() == 1
    assert "1 Kiste zu 12" in str(mail.outbox[0].body)


@pytest.mark.parametrize(
    ("language", "plain", "large", "minus", "foreign"),
    [
        ("en", "€2.10", "€1,234,567.89", "−€0.50", "2.10\u00a0CHF"),
        ("de", "2,10\u00a0€", "1.234.567,89\u00a0€", "−0,50\u00a0€", "2,10\u00a0CHF"),
        ("ar", "\u2066€2.10\u2069", "\u2066€1,234,567.89\u2069", "\u2066−€0.50\u2069", "\u20662.10\u00a0CHF\u2069"),
    ],
)
def test_amounts_are_written_as_the_language_does(
    language: str, plain: str, large: str, minus: str, foreign: str
) -> None:
    with translation.override(language):
        assert money(210, "EUR") == plain
        assert money(123_456_789, "EUR") == large
        assert money(-50, "EUR") == minus
        assert money(210, "CHF") == foreign
        form = money_form("EUR")
        figure = f"2{form['point']}10"
        assert str(form["form"]).replace("{}", figure) == plain


@pytest.mark.parametrize(
    ("language", "moment", "day", "spell", "names"),
    [
        ("en", "today 12:00, Lisbon time", "Thu 26 Nov", "3 days", "a, b, c"),
        ("de", "heute 12:00, Ortszeit Lissabon", "Do 26. Nov", "3 Tage", "a, b, c"),
        ("ar", "اليوم 12:00، بتوقيت لشبونة", "الخميس 26 نوفمبر", "3 أيام", "a، b، c"),
    ],
)
def test_times_days_and_lists_are_written_as_the_language_does(
    language: str, moment: str, day: str, spell: str, names: str
) -> None:
    noon = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    with translation.override(language):
        assert zoned_words(noon, noon, "Europe/Lisbon") == moment
        assert date_words(datetime(2026, 11, 26, tzinfo=UTC).date()) == day
        assert left_words(3 * 86_400) == spell
        assert listed(["a", "", "b", "c"]) == names


def test_a_zone_without_a_city_of_its_own_is_called_by_its_name() -> None:
    assert zone_words("UTC") == "UTC time"
    assert zone_words("America/Argentina/Buenos_Aires") == "Buenos Aires time"


@pytest.mark.parametrize(("language", "categories"), [("en", 2), ("de", 2), ("ar", 6)])
def test_the_script_gets_a_form_for_every_plural_category(language: str, categories: int) -> None:
    with translation.override(language):
        told_to_script = script_words("EUR")
    days = told_to_script["days"]
    assert len(days) == categories
    assert len({sample for sample, _text in days}) == categories
    assert isinstance(told_to_script["phrases"]["needs"], list)
    assert told_to_script["phrases"]["lowest"].count("[") == 0


def test_figures_are_stressed_with_their_currency_and_nothing_else() -> None:
    assert figures("(5 more; €2.10)") == "(<b>5</b> more; <b>€2.10</b>)"
    assert figures("noch 5, dann 2,10\u00a0€.") == "noch <b>5</b>, dann <b>2,10\u00a0€</b>."
    assert figures("×3 «4»") == "×<b>3</b> «<b>4</b>»"
