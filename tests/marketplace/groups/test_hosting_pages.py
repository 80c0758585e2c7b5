"""The host's pages: the board, taps with and without script, deputies by link, moves, points, room."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace.actions.hosting.make_deputy_link import make_deputy_link
from marketplace.actions.hosting.revoke_deputy_link import revoke_deputy_link
from marketplace.errors import InvalidInput, NotAllowed, NotFound
from marketplace.models import Capacity, DeputyLink, HandOutTick, Handover, HandoverProgress, Notice, PickupPoint
from tests.factories import make_handover, make_hub_staff
from tests.marketplace.groups.ground import (
    A_DAY,
    ENDS,
    MINUTE,
    OPENS,
    PUBLISHED,
    Place,
    at,
    browser,
    closed_place,
    make_group,
    person,
)

pytestmark = pytest.mark.django_db


def send(client: Client, place: Place, *ticks: dict[str, Any], to: str = "") -> Any:
    """A phone's queue."""
    return client.post(to or f"{place.address}ticks/", json.dumps({"ticks": ticks}), content_type="application/json")


def queued(reservation_id: int, key: str, kind: str = "handed_over", when: str = "") -> dict[str, Any]:
    return {"reservation": reservation_id, "kind": kind, "key": key, "at": when or OPENS.isoformat()}


def test_the_board_shows_own_handovers_and_nobody_elses() -> None:
    place, _ = closed_place("Ana")
    closed_place("Bea")
    with at(OPENS):
        page = browser(place.host).get("/hosting/").content.decode()
    assert page.count("Hand out</a>") == 1
    assert "1 order" in page


def test_somebody_without_a_handover_reads_how_to_get_one() -> None:
    assert "Start a group" in browser(person("Rita")).get("/hosting/").content.decode()


@pytest.mark.slow
def test_the_board_costs_as_many_queries_for_twenty_handovers_as_for_one() -> None:
    counts = []
    for many in (1, 20):
        place = Place()
        for _ in range(many - 1):
            later = make_handover(place.market.round)
            Handover.objects.filter(pk=later.pk).update(
                pickup_point=place.handover.pickup_point, starts_at=OPENS + timedelta(seconds=later.pk)
            )
        client = browser(place.host)
        with at(OPENS), CaptureQueriesContext(connection) as seen:
            client.get("/hosting/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_before_the_close_the_page_tells_how_many_and_no_name() -> None:
    place = Place()
    place.orders("Zacarias")
    with at(PUBLISHED - MINUTE):
        page = browser(place.host).get(place.address).content.decode()
    assert "1 household collects here." in page
    assert "Zacarias" not in page


def test_without_a_script_a_tap_is_a_form(client: Client) -> None:
    place, (held,) = closed_place("Ana")
    with at(OPENS):
        answer = browser(place.host).post(
            f"{place.address}ticks/", {"reservation": held.pk, "kind": "handed_over", "key": "page.1"}
        )
        page = browser(place.host).get(place.address).content.decode()
    assert answer["Location"] == f"{place.address}#r{held.pk}"
    assert "Handed over 17:00, Hugo" in page
    assert "1 of 1 handed over." in page


def test_a_queue_is_answered_with_how_everything_stands() -> None:
    place, (ana, bea) = closed_place("Ana", "Bea")
    with at(OPENS + 5 * MINUTE):
        answer = send(browser(place.host), place, queued(ana.pk, "a"), queued(bea.pk, "b", "no_show"))
    assert answer.status_code == 200
    assert answer.json() == {
        "now": (OPENS + 5 * MINUTE).isoformat(),
        "progress": "1 of 2 handed over, 1 not collected.",
        "rows": [
            {"id": ana.pk, "state": "handed_over", "said": "Handed over 17:00, Hugo", "undo": True},
            {"id": bea.pk, "state": "no_show", "said": "Not collected, noted 17:00, Hugo", "undo": True},
        ],
    }


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"ticks": [1]}',
        '{"ticks": [{"reservation": "x", "kind": "handed_over", "key": "a"}]}',
        '{"ticks": [{"reservation": 1, "kind": "stolen", "key": "a"}]}',
        '{"ticks": [{"reservation": 1, "kind": "handed_over", "key": "a", "at": "yesterday"}]}',
        '{"ticks": [{"reservation": 1, "kind": "handed_over", "key": "a", "at": "2026-11-26T17:00:00"}]}',
        '{"ticks": [{"reservation": 1, "kind": "handed_over", "key": 7}]}',
        '{"ticks": []}',
    ],
)
def test_what_no_phone_sends_is_refused_and_nothing_is_ticked(body: str) -> None:
    place, _ = closed_place("Ana")
    with at(OPENS):
        answer = browser(place.host).post(f"{place.address}ticks/", body, content_type="application/json")
    assert answer.status_code == 422
    assert not HandOutTick.objects.exists()


