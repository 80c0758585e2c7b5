"""Rounds recur in local wall time, through both clock changes."""

from datetime import UTC, date, datetime, time

import pytest

from marketplace.rules.recurrence import BadRecurrence, PlannedDate, handover_dates, instant, window_times

LISBON = "Europe/Lisbon"


def dates(recurrence: str, first: date, last: date, **exceptions: date | None) -> list[PlannedDate]:
    return handover_dates(
        recurrence=recurrence,
        starts_on=date(2026, 1, 1),
        first=first,
        last=last,
        exceptions={date.fromisoformat(k.removeprefix("d").replace("_", "-")): v for k, v in exceptions.items()},
    )


def test_every_thursday_yields_thursdays_only() -> None:
    found = dates("FREQ=WEEKLY;BYDAY=TH", date(2026, 11, 20), date(2026, 12, 5))
    assert [p.takes_place for p in found] == [date(2026, 11, 26), date(2026, 12, 3)]


def test_a_left_out_date_keeps_its_place_and_a_moved_one_moves() -> None:
    found = dates(
        "FREQ=WEEKLY;BYDAY=TH", date(2026, 12, 17), date(2026, 12, 31), d2026_12_24=None, d2026_12_31=date(2026, 12, 30)
    )
    assert found == [
        PlannedDate(date(2026, 12, 17), date(2026, 12, 17)),
        PlannedDate(date(2026, 12, 24), None),
        PlannedDate(date(2026, 12, 31), date(2026, 12, 30)),
    ]


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [
        (date(2026, 3, 22), 23),  # winter time: UTC
        (date(2026, 3, 29), 22),  # the clocks went forward at 01:00
        (date(2026, 10, 18), 22),
        (date(2026, 10, 25), 23),  # and back
    ],
)
def test_sunday_23_00_stays_23_00_through_both_clock_changes(day: date, utc_hour: int) -> None:
    assert instant(day, time(23, 0), LISBON) == datetime(day.year, day.month, day.day, utc_hour, tzinfo=UTC)


def test_a_skipped_wall_time_is_read_after_the_change_and_a_doubled_one_as_the_first() -> None:
    assert instant(date(2026, 3, 29), time(1, 30), LISBON) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert instant(date(2026, 10, 25), time(1, 30), LISBON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_window_times_count_back_in_local_days_across_a_clock_change() -> None:
    times = window_times(
        handover_on=date(2026, 3, 30),
        zone=LISBON,
        opens_days_before=2,
        opens_time=time(8, 0),
        closes_days_before=1,
        closes_time=time(20, 0),
        filling_minutes=60,
    )
    assert times.opens_at == datetime(2026, 3, 28, 8, 0, tzinfo=UTC)
    assert times.closes_at == datetime(2026, 3, 29, 19, 0, tzinfo=UTC)
    assert times.fills_at == datetime(2026, 3, 29, 18, 0, tzinfo=UTC)


def test_the_filling_stretch_never_begins_before_the_opening() -> None:
    times = window_times(
        handover_on=date(2026, 6, 1),
        zone="UTC",
        opens_days_before=0,
        opens_time=time(8, 0),
        closes_days_before=0,
        closes_time=time(8, 30),
        filling_minutes=60,
    )
    assert times.fills_at == times.opens_at


def test_a_text_that_is_no_rule_is_named() -> None:
    with pytest.raises(BadRecurrence, match="FREQ=SOMETIMES"):
        dates("FREQ=SOMETIMES", date(2026, 1, 1), date(2026, 2, 1))
