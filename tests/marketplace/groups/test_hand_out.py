"""The hand-out list: who sees which names when, and what ticks do."""

from datetime import datetime, timedelta

import pytest

from marketplace.access import custody_of
from marketplace.actions.hosting.tick import NewTick, tick
from marketplace.errors import InvalidInput, ListNotOpen, NotFound, UndoTooLate
from marketplace.models import HandOutTick, HandoverProgress, PickupCode, PickupPointHost, Reservation, User
from marketplace.queries.hosting import hand_out_list
from marketplace.rules.hand_out import TickKind
from marketplace.rules.roles import Role
from tests.factories import make_hub_staff
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
    stranger,
)

pytestmark = pytest.mark.django_db
HANDED, NO_SHOW, UNDO = TickKind.HANDED_OVER, TickKind.NO_SHOW, TickKind.UNDO


def names(user: User, place: Place) -> list[str] | None:
    rows = hand_out_list(user, place.handover.pk).rows
    return None if rows is None else [row.household for row in rows]


def taps(place: Place, reservation: Reservation, *ticks: tuple[str, TickKind, datetime]) -> int:
    """Ticks of the host, each (key, kind, when), sent at the last one's time."""
    new = [NewTick(reservation.pk, kind, key, when) for key, kind, when in ticks]
    with at(max(when for _, _, when in ticks)):
        return tick(handover_id=place.handover.pk, ticks=new, by=place.host)


def steps(reservation: Reservation) -> list[tuple[str, datetime]]:
    return list(HandoverProgress.objects.filter(reservation=reservation).values_list("step", "at"))


def test_before_publication_the_host_reads_no_name() -> None:
    place = Place()
    place.orders("Ana")
    with at(PUBLISHED - MINUTE):
        assert names(place.host, place) is None
        assert hand_out_list(place.host, place.handover.pk).reservations == 1


def test_from_publication_until_a_day_after_the_end_the_host_reads_the_names() -> None:
    place, _ = closed_place("Bea", "Ana")
    for moment in (PUBLISHED, OPENS, ENDS + A_DAY):
        with at(moment):
            assert names(place.host, place) == ["Ana", "Bea"], moment


def test_a_second_later_the_names_are_gone_for_the_host_and_not_for_the_coordinator() -> None:
    place, _ = closed_place("Ana")
    carla = make_hub_staff(place.market.hub)
    with at(ENDS + A_DAY + timedelta(seconds=1)):
        assert names(place.host, place) is None
        assert hand_out_list(place.host, place.handover.pk).over
        assert names(carla, place) == ["Ana"]


def test_a_deputy_reads_the_list_as_the_host_does() -> None:
    place, _ = closed_place("Ana")
    deputy = person("Dora")
    assert place.handover.pickup_point is not None
    PickupPointHost.objects.create(pickup_point=place.handover.pickup_point, user=deputy, is_deputy=True)
    with at(OPENS):
        assert names(deputy, place) == ["Ana"]


def test_the_host_of_a_group_reads_only_the_own_groups_names() -> None:
    place = Place()
    gil = person("Gil")
    group = make_group(place, gil)
    place.orders("Ana", group=group)
    place.orders("Bea")
    place.close()
    with at(OPENS):
        assert names(gil, place) == ["Ana"]


@pytest.mark.parametrize("who", ["stranger", "member", "other_host", "other_coordinator", "picker"])
def test_the_list_is_not_found_by_anybody_else(who: str) -> None:
    place, (held,) = closed_place("Ana")
    other = Place()
    people = {
        "stranger": stranger(),
        "member": held.household.members.get(),
        "other_host": other.host,
        "other_coordinator": make_hub_staff(other.market.hub),
        "picker": make_hub_staff(place.market.hub, Role.PICKER),
    }
    with at(OPENS), pytest.raises(NotFound):
        custody_of(people[who], place.handover.pk)


def test_each_household_stands_with_what_it_gets_and_what_is_short() -> None:
    place = Place()
    scarce = place.market.offer(place.market.merchant("Peixe"), ladder=((1, 300, 500),), cap=3)
    ana, bea = place.orders("Ana", 2), place.orders("Bea", 1)
    place.market.line(scarce, 2, household=ana.household)
    place.market.line(scarce, 2, household=bea.household)
    place.close()
    with at(OPENS):
        rows = hand_out_list(place.host, place.handover.pk).rows
    assert rows is not None
    assert [(r.household, [(x.asked, x.quantity) for x in r.lines], r.units) for r in rows if r.household == "Ana"] == [
        ("Ana", [(2, 2), (2, rows[0].lines[1].quantity)], rows[0].units)
    ]
    assert sum(row.lines[1].quantity for row in rows) == 3
    assert rows[0].goods_minor == 2 * 150 + rows[0].lines[1].quantity * 500


def test_a_tap_hands_over_and_the_household_sees_it() -> None:
    place, (held,) = closed_place("Ana")
    assert taps(place, held, ("a", HANDED, OPENS)) == 1
    assert steps(held) == [("handed_over", OPENS)]
    with at(OPENS):
        row = (hand_out_list(place.host, place.handover.pk).rows or ())[0]
    assert (row.state, row.at, row.ticked_by) == ("handed_over", OPENS, "Hugo")