def test_a_deputys_link_opens_the_list_on_its_day_alone_and_carries_the_name() -> None:
    place, (held,) = closed_place("Ana")
    with at(OPENS - A_DAY):
        _link, token = make_deputy_link(handover_id=place.handover.pk, name="Rui", by=place.host)
        early = Client().get(f"/hosting/deputy/{token}/")
    assert early.status_code == 404
    assert token not in str(list(DeputyLink.objects.values()))
    with at(OPENS):
        page = Client().get(f"/hosting/deputy/{token}/").content.decode()
        answer = send(Client(), place, queued(held.pk, "a"), to=f"/hosting/deputy/{token}/ticks/")
    assert "Ana" in page
    assert "deputy by link" in page
    assert answer.json()["rows"][0]["said"] == "Handed over 17:00, Rui"
    step = HandoverProgress.objects.get()
    assert (step.step, step.by, step.note) == ("handed_over", None, "deputy by link: Rui")
    midnight = OPENS.replace(hour=0) + A_DAY
    with at(midnight - MINUTE):
        assert Client().get(f"/hosting/deputy/{token}/").status_code == 200
    with at(midnight):
        assert Client().get(f"/hosting/deputy/{token}/").status_code == 404


def test_a_link_that_was_taken_back_opens_nothing() -> None:
    place, _ = closed_place("Ana")
    with at(OPENS):
        link, token = make_deputy_link(handover_id=place.handover.pk, name="Rui", by=place.host)
        revoke_deputy_link(handover_id=place.handover.pk, link_id=link.pk, by=place.host)
        assert Client().get(f"/hosting/deputy/{token}/").status_code == 404
        refused = Client().post(f"/hosting/deputy/{token}/ticks/", {"reservation": 1, "kind": "no_show", "key": "a"})
    assert refused.status_code == 404
    assert not HandOutTick.objects.exists()


def test_who_guesses_at_links_has_to_wait_even_with_a_right_one() -> None:
    place, _ = closed_place("Ana")
    with at(OPENS):
        _link, token = make_deputy_link(handover_id=place.handover.pk, name="Rui", by=place.host)
        answers = [Client().get(f"/hosting/deputy/guess{n}/").status_code for n in range(21)]
        assert Client().get(f"/hosting/deputy/{token}/").status_code == 429
    assert answers == [404] * 20 + [429]


def test_links_are_made_by_who_keeps_the_point_with_a_name_before_the_day_is_over() -> None:
    place = Place()
    gil = person("Gil")
    place.orders("Ana", group=make_group(place, gil))
    place.close()
    with at(OPENS):
        with pytest.raises(NotAllowed):
            make_deputy_link(handover_id=place.handover.pk, name="Rui", by=gil)
        with pytest.raises(NotFound):
            make_deputy_link(handover_id=place.handover.pk, name="Rui", by=person("Rita"))
        with pytest.raises(InvalidInput):
            make_deputy_link(handover_id=place.handover.pk, name=" ", by=place.host)
    with at(OPENS + A_DAY), pytest.raises(InvalidInput):
        make_deputy_link(handover_id=place.handover.pk, name="Rui", by=place.host)
    assert not DeputyLink.objects.exists()


def test_the_new_link_is_shown_this_once() -> None:
    place, _ = closed_place("Ana")
    client = browser(place.host)
    with at(OPENS):
        made = client.post(f"{place.address}deputies/", {"name": "Rui"}).content.decode()
        later = client.get(f"{place.address}deputies/").content.decode()
    assert "http://testserver/hosting/deputy/" in made
    assert "http://testserver/hosting/deputy/" not in later
    assert "opens the list today 00:00 until tomorrow 00:00" in later


def told(place: Place) -> list[tuple[str, str]]:
    notices = Notice.objects.filter(kind="moved").order_by("pk")
    return [(notice.user.name, notice.facts["what"]) for notice in notices]


