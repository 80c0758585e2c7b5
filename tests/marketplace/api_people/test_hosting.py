"""The host's desk by API: board, list, ticks, moving, deputies, shifts."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.models import (
    Capacity,
    DeputyLink,
    HandOutMail,
    HandOutTick,
    Handover,
    HandoverMove,
    PickupPoint,
    ShiftVolunteer,
    VolunteerShift,
)
from tests.factories import NOON
from tests.marketplace.api_ground import Client, client_of, key, problem
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
HOSTING, SHIFTS = "/api/v1/hosting/", "/api/v1/shifts/"


def here(place: Place, *rest: str) -> str:
    return HOSTING + "/".join(["handovers", str(place.handover.pk), *rest, ""])


def send(client: Client, place: Place, *ticks: dict[str, Any]) -> Any:
    return client.post(here(place, "ticks"), {"ticks": list(ticks)}, format="json")


def a_tick(reservation_id: int, kind: str = "handed_over", tick_key: str = "t1", **more: Any) -> dict[str, Any]:
    return {"reservation_id": reservation_id, "kind": kind, "key": tick_key, **more}


def test_the_board_lists_own_handovers_and_points() -> None:
    place = Place()
    place.orders("Ana")
    with at(NOON):
        client = client_of(place.host)
        [row] = client.get(f"{HOSTING}handovers/").json()["results"]
        assert (row["id"], row["reservations"], row["published"]) == (place.handover.pk, 1, False)
        [point] = client.get(f"{HOSTING}points/").json()["results"]
        assert point["id"] == place.handover.pickup_point_id
        board = client.get(here(place)).json()
    assert board["totals"] == {"households": 1, "missing": 2, "products": None}
    assert (board["whole_point"], "Ana" in str(board)) == (True, False)


def test_the_board_costs_the_same_for_one_and_for_twenty_handovers() -> None:
    place = Place()

    def queries() -> int:
        with at(NOON), CaptureQueriesContext(connection) as seen:
            assert client_of(place.host).get(f"{HOSTING}handovers/").status_code == 200
        return len(seen)

    before = queries()
    for number in range(1, 20):
        Handover.objects.create(
            round=place.handover.round,
            pickup_point=place.handover.pickup_point,
            starts_at=OPENS + number * A_DAY,
            ends_at=ENDS + number * A_DAY,
        )
    assert queries() == before


def test_names_are_told_from_publication_until_a_day_after_the_end() -> None:
    place, [held] = closed_place("Ana")
    client = client_of(place.host)
    with at(PUBLISHED - MINUTE):
        problem(client.get(here(place, "list")), 409, "list-not-open")
    for moment in (PUBLISHED, ENDS + A_DAY):
        with at(moment):
            [row] = client.get(here(place, "list")).json()["rows"]
            assert (row["reservation_id"], row["household"], row["state"]) == (held.pk, "Ana", "")
            assert [(line["asked"], line["quantity"]) for line in row["lines"]] == [(2, 2)]
    with at(ENDS + A_DAY + MINUTE):
        told = problem(client.get(here(place, "list")), 409, "list-not-open")
        problem(send(client, place, a_tick(held.pk)), 409, "list-not-open")
    assert "Ana" not in str(told)
    assert HandOutTick.objects.count() == 0


def test_before_the_close_no_name_is_told() -> None:
    place = Place()
    place.orders("Ana")
    with at(NOON):
        told = problem(client_of(place.host).get(here(place, "list")), 409, "list-not-open")
    assert "Ana" not in str(told)


def test_ticks_are_sent_together_and_twice_is_once() -> None:
    place, [ana, bea] = closed_place("Ana", "Bea")
    client = client_of(place.host)
    batch = (
        a_tick(ana.pk, at=(OPENS + MINUTE).isoformat()),
        a_tick(bea.pk, "no_show", "t2", at=(OPENS + 2 * MINUTE).isoformat()),
    )
    with at(OPENS + 3 * MINUTE):
        first = send(client, place, *batch).json()
        assert (first["recorded"], first["list"]["handed_over"], first["list"]["no_shows"]) == (2, 1, 1)
        assert send(client, place, *batch).json()["recorded"] == 0
        [row, _] = first["list"]["rows"]
        assert (row["state"], row["at"], row["ticked_by"]) == ("handed_over", "2026-11-26T17:01:00Z", "Hugo")
        undone = send(client, place, a_tick(ana.pk, "undo", "t3")).json()
        assert undone["list"]["rows"][0]["state"] == ""
    assert HandOutTick.objects.count() == 3


def test_what_is_no_tick_is_refused_with_its_place_and_nothing_is_recorded() -> None:
    place, [held] = closed_place("Ana")
    client = client_of(place.host)
    with at(OPENS):
        told = problem(send(client, place, a_tick(held.pk), a_tick(held.pk, "eaten")), 400, "invalid-request")
        assert told["errors"][0]["pointer"] == "#/ticks/1/kind"
        problem(send(client, place), 400, "invalid-request")
        problem(send(client, place, a_tick(held.pk, at="yesterday")), 400, "invalid-request")
        problem(send(client, place, a_tick(held.pk, at="0001-01-01T00:00:00+14:00")), 400, "invalid-request")
        problem(send(client, place, a_tick(10**17)), 404, "not-found")
    assert HandOutTick.objects.count() == 0


def test_an_undo_that_comes_too_late_is_told_so() -> None:
    place, [held] = closed_place("Ana")
    client = client_of(place.host)
    with at(OPENS):
        send(client, place, a_tick(held.pk))
    with at(OPENS + 31 * MINUTE):
        problem(send(client, place, a_tick(held.pk, "undo", "late")), 409, "undo-too-late")
    assert HandOutTick.objects.count() == 1


def test_the_list_goes_out_by_mail_once_for_two_taps() -> None:
    place, _ = closed_place("Ana")
    client = client_of(place.host)
    with at(OPENS):
        for _tap in range(2):
            assert client.post(here(place, "list", "mail")).status_code == 202
    assert HandOutMail.objects.filter(user=place.host).count() == 1


def test_a_handover_moves_for_its_day_and_back() -> None:
    place = Place()
    client = client_of(place.host)
    with at(NOON):
        told = client.post(
            here(place, "move"), {"moved_to": "The school", "starts": "18:00", "ends": "20:00"}, format="json"
        ).json()
        assert (told["moved_to"], told["starts_at"]) == ("The school", "2026-11-26T18:00:00Z")
        problem(client.post(here(place, "move"), {"moved_to": "x"}, format="json"), 409, "illegal-move")
        told = client.delete(here(place, "move")).json()
        assert (told["moved_to"], told["starts_at"]) == ("", "2026-11-26T17:00:00Z")
        problem(client.delete(here(place, "move")), 409, "illegal-move")
        wrong = client.post(here(place, "move"), {"moved_to": "x", "starts": "20:00", "ends": "18:00"}, format="json")
        assert problem(wrong, 422, "invalid-input")["errors"][0]["pointer"] == "#/ends"
    assert HandoverMove.objects.count() == 1


def test_room_and_usual_hours_are_the_hosts() -> None:
    place = Place()
    point_id = place.handover.pickup_point_id or 0
    client = client_of(place.host)
    problem(client.put(here(place, "room"), {"reservations": 5}, format="json"), 422, "invalid-input")
    Handover.objects.filter(pk=place.handover.pk).update(capacity=Capacity.objects.create(limit=3, taken=2))
    with at(NOON):
        told = client.put(here(place, "room"), {"reservations": 5}, format="json").json()
        assert told["room"] == {"limit": 5, "left": 3}
    told = problem(client.put(here(place, "room"), {"reservations": 1}, format="json"), 422, "invalid-input")
    assert told["errors"][0]["pointer"] == "#/reservations"
    told = client.patch(
        f"{HOSTING}points/{point_id}/", {"opens_time": "17:00", "closes_time": "19:00"}, format="json"
    ).json()
    assert (told["opens_time"], told["closes_time"]) == ("17:00:00", "19:00:00")
    wrong = client.patch(f"{HOSTING}points/{point_id}/", {"closes_time": None}, format="json")
    problem(wrong, 422, "invalid-input")
    assert PickupPoint.objects.filter(pk=point_id, closes_time__isnull=False).exists()


def test_a_deputys_link_is_told_once_and_taken_back() -> None:
    place, _ = closed_place("Ana")
    client = client_of(place.host)
    with at(OPENS):
        made = client.post(here(place, "deputies"), {"name": "Rui"}, format="json", headers=key("k")).json()
        again = client.post(here(place, "deputies"), {"name": "Rui"}, format="json", headers=key("k")).json()
        assert again["token"] == made["token"]
        other = client.post(here(place, "deputies"), {"name": "Eva"}, format="json", headers=key("k"))
        problem(other, 409, "request-key-reused")
        problem(client.post(here(place, "deputies"), {"name": "Rui"}, format="json"), 400, "request-key-missing")
        [listed] = client.get(here(place, "deputies")).json()["results"]
        assert (listed["name"], listed["works"], "token" in listed) == ("Rui", True, False)
        assert browser().get(f"/hosting/deputy/{made['token']}/").status_code == 200
        assert client.delete(here(place, "deputies", str(made["id"]))).status_code == 204
        assert client.get(here(place, "deputies")).json()["results"][0]["works"] is False
    assert DeputyLink.objects.count() == 1


def a_shift(client: Client, place: Place, **body: Any) -> Any:
    wanted = {"task": "Unload", "needed": 1, "starts": "17:00", "ends": "18:00", **body}
    return client.post(here(place, "shifts"), wanted, format="json")


def test_a_shift_is_added_filled_left_and_taken_away() -> None:
    place = Place()
    ana, bea = (place.orders(name).household.members.get() for name in ("Ana", "Bea"))
    host = client_of(place.host)
    with at(NOON):
        made = a_shift(host, place).json()
        assert (made["starts_at"], made["missing"]) == ("2026-11-26T17:00:00Z", 1)
        problem(a_shift(host, place), 422, "invalid-input")
        [listed] = client_of(ana).get(SHIFTS).json()["results"]
        assert (listed["id"], listed["mine"]) == (made["id"], False)
        mine = f"{SHIFTS}{made['id']}/sign-up/"
        assert client_of(ana).post(mine).json()["names"] == ["Ana"]
        assert client_of(ana).post(mine).json()["mine"] is True
        problem(client_of(bea).post(mine), 409, "shift-full")
        problem(client_of(bea).delete(mine), 404, "not-found")
        assert ShiftVolunteer.objects.count() == 1
        assert client_of(ana).delete(mine).json() == {"late": False}
        assert host.delete(f"{HOSTING}shifts/{made['id']}/").status_code == 204
        assert host.get(here(place, "shifts")).json()["results"] == []
    assert VolunteerShift.objects.count() == 0


def test_a_shift_that_ends_before_it_begins_is_refused() -> None:
    place = Place()
    client = client_of(place.host)
    told = problem(a_shift(client, place, ends="16:00"), 422, "invalid-input")
    assert {mistake["pointer"] for mistake in told["errors"]} == {"#/ends"}
    problem(a_shift(client, place, needed=0), 400, "invalid-request")
    problem(client.post(here(place, "shifts", "copy")), 404, "not-found")
    assert VolunteerShift.objects.count() == 0


def test_what_is_not_ones_own_is_not_found_and_stays() -> None:
    place, [held] = closed_place("Ana")
    outsiders = [person("Rita"), held.household.members.get()]
    with at(OPENS - A_DAY):
        shift = a_shift(client_of(place.host), place).json()
        link = client_of(place.host).post(here(place, "deputies"), {"name": "Rui"}, format="json", headers=key()).json()
    for user in outsiders:
        client = client_of(user)
        with at(OPENS - A_DAY):
            for answer in (
                client.get(here(place)),
                client.get(here(place, "list")),
                client.post(here(place, "list", "mail")),
                send(client, place, a_tick(held.pk)),
                client.post(here(place, "move"), {"moved_to": "x"}, format="json"),
                client.delete(here(place, "move")),
                client.put(here(place, "room"), {"reservations": 5}, format="json"),
                client.get(here(place, "deputies")),
                client.post(here(place, "deputies"), {"name": "x"}, format="json", headers=key()),
                client.delete(here(place, "deputies", str(link["id"]))),
                client.get(here(place, "shifts")),
                a_shift(client, place, task="Mine"),
                client.post(here(place, "shifts", "copy")),
                client.delete(f"{HOSTING}shifts/{shift['id']}/"),
                client.get(f"{HOSTING}points/{place.handover.pickup_point_id}/"),
                client.patch(f"{HOSTING}points/{place.handover.pickup_point_id}/", {}, format="json"),
            ):
                problem(answer, 404, "not-found")
            assert client.get(f"{HOSTING}handovers/").json()["results"] == []
    with at(OPENS - A_DAY):
        problem(client_of(outsiders[0]).post(f"{SHIFTS}{shift['id']}/sign-up/"), 404, "not-found")
    assert (HandOutTick.objects.count(), HandoverMove.objects.count(), ShiftVolunteer.objects.count()) == (0, 0, 0)
    assert (VolunteerShift.objects.count(), DeputyLink.objects.filter(revoked_at=None).count()) == (1, 1)


def test_a_groups_host_hands_out_to_the_own_group_but_runs_no_point() -> None:
    place = Place()
    gina = person("Gina")
    group = make_group(place, gina)
    place.orders("Ana", group=group)
    place.orders("Bea")
    place.close()
    client = client_of(gina)
    with at(OPENS):
        assert [row["household"] for row in client.get(here(place, "list")).json()["rows"]] == ["Ana"]
        assert client.get(here(place)).json()["whole_point"] is False
        problem(client.get(here(place, "deputies")), 403, "not-allowed")
        problem(client.post(here(place, "move"), {"moved_to": "x"}, format="json"), 403, "not-allowed")
    assert HandoverMove.objects.count() == 0


def test_the_list_costs_the_same_for_one_household_and_for_twenty() -> None:
    def queries(names: int) -> int:
        place, _ = closed_place(*(f"H{number}" for number in range(names)))
        with at(OPENS), CaptureQueriesContext(connection) as seen:
            assert len(client_of(place.host).get(here(place, "list")).json()["rows"]) == names
        return len(seen)

    assert queries(1) == queries(20)