def test_the_same_tick_sent_twice_counts_once() -> None:
    place, (held,) = closed_place("Ana")
    assert [taps(place, held, ("a", HANDED, OPENS)) for _ in range(2)] == [1, 0]
    assert HandOutTick.objects.count() == 1
    assert steps(held) == [("handed_over", OPENS)]


def test_of_two_devices_the_first_tap_counts_though_it_arrives_last() -> None:
    place, (held,) = closed_place("Ana")
    taps(place, held, ("tablet", HANDED, OPENS + 5 * MINUTE))
    with at(OPENS + 9 * MINUTE):
        offline = [NewTick(held.pk, HANDED, "phone", OPENS + 2 * MINUTE)]
        tick(handover_id=place.handover.pk, ticks=offline, by=place.host)
    assert steps(held) == [("handed_over", OPENS + 2 * MINUTE)]


def test_somebody_who_comes_late_takes_the_no_show_away() -> None:
    place, (held,) = closed_place("Ana")
    taps(place, held, ("a", NO_SHOW, OPENS + 90 * MINUTE))
    taps(place, held, ("b", HANDED, OPENS + 100 * MINUTE))
    assert steps(held) == [("handed_over", OPENS + 100 * MINUTE)]


def test_an_undo_within_half_an_hour_takes_the_step_back() -> None:
    place, (held,) = closed_place("Ana")
    taps(place, held, ("a", HANDED, OPENS))
    taps(place, held, ("b", UNDO, OPENS + 30 * MINUTE))
    assert steps(held) == []


def test_a_later_undo_is_refused_and_changes_nothing() -> None:
    place, (held,) = closed_place("Ana")
    taps(place, held, ("a", HANDED, OPENS))
    with pytest.raises(UndoTooLate):
        taps(place, held, ("b", UNDO, OPENS + 31 * MINUTE))
    assert steps(held) == [("handed_over", OPENS)]
    assert HandOutTick.objects.count() == 1


def test_a_device_that_runs_ahead_ticks_now_and_one_far_behind_at_publication() -> None:
    place, (ana, bea) = closed_place("Ana", "Bea")
    with at(OPENS):
        tick(
            handover_id=place.handover.pk,
            ticks=[
                NewTick(ana.pk, HANDED, "a", OPENS + A_DAY),
                NewTick(bea.pk, HANDED, "b", PUBLISHED - 400 * A_DAY),
            ],
            by=place.host,
        )
    assert steps(ana) == [("handed_over", OPENS)]
    assert steps(bea) == [("handed_over", PUBLISHED)]


def test_outside_the_hours_of_the_list_nothing_is_ticked() -> None:
    place = Place()
    held = place.orders("Ana")
    with pytest.raises(ListNotOpen) as early:
        taps(place, held, ("a", HANDED, PUBLISHED - MINUTE))
    place.close()
    with pytest.raises(ListNotOpen) as late:
        taps(place, held, ("a", HANDED, ENDS + A_DAY + MINUTE))
    assert (early.value.facts, late.value.facts) == ({"over": False}, {"over": True})
    assert not HandOutTick.objects.exists()


def test_a_reservation_of_another_place_is_not_found_and_none_of_the_queue_is_kept() -> None:
    place, (held,) = closed_place("Ana")
    _, (foreign,) = closed_place("Bea")
    with at(OPENS), pytest.raises(NotFound):
        tick(
            handover_id=place.handover.pk,
            ticks=[NewTick(held.pk, HANDED, "a"), NewTick(foreign.pk, HANDED, "b")],
            by=place.host,
        )
    assert not HandOutTick.objects.exists()
    assert steps(held) == []


@pytest.mark.parametrize("key", ["", "k" * 65])
def test_a_key_that_no_device_makes_is_refused(key: str) -> None:
    place, (held,) = closed_place("Ana")
    with at(OPENS), pytest.raises(InvalidInput):
        tick(handover_id=place.handover.pk, ticks=[NewTick(held.pk, HANDED, key)], by=place.host)
    assert not HandOutTick.objects.exists()


def test_the_code_stands_beside_the_name() -> None:
    place, (held,) = closed_place("Ana")
    PickupCode.objects.update_or_create(reservation=held, defaults={"code": "K7WQ2M"})
    with at(OPENS):
        assert [row.code for row in hand_out_list(place.host, place.handover.pk).rows or ()] == ["K7WQ2M"]


def test_a_list_of_twenty_costs_as_many_queries_as_one_of_one(django_assert_num_queries: object) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for many in (1, 20):
        place, held = closed_place(*[f"Home {n}" for n in range(many)])
        taps(place, held[0], ("a", HANDED, OPENS))
        with (
            at(OPENS),
            CaptureQueriesContext(
                connection,
            ) as seen,
        ):
            hand_out_list(place.host, place.handover.pk)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 14