def test_a_point_is_moved_for_the_day_and_back_and_everybody_is_told_both_times() -> None:
    place = Place()
    place.orders("Ana")
    place.orders("Bea")
    client = browser(place.host)
    with at(OPENS - A_DAY):
        sent = {"moved_to": "Rua Nova 3", "reason": "Broken pipe", "starts": "18:00", "ends": "20:30"}
        assert client.post(f"{place.address}move/", sent).status_code == 302
        moved = Handover.objects.get(pk=place.handover.pk)
        assert (moved.moved_to, moved.moved_reason, moved.starts_at, moved.ends_at) == (
            "Rua Nova 3",
            "Broken pipe",
            OPENS + 60 * MINUTE,
            ENDS + 90 * MINUTE,
        )
        assert told(place) == [("Ana", "moved"), ("Bea", "moved")]
        assert client.post(f"{place.address}move/", sent).status_code == 409
        assert client.post(f"{place.address}move/back/").status_code == 302
    back = Handover.objects.get(pk=place.handover.pk)
    assert (back.moved_to, back.moved_reason, back.starts_at, back.ends_at) == ("", "", OPENS, ENDS)
    assert told(place) == [("Ana", "moved"), ("Bea", "moved"), ("Ana", "back"), ("Bea", "back")]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"moved_to": "  "}, "This field is required."),
        ({"moved_to": "Rua Nova 3", "starts": "20:00", "ends": "19:00"}, "It ends after it begins."),
    ],
)
def test_a_move_that_makes_no_sense_is_said_and_nobody_is_told(sent: dict[str, str], said: str) -> None:
    place = Place()
    place.orders("Ana")
    with at(OPENS - A_DAY):
        answer = browser(place.host).post(f"{place.address}move/", sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Handover.objects.get(pk=place.handover.pk).moved_to == ""
    assert told(place) == []


def test_what_has_ended_is_not_moved() -> None:
    place = Place()
    with at(ENDS):
        answer = browser(place.host).post(f"{place.address}move/", {"moved_to": "Rua Nova 3"})
    assert "That is over already." in answer.content.decode()
    assert Handover.objects.get(pk=place.handover.pk).moved_to == ""


def test_a_coordinator_moves_a_point_too() -> None:
    place = Place()
    carla = make_hub_staff(place.market.hub)
    with at(OPENS - A_DAY):
        browser(carla).post(f"{place.address}move/", {"moved_to": "Rua Nova 3"})
    assert Handover.objects.get(pk=place.handover.pk).moved_to == "Rua Nova 3"


def test_a_host_sets_the_usual_hours_room_and_way() -> None:
    place = Place()
    point = place.handover.pickup_point
    assert point is not None
    sent = {"opens_time": "17:00", "closes_time": "19:30", "usual_capacity": "40", "instructions": "Blue door"}
    assert browser(place.host).post(f"/hosting/points/{point.pk}/", sent)["Location"] == "/hosting/"
    kept = PickupPoint.objects.get(pk=point.pk)
    assert (str(kept.opens_time), str(kept.closes_time), kept.usual_capacity, kept.instructions) == (
        "17:00:00",
        "19:30:00",
        40,
        "Blue door",
    )


def test_half_of_the_hours_is_said_beside_the_field() -> None:
    place = Place()
    point = place.handover.pickup_point
    assert point is not None
    answer = browser(place.host).post(f"/hosting/points/{point.pk}/", {"opens_time": "17:00"})
    assert answer.status_code == 422
    assert "Say both times, or neither." in answer.content.decode()
    assert browser(person("Rita")).get(f"/hosting/points/{point.pk}/").status_code == 404


def test_room_is_never_less_than_what_is_taken() -> None:
    place = Place()
    bound = Capacity.objects.create(limit=10, taken=6)
    Handover.objects.filter(pk=place.handover.pk).update(capacity=bound)
    client = browser(place.host)
    assert client.post(f"{place.address}room/", {"room": "5"}).status_code == 422
    assert Capacity.objects.get(pk=bound.pk).limit == 10
    assert client.post(f"{place.address}room/", {"room": "6"}).status_code == 302
    assert Capacity.objects.get(pk=bound.pk).limit == 6
    with at(OPENS):
        assert "full" in client.get("/hosting/").content.decode()
