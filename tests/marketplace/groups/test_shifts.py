"""Shifts: signed up for, stepped back from, copied, and gaps that are told the evening before."""

from datetime import datetime, timedelta

import pytest

from marketplace.actions.shifts.add_shift import add_shift
from marketplace.actions.shifts.copy_shifts import copy_shifts
from marketplace.actions.shifts.remove_shift import remove_shift
from marketplace.actions.shifts.sign_up import sign_up
from marketplace.actions.shifts.step_back import step_back
from marketplace.actions.shifts.tell_gaps import tell_gaps
from marketplace.errors import IllegalMove, InvalidInput, NotFound, ShiftFull
from marketplace.models import Group, Handover, Notice, ShiftVolunteer, User, VolunteerShift
from marketplace.queries.shifts import coming_shifts
from tests.factories import make_round
from tests.marketplace.groups.ground import A_DAY, MINUTE, OPENS, Place, at, browser, make_group, person

pytestmark = pytest.mark.django_db
HOUR = 60 * MINUTE
# 18:00 in Lisbon on the day before the handover.
EVENING_BEFORE = datetime.fromisoformat("2026-11-25T18:00:00+00:00")


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def shift(place: Place) -> VolunteerShift:
    """Two people unload in the hour before the handover."""
    return add_shift(
        handover_id=place.handover.pk, task="Unload", needed=2, starts_at=OPENS - HOUR, ends_at=OPENS, by=place.host
    )


def helper(place: Place, name: str) -> User:
    """Somebody who orders at the hub."""
    return place.orders(name).household.members.get()


def told() -> list[tuple[str, object]]:
    return [(n.user.name, n.facts["what"]) for n in Notice.objects.filter(kind="shift").order_by("pk")]


def test_who_orders_at_the_hub_signs_up_once_however_often_it_is_tapped(place: Place, shift: VolunteerShift) -> None:
    ana = helper(place, "Ana")
    with at(OPENS - 2 * A_DAY):
        assert sign_up(shift_id=shift.pk, by=ana) == sign_up(shift_id=shift.pk, by=ana)
        assert [(s.names, s.missing, s.mine) for s in coming_shifts(ana)] == [(("Ana",), 1, True)]


def test_who_does_not_order_there_finds_no_shift(shift: VolunteerShift) -> None:
    with at(OPENS - 2 * A_DAY), pytest.raises(NotFound):
        sign_up(shift_id=shift.pk, by=person("Rita"))
    assert not ShiftVolunteer.objects.exists()


def test_a_shift_takes_no_more_than_it_needs(place: Place, shift: VolunteerShift) -> None:
    with at(OPENS - 2 * A_DAY):
        for name in ("Ana", "Bea"):
            sign_up(shift_id=shift.pk, by=helper(place, name))
        with pytest.raises(ShiftFull):
            sign_up(shift_id=shift.pk, by=helper(place, "Cid"))
    assert ShiftVolunteer.objects.count() == 2


def test_over_is_over(place: Place, shift: VolunteerShift) -> None:
    ana = helper(place, "Ana")
    with at(OPENS), pytest.raises(IllegalMove):
        sign_up(shift_id=shift.pk, by=ana)
    assert not ShiftVolunteer.objects.exists()


def test_stepping_back_in_time_tells_nobody(place: Place, shift: VolunteerShift) -> None:
    ana = helper(place, "Ana")
    with at(OPENS - HOUR - A_DAY):
        sign_up(shift_id=shift.pk, by=ana)
        assert step_back(shift_id=shift.pk, by=ana) is False
    assert told() == []
    assert not ShiftVolunteer.objects.exists()


def test_stepping_back_within_a_day_tells_the_host(place: Place, shift: VolunteerShift) -> None:
    ana = helper(place, "Ana")
    with at(OPENS - HOUR - A_DAY + MINUTE):
        sign_up(shift_id=shift.pk, by=ana)
        assert step_back(shift_id=shift.pk, by=ana) is True
    assert told() == [("Hugo", "stepped_back")]


