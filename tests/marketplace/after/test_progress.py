"""The way of the goods: steps recorded once and forward only, told to the households, shown with what comes next."""

from datetime import timedelta

import pytest
from django.db import transaction

from marketplace import clock
from marketplace.actions.handing_over.give_pickup_codes import give_pickup_codes
from marketplace.actions.handing_over.tell_outcomes import tell_outcomes
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import (
    ClearingRun,
    Group,
    HandoverProgress,
    Notice,
    OfferOutlook,
    OutboxEvent,
    PickupCode,
    PickupPointHost,
    Reservation,
)
from marketplace.published import OfferExpectation, record_progress, take_back_step, tell_outlook
from marketplace.queries.progress import own_order, reservation_by_code
from marketplace.rules.notices import NoticeKind
from marketplace.rules.pickup_codes import ALPHABET, shown_code, typed_code
from marketplace.rules.progress import Mark
from marketplace.rules.states import ProgressStep
from tests.delivering import deliver_all
from tests.factories import NOON, make_household, make_hub_staff, make_user
from tests.marketplace.after.after_ground import ENDS, STARTS, Evening
from tests.marketplace.closing_ground import CLOSES_AT

pytestmark = pytest.mark.django_db

EARLY = STARTS - timedelta(hours=6)


@pytest.fixture
def evening() -> Evening:
    return Evening()


def events() -> list[str]:
    return list(OutboxEvent.objects.filter(topic__startswith="reservation.").values_list("topic", flat=True))


def test_a_step_is_recorded_once_however_often_it_is_told(evening: Evening) -> None:
    assert evening.step(ProgressStep.RECEIVED, EARLY) == 1
    assert evening.step(ProgressStep.RECEIVED, EARLY) == 0
    assert HandoverProgress.objects.get().at == EARLY
    assert events() == ["reservation.progressed"]


def test_a_newer_fact_replaces_an_older_one_and_never_the_other_way_round(evening: Evening) -> None:
    expected = STARTS + timedelta(minutes=40)
    evening.step(ProgressStep.ON_THE_WAY, STARTS, expected_at=STARTS + timedelta(minutes=20))
    assert evening.step(ProgressStep.ON_THE_WAY, STARTS + timedelta(minutes=5), expected_at=expected) == 1
    assert evening.step(ProgressStep.ON_THE_WAY, STARTS, expected_at=STARTS + timedelta(minutes=20)) == 0
    row = HandoverProgress.objects.get()
    assert (row.at, row.expected_at) == (STARTS + timedelta(minutes=5), expected)


def test_nobody_who_collected_becomes_a_no_show(evening: Evening) -> None:
    evening.step(ProgressStep.HANDED_OVER, STARTS)
    assert evening.step(ProgressStep.NO_SHOW, ENDS) == 0
    assert HandoverProgress.objects.get().step == "handed_over"


def test_a_cancelled_and_an_unknown_reservation_are_left_out(evening: Evening) -> None:
    Reservation.objects.update(state="cancelled")
    assert record_progress(reservation_ids=[evening.reservation.pk, 0], step=ProgressStep.PACKED, at=EARLY) == 0
    assert not HandoverProgress.objects.exists()


def test_a_wrong_tap_is_taken_back_and_only_the_end_can_be(evening: Evening) -> None:
    evening.step(ProgressStep.RECEIVED, EARLY)
    evening.step(ProgressStep.HANDED_OVER, STARTS)
    ids = [evening.reservation.pk]
    assert take_back_step(reservation_ids=ids, step=ProgressStep.HANDED_OVER) == 1
    assert take_back_step(reservation_ids=ids, step=ProgressStep.HANDED_OVER) == 0
    with pytest.raises(InvalidInput):
        take_back_step(reservation_ids=ids, step=ProgressStep.RECEIVED)
    assert HandoverProgress.objects.get().step == "received"


