"""Two devices hand out from one list, and two people take the last place of a shift, at the same moment."""

from datetime import timedelta
from threading import Barrier

import pytest

from marketplace import clock
from marketplace.actions.hosting.tick import NewTick, tick
from marketplace.actions.shifts.add_shift import add_shift
from marketplace.actions.shifts.sign_up import sign_up
from marketplace.errors import ShiftFull
from marketplace.models import HandOutTick, HandoverProgress, Reservation, ShiftVolunteer, User, VolunteerShift
from marketplace.queries.hand_out import hand_out_list
from marketplace.queries.progress import steps_of
from marketplace.rules.hand_out import TickKind
from marketplace.rules.states import ProgressStep
from tests.marketplace.groups.ground import MINUTE, OPENS, Place
from tests.races.reserving_threads import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

_STEPS = {TickKind.HANDED_OVER: ProgressStep.HANDED_OVER, TickKind.NO_SHOW: ProgressStep.NO_SHOW}


def evening() -> tuple[Place, Reservation]:
    place = Place()
    reservation = place.orders("Ana")
    place.close()
    return place, reservation


def tap(place: Place, reservation: Reservation, kind: TickKind, key: str, minute: int) -> int:
    with clock.frozen(OPENS + minute * MINUTE):
        return tick(
            handover_id=place.handover.pk, ticks=[NewTick(reservation.pk, kind, key, clock.now())], by=place.host
        )


def what_counts(reservation: Reservation) -> set[str]:
    return set(HandoverProgress.objects.filter(reservation=reservation).values_list("step", flat=True))


def test_control_devices_that_look_first_and_then_write_leave_both_steps() -> None:
    _place, reservation = evening()
    both_have_looked = Barrier(2)

    def naive(step: ProgressStep) -> None:
        known = steps_of(reservation.pk)
        both_have_looked.wait(10)
        if not known:
            now = clock.now()
            HandoverProgress.objects.create(reservation=reservation, step=step.value, at=now, recorded_at=now)

    assert at_once([lambda step=step: naive(step) for step in _STEPS.values()]) == [None, None]  # type: ignore[misc]
    assert what_counts(reservation) == {"handed_over", "no_show"}


def test_two_devices_that_say_different_things_leave_one_step_that_the_ticks_explain() -> None:
    place, reservation = evening()
    kinds = [TickKind.HANDED_OVER, TickKind.NO_SHOW] * 4
    acts = [lambda kind=kind, n=n: tap(place, reservation, kind, f"device-{n}", 10 + n) for n, kind in enumerate(kinds)]
    assert at_once(acts) == [1] * 8
    assert HandOutTick.objects.count() == 8
    with clock.frozen(OPENS + 30 * MINUTE):
        (row,) = _rows(place)
    assert what_counts(reservation) == {_STEPS[TickKind(row)].value}


def test_the_same_tap_sent_by_eight_requests_is_recorded_once() -> None:
    place, reservation = evening()
    acts = [lambda: tap(place, reservation, TickKind.HANDED_OVER, "one-tap", 10) for _ in range(8)]
    answers = at_once(acts)
    assert sorted(answers, key=str) == [0] * 7 + [1]
    assert HandOutTick.objects.count() == 1
    assert what_counts(reservation) == {"handed_over"}


def _rows(place: Place) -> list[str]:
    found = hand_out_list(place.host, place.handover.pk)
    return [row.state for row in found.rows or ()]


def shift_for(place: Place, needed: int) -> VolunteerShift:
    soon = clock.now() + timedelta(days=1)
    return add_shift(
        handover_id=place.handover.pk, task="Unload", needed=needed, starts_at=soon,
        ends_at=soon + timedelta(hours=1), by=place.host,
    )  # fmt: skip


def helpers(place: Place, many: int) -> list[User]:
    return [place.orders(f"Helper {n}").household.members.get() for n in range(many)]


def test_control_counting_first_and_then_signing_up_fills_a_place_twice() -> None:
    place = Place()
    shift, people = shift_for(place, 1), helpers(place, 2)
    both_have_counted = Barrier(2)

    def naive(person: User) -> None:
        free = ShiftVolunteer.objects.filter(shift=shift).count() < shift.needed
        both_have_counted.wait(10)
        if free:
            household = person.household_memberships.get().household
            ShiftVolunteer.objects.create(shift=shift, user=person, household=household, signed_at=clock.now())

    assert at_once([lambda person=person: naive(person) for person in people]) == [None, None]  # type: ignore[misc]
    assert ShiftVolunteer.objects.count() == 2


def test_of_eight_who_tap_at_once_two_get_the_two_places_of_a_shift() -> None:
    place = Place()
    shift, people = shift_for(place, 2), helpers(place, 8)
    acts = [lambda person=person: sign_up(shift_id=shift.pk, by=person) for person in people]
    answers = at_once(acts)
    assert sum(isinstance(answer, ShiftVolunteer) for answer in answers) == 2
    assert sum(isinstance(answer, ShiftFull) for answer in answers) == 6
    assert ShiftVolunteer.objects.count() == 2


def test_one_person_on_eight_devices_takes_one_place() -> None:
    place = Place()
    shift, (ana,) = shift_for(place, 3), helpers(place, 1)
    answers = at_once([lambda: sign_up(shift_id=shift.pk, by=ana) for _ in range(8)])
    assert {answer.pk for answer in answers if isinstance(answer, ShiftVolunteer)} == {ShiftVolunteer.objects.get().pk}
