"""Lists that go out by mail as PDF, and households that are told that nobody collected."""

import re
import zlib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from marketplace.actions.hosting.ask_for_list import ask_for_list
from marketplace.actions.hosting.list_mail import mail_of
from marketplace.actions.hosting.send_hand_out_lists import send_hand_out_lists
from marketplace.actions.hosting.tell_no_shows import tell_no_shows
from marketplace.actions.hosting.tick import NewTick, tick
from marketplace.errors import ListNotOpen, NotFound
from marketplace.models import HandOutMail, Notice, PickupPointHost
from marketplace.queries.hosting import hand_out_list
from marketplace.rules.hand_out import TickKind
from tests.marketplace.groups.ground import (
    A_DAY,
    ENDS,
    MINUTE,
    OPENS,
    PUBLISHED,
    Place,
    at,
    closed_place,
    make_group,
    person,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def addresses() -> list[str]:
    return sorted(sent.to[0].split("-")[0] for sent in mail.outbox)


def test_the_list_goes_out_two_hours_before_the_opening_to_host_and_deputy_once() -> None:
    place, _ = closed_place("Ana", "Bea")
    assert place.handover.pickup_point is not None
    PickupPointHost.objects.create(pickup_point=place.handover.pickup_point, user=person("Dora"), is_deputy=True)
    with at(OPENS - 121 * MINUTE):
        assert send_hand_out_lists() == 0
    with at(OPENS - 120 * MINUTE):
        assert [send_hand_out_lists(), send_hand_out_lists()] == [2, 0]
    assert addresses() == ["dora", "hugo"]
    attached = mail.outbox[0].attachments[0]
    assert attached[0] == f"hand-out-{place.handover.pk}.pdf"
    assert attached[1].startswith(b"%PDF")


def test_the_mail_says_when_and_how_many_in_plain_text() -> None:
    place, _ = closed_place("Ana", "Bea")
    with at(OPENS - 60 * MINUTE):
        send_hand_out_lists()
    text = mail.outbox[0].body
    assert "Thursday 26 November, 17:00–19:00 (Europe/Lisbon)" in text
    assert "2 households collect." in text
    assert f"/hosting/handovers/{place.handover.pk}/" in text
    assert "Ana" not in text


def test_nothing_goes_out_before_the_list_is_published() -> None:
    place = Place()
    place.orders("Ana")
    with at(OPENS - 60 * MINUTE):
        assert send_hand_out_lists() == 0
    assert not HandOutMail.objects.exists()


def test_the_host_of_a_group_gets_the_own_groups_list() -> None:
    place = Place()
    place.orders("Ana", group=make_group(place, person("Gil")))
    place.orders("Bea")
    place.close()
    with at(OPENS - 60 * MINUTE):
        assert send_hand_out_lists() == 2
    gil = next(sent for sent in mail.outbox if sent.to[0].startswith("gil"))
    assert "1 household collects." in gil.body


class Refusing(EmailBackend):
    """A gateway that is down."""

    def send_messages(self, messages: object) -> int:
        raise ConnectionRefusedError("down")


def test_a_gateway_that_is_down_is_tried_again_later(settings: object) -> None:
    _place, _ = closed_place("Ana")
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"  # type: ignore[attr-defined]
    with at(OPENS - 60 * MINUTE):
        assert send_hand_out_lists() == 0
    waiting = HandOutMail.objects.get()
    assert (waiting.state, waiting.attempts, waiting.problem) == ("waiting", 1, "ConnectionRefusedError: down")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]
    with at(OPENS - 59 * MINUTE):
        assert send_hand_out_lists() == 1
    assert HandOutMail.objects.get().state == "sent"


def test_a_host_asks_once_more_and_two_taps_are_one_list() -> None:
    place, _ = closed_place("Ana")
    with at(OPENS):
        send_hand_out_lists()
        assert ask_for_list(handover_id=place.handover.pk, by=place.host) == ask_for_list(
            handover_id=place.handover.pk, by=place.host
        )
        assert send_hand_out_lists() == 1
    assert addresses() == ["hugo", "hugo"]


def test_nobody_is_mailed_a_list_that_is_not_theirs_or_not_open() -> None:
    place, _ = closed_place("Ana")
    with at(OPENS), pytest.raises(NotFound):
        ask_for_list(handover_id=place.handover.pk, by=person("Rita"))
    with at(ENDS + A_DAY + MINUTE), pytest.raises(ListNotOpen):
        ask_for_list(handover_id=place.handover.pk, by=place.host)
    assert not HandOutMail.objects.exists()


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has: its objects lie in compressed streams."""
    streams = [zlib.decompress(found) for found in re.findall(rb"FlateDecode.*?stream\n(.*?)\nendstream", pdf, re.S)]
    return len(re.findall(rb"/Type ?/Page\b", b"".join(streams)))


@pytest.mark.slow
def test_a_long_list_has_several_pages_and_every_household() -> None:
    place, _ = closed_place(*[f"Family {n}" for n in range(60)])
    with at(OPENS):
        pdf = mail_of(hand_out_list(place.host, place.handover.pk), place.host).attachments[0][1]
    assert pages_of(pdf) == 3


def test_a_household_is_told_of_a_no_show_once_half_an_hour_later() -> None:
    place, (held,) = closed_place("Ana")
    with at(ENDS):
        tick(handover_id=place.handover.pk, ticks=[NewTick(held.pk, TickKind.NO_SHOW, "a")], by=place.host)
    with at(ENDS + 30 * MINUTE):
        assert tell_no_shows() == 0
    with at(ENDS + 30 * MINUTE + timedelta(seconds=1)):
        assert [tell_no_shows(), tell_no_shows()] == [1, 0]
    notice = Notice.objects.get(kind="no_show")
    assert (notice.user.name, notice.facts["rule"], notice.facts["round"]) == ("Ana", "keep", "Thursday's round")


def test_a_no_show_that_was_taken_back_is_told_to_nobody() -> None:
    place, (held,) = closed_place("Ana")
    with at(ENDS):
        tick(handover_id=place.handover.pk, ticks=[NewTick(held.pk, TickKind.NO_SHOW, "a")], by=place.host)
    with at(ENDS + 10 * MINUTE):
        tick(handover_id=place.handover.pk, ticks=[NewTick(held.pk, TickKind.UNDO, "b")], by=place.host)
    with at(ENDS + A_DAY):
        assert tell_no_shows() == 0
    assert not Notice.objects.filter(kind="no_show").exists()


def test_publication_is_the_close_of_the_last_window() -> None:
    place, _ = closed_place("Ana")
    with at(OPENS):
        assert hand_out_list(place.host, place.handover.pk).published_at == PUBLISHED