@pytest.mark.slow
@pytest.mark.parametrize("many", [1, 20])
def test_recording_many_reservations_costs_as_much_as_one(
    evening: Evening, many: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(many - 1):
        evening.market.line(evening.tomatoes, 1)
    every = list(Reservation.objects.all())
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        assert evening.step(ProgressStep.RECEIVED, EARLY, every) == many


def marks(evening: Evening) -> dict[str, str]:
    with clock.frozen(STARTS):
        return {step.code: step.mark.value for step in own_order(evening.user, evening.round_id).way}


def test_the_way_shows_what_is_done_and_what_comes_next(evening: Evening) -> None:
    evening.close()
    assert marks(evening) == {
        "reserved": "done",
        "ordered": "done",
        "received": "next",
        "packed": "later",
        "ready": "later",
        "handed_over": "later",
    }
    evening.step(ProgressStep.PACKED, EARLY)
    assert marks(evening)["received"] == "done"  # nobody told of it, and it must have been
    assert marks(evening)["ready"] == "next"


def test_the_next_step_is_expected_as_the_newest_fact_says(evening: Evening) -> None:
    evening.close()
    expected = STARTS + timedelta(minutes=40)
    evening.step(ProgressStep.READY, STARTS, expected_at=expected)
    with clock.frozen(STARTS):
        order = own_order(evening.user, evening.round_id)
    step = next(step for step in order.way if step.mark is Mark.NEXT)
    assert (step.code, step.expected_at) == ("handed_over", expected)


def test_an_expectation_that_passed_says_that_there_is_no_news(evening: Evening) -> None:
    evening.close()
    evening.step(ProgressStep.PACKED, EARLY, expected_at=STARTS - timedelta(hours=1))
    with clock.frozen(STARTS):
        way = evening.client().get(evening.address).context["way"]
    step = next(line for line in way if line.mark == "next")
    assert (step.when, step.note) == ("expected about today 16:00", "We have no news of it yet.")


def test_a_no_show_ends_the_way_with_the_hubs_rule(evening: Evening) -> None:
    evening.market.hub.no_show_rule = "donate"
    evening.market.hub.save()
    evening.close()
    evening.step(ProgressStep.READY, STARTS)
    evening.step(ProgressStep.NO_SHOW, ENDS)
    with clock.frozen(ENDS + timedelta(minutes=1)):
        page = evening.client().get(evening.address).context
    assert page["lead"] == "Nobody came to collect it."
    assert (page["way"][-1].code, page["way"][-1].note) == ("no_show", "As the hub's rule says, it was given away.")


@pytest.mark.slow
def test_a_close_gives_codes_and_tells_each_household_once_what_it_came_to(evening: Evening) -> None:
    truffles = evening.market.offer(evening.merchant, ((6, 100, 150),))
    evening.market.line(truffles, 1, household=evening.household)
    nothing = make_household("Eva")
    evening.market.line(truffles, 1, household=nothing)
    evening.close()
    with clock.frozen(CLOSES_AT + timedelta(minutes=1)):
        deliver_all()
        deliver_all()
    told = {notice.user.name: notice.facts for notice in Notice.objects.filter(kind=NoticeKind.CLOSED)}
    assert set(told) == {"Ana", "Eva"}
    ana = told["Ana"]
    assert (ana["lines"], ana["lost"], ana["total_minor"], ana["saved_minor"]) == (1, 1, 720, 0)
    assert ana["missed"] == [{"product": "Tomatoes", "asked": 1, "units": 0, "reason": "below_minimum"}]
    assert told["Eva"]["total_minor"] == 0
    # Who gets nothing needs no code.
    assert list(PickupCode.objects.values_list("reservation__household__name", flat=True)) == ["Ana"]


@pytest.mark.slow
@pytest.mark.parametrize("many", [1, 20])
def test_telling_twenty_households_costs_as_many_statements_as_telling_one(
    evening: Evening, many: int, django_assert_max_num_queries: object
) -> None:
    for _ in range(many - 1):
        evening.market.line(evening.tomatoes, 1)
    evening.close()
    run = ClearingRun.objects.get()
    # The clock is a statement of its own on PostgreSQL; held still, both databases are asked the same.
    with clock.frozen(CLOSES_AT), django_assert_max_num_queries(22):  # type: ignore[operator]
        assert len(tell_outcomes(window_id=evening.market.window.pk, run_id=run.pk)) == many


def test_a_run_that_was_voided_tells_nobody(evening: Evening) -> None:
    evening.close()
    ClearingRun.objects.update(voided_at=CLOSES_AT)
    assert tell_outcomes(window_id=evening.market.window.pk, run_id=ClearingRun.objects.get().pk) == []
    assert not Notice.objects.exists()


def test_ready_is_told_and_packed_is_not(evening: Evening) -> None:
    evening.step(ProgressStep.PACKED, EARLY)
    evening.step(ProgressStep.READY, STARTS)
    with clock.frozen(STARTS):
        deliver_all()
    (notice,) = Notice.objects.all()
    assert (notice.kind, notice.link) == ("ready", evening.address)
    assert notice.facts["starts_at"] == STARTS.isoformat()


def test_a_step_that_is_heard_of_too_late_is_not_told(evening: Evening) -> None:
    evening.step(ProgressStep.HANDED_OVER, STARTS)
    evening.step(ProgressStep.READY, STARTS - timedelta(minutes=1))
    with clock.frozen(STARTS):
        deliver_all()
    assert not Notice.objects.exists()


def test_a_code_has_eight_letters_that_nobody_confuses(evening: Evening) -> None:
    assert not set("01OILU") & set(ALPHABET)
    code = _code(evening)
    assert (len(code), set(code) <= set(ALPHABET)) == (8, True)
    assert typed_code(shown_code(code).lower()) == code
    assert typed_code("short") == ""


def _code(evening: Evening) -> str:
    assert give_pickup_codes(reservation_ids=[evening.reservation.pk]) == 1
    assert give_pickup_codes(reservation_ids=[evening.reservation.pk]) == 0
    return str(PickupCode.objects.get().code)


def test_a_code_finds_the_reservation_for_its_host_alone_and_not_for_ever(evening: Evening) -> None:
    code, host, other = _code(evening), make_user("Hugo"), make_user("Olga")
    point = evening.reservation.handover.pickup_point
    assert point is not None
    PickupPointHost.objects.create(pickup_point=point, user=host)
    with clock.frozen(STARTS):
        assert reservation_by_code(host, shown_code(code)) == evening.reservation
        for stranger, typed in ((other, code), (host, "22222222"), (host, "")):
            with pytest.raises(NotFound):
                reservation_by_code(stranger, typed)
    with clock.frozen(ENDS + timedelta(hours=25)), pytest.raises(NotFound):
        reservation_by_code(host, code)
    with clock.frozen(ENDS + timedelta(hours=25)):
        assert reservation_by_code(make_hub_staff(evening.market.hub), code) == evening.reservation


def test_the_host_of_a_group_finds_the_codes_of_that_group_alone(evening: Evening) -> None:
    code, host = _code(evening), make_user("Gil")
    group = Group.objects.create(hub=evening.market.hub, name="Stairs", host=host, invitation="x" * 20)
    other = evening.market.line(evening.tomatoes, 1).reservation
    Reservation.objects.filter(pk=other.pk).update(group=group)
    with clock.frozen(STARTS), pytest.raises(NotFound):
        reservation_by_code(host, code)


def test_a_forecast_is_kept_until_a_newer_one_comes(evening: Evening) -> None:
    def told(p50: int, at: int) -> OfferExpectation:
        return OfferExpectation(
            offer_id=evening.tomatoes.pk, units_p10=1, units_p50=p50, units_p90=9, as_of=NOON + timedelta(minutes=at)
        )

    assert tell_outlook(offers=[told(4, 0)]) == 1
    assert tell_outlook(offers=[told(6, 2)]) == 1
    assert tell_outlook(offers=[told(5, 1)]) == 0
    assert OfferOutlook.objects.get().units_p50 == 6
    with pytest.raises(InvalidInput), transaction.atomic():
        tell_outlook(offers=[told(20, 3)])
    assert OfferOutlook.objects.get().units_p50 == 6