def test_a_late_helper_reads_the_groups_words_or_ours(place: Place, shift: VolunteerShift) -> None:
    ana = helper(place, "Ana")
    client = browser(ana)
    with at(OPENS - 2 * HOUR):
        sign_up(shift_id=shift.pk, by=ana)
        assert "somebody counts on you" in client.get(f"/shifts/{shift.pk}/step-back/").content.decode()
        group = make_group(place, place.host, ana.households.get())
        Group.objects.filter(pk=group.pk).update(late_words="Please phone Hugo")
        assert "Please phone Hugo" in client.get(f"/shifts/{shift.pk}/step-back/").content.decode()


def test_a_gap_is_told_once_from_the_evening_before(place: Place, shift: VolunteerShift) -> None:
    with at(EVENING_BEFORE - MINUTE):
        assert tell_gaps() == 0
    with at(EVENING_BEFORE):
        assert [tell_gaps(), tell_gaps()] == [1, 0]
    assert told() == [("Hugo", "gap")]
    assert Notice.objects.get(kind="shift").facts["missing"] == 2


def test_a_filled_shift_is_no_gap(place: Place, shift: VolunteerShift) -> None:
    with at(EVENING_BEFORE):
        for name in ("Ana", "Bea"):
            sign_up(shift_id=shift.pk, by=helper(place, name))
        assert tell_gaps() == 0


def test_last_times_shifts_are_taken_over_in_one_tap(place: Place, shift: VolunteerShift) -> None:
    later = Handover.objects.create(
        round=make_round(place.market.hub, "Next round"),
        pickup_point=place.handover.pickup_point,
        starts_at=OPENS + 7 * A_DAY,
        ends_at=OPENS + 7 * A_DAY + HOUR,
    )
    client = browser(place.host)
    for _ in range(2):
        assert client.post(f"/hosting/handovers/{later.pk}/shifts/copy/").status_code == 302
    assert list(later.shifts.values_list("task", "needed", "starts_at")) == [("Unload", 2, OPENS - HOUR + 7 * A_DAY)]


def test_there_is_nothing_to_take_over_the_first_time(place: Place) -> None:
    with pytest.raises(NotFound):
        copy_shifts(handover_id=place.handover.pk, by=place.host)


def test_a_shift_that_is_taken_away_is_told_to_who_signed_up(place: Place, shift: VolunteerShift) -> None:
    with at(OPENS - 2 * A_DAY):
        sign_up(shift_id=shift.pk, by=helper(place, "Ana"))
        with pytest.raises(NotFound):
            remove_shift(shift_id=shift.pk, by=person("Rita"))
        remove_shift(shift_id=shift.pk, by=place.host)
    assert told() == [("Ana", "removed")]
    assert not VolunteerShift.objects.exists()


def test_a_shift_is_added_on_the_page_and_shown_on_the_board(place: Place) -> None:
    client = browser(place.host)
    sent = {"task": "Sort", "needed": "3", "starts": "16:00", "ends": "17:00"}
    with at(OPENS - A_DAY):
        assert client.post(f"{place.address}shifts/", sent).status_code == 302
        assert "3 helpers are missing" in client.get("/hosting/").content.decode()
    assert VolunteerShift.objects.values_list("task", "starts_at").get() == ("Sort", OPENS - HOUR)


def test_hours_out_of_order_are_said_and_nothing_typed_is_lost(place: Place) -> None:
    sent = {"task": "Sort the crates", "needed": "3", "starts": "17:00", "ends": "16:00"}
    answer = browser(place.host).post(f"{place.address}shifts/", sent)
    assert answer.status_code == 422
    assert "It ends after it begins." in answer.content.decode()
    assert "Sort the crates" in answer.content.decode()
    assert not VolunteerShift.objects.exists()


def test_the_same_task_twice_at_one_time_is_refused(place: Place, shift: VolunteerShift) -> None:
    with pytest.raises(InvalidInput):
        add_shift(
            handover_id=place.handover.pk,
            task="Unload",
            needed=1,
            starts_at=OPENS - HOUR,
            ends_at=OPENS + timedelta(hours=1),
            by=place.host,
        )
    assert VolunteerShift.objects.count() == 1
