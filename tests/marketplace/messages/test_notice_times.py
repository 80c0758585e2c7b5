"""Quiet hours and daily mails by a person's wall clock, through both clock changes; nothing waits past its use."""

from datetime import UTC, datetime, time, timedelta

import pytest

from marketplace.rules.notice_times import TALK_PAUSE, Hours, due_at, next_at, quiet_stretch, remind_at
from marketplace.rules.notices import NEVER_IN_EXPERIMENTS, Channel, NoticeKind

NIGHT = Hours("Europe/Lisbon", time(22), time(7))
# Lisbon's clocks go forward on 29 March 2026 at 01:00 and back on 25 October 2026 at 02:00.
SPRING, AUTUMN = datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)


def due(kind: NoticeKind, now: datetime, *, until: datetime | None = None, hours: Hours = NIGHT) -> datetime:
    return due_at(kind=kind, channel=Channel.PUSH, now=now, until=until, hours=hours)


def test_outside_quiet_hours_it_goes_at_once() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert due(NoticeKind.CLOSED, noon) == noon


def test_in_quiet_hours_over_midnight_it_waits_for_their_end() -> None:
    morning = datetime(2026, 11, 23, 7, tzinfo=UTC)
    for now in (datetime(2026, 11, 22, 22, tzinfo=UTC), datetime(2026, 11, 23, 6, 59, tzinfo=UTC)):
        assert due(NoticeKind.CLOSED, now) == morning
    assert due(NoticeKind.CLOSED, morning) == morning


def test_quiet_hours_of_one_day_do_not_cross_midnight() -> None:
    nap = Hours("Europe/Lisbon", time(13), time(15))
    assert due(NoticeKind.CLOSED, datetime(2026, 11, 22, 14, tzinfo=UTC), hours=nap) == datetime(
        2026, 11, 22, 15, tzinfo=UTC
    )
    evening = datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert due(NoticeKind.CLOSED, evening, hours=nap) == evening


def test_the_night_of_the_missing_hour_ends_at_seven_on_the_wall() -> None:
    assert due(NoticeKind.CLOSED, SPRING - timedelta(hours=2)) == SPRING + timedelta(hours=6)  # 07:00, summer time


def test_the_night_of_the_doubled_hour_ends_at_seven_on_the_wall() -> None:
    assert due(NoticeKind.CLOSED, AUTUMN - timedelta(hours=2)) == AUTUMN + timedelta(hours=7)  # 07:00, winter time


def test_an_end_in_the_missing_hour_comes_after_it() -> None:
    early = Hours("Europe/Lisbon", time(22), time(1, 30))
    stretch = quiet_stretch(SPRING, early)
    assert stretch is not None
    assert stretch[1] == SPRING + timedelta(hours=1, minutes=30)


def test_an_end_in_the_doubled_hour_is_the_later_one() -> None:
    early = Hours("Europe/Lisbon", time(22), time(1, 30))
    stretch = quiet_stretch(AUTUMN, early)
    assert stretch is not None
    assert stretch[1] == AUTUMN + timedelta(hours=1, minutes=30)


@pytest.mark.parametrize("kind", [NoticeKind.READY, NoticeKind.MOVED, NoticeKind.ON_THE_WAY])
def test_what_is_about_this_moment_breaks_quiet_hours(kind: NoticeKind) -> None:
    night = datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert due(kind, night) == night
    assert due(kind, night, until=night + timedelta(hours=2)) == night


def test_a_move_of_tomorrows_pickup_waits_for_the_morning() -> None:
    night = datetime(2026, 11, 22, 23, tzinfo=UTC)
    assert due(NoticeKind.MOVED, night, until=night + timedelta(hours=20)) == datetime(2026, 11, 23, 7, tzinfo=UTC)


def test_a_reminder_that_would_come_in_the_night_comes_a_minute_before_it() -> None:
    closes_at = datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert remind_at(closes_at=closes_at, hours_before=4, hours=NIGHT) == datetime(2026, 11, 22, 21, 59, tzinfo=UTC)


def test_a_reminder_that_can_wait_for_the_morning_does() -> None:
    closes_at = datetime(2026, 11, 23, 10, tzinfo=UTC)
    assert remind_at(closes_at=closes_at, hours_before=4, hours=NIGHT) == datetime(2026, 11, 23, 7, tzinfo=UTC)
    assert remind_at(closes_at=closes_at, hours_before=2, hours=NIGHT) == datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_a_daily_mail_goes_at_its_hour_and_a_push_does_not_wait_for_it() -> None:
    daily = Hours("Europe/Lisbon", digest_at=time(18))
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    mail = {"kind": NoticeKind.CLAIM, "channel": Channel.EMAIL, "hours": daily}
    assert due_at(now=noon, until=None, **mail) == datetime(2026, 11, 22, 18, tzinfo=UTC)  # type: ignore[arg-type]
    late = datetime(2026, 11, 22, 18, 0, 1, tzinfo=UTC)
    assert due_at(now=late, until=None, **mail) == datetime(2026, 11, 23, 18, tzinfo=UTC)  # type: ignore[arg-type]
    assert due(NoticeKind.CLAIM, noon, hours=daily) == noon


def test_a_mail_whose_use_ends_before_the_daily_hour_goes_at_once() -> None:
    daily = Hours("Europe/Lisbon", digest_at=time(18))
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    for kind, until in ((NoticeKind.CLOSES_SOON, noon + timedelta(hours=4)), (NoticeKind.READY, None)):
        assert due_at(kind=kind, channel=Channel.EMAIL, now=noon, until=until, hours=daily) == noon


def test_the_daily_hour_comes_once_on_the_day_that_has_it_twice_and_on_the_day_that_misses_it() -> None:
    at = time(1, 30)
    first = next_at(AUTUMN - timedelta(hours=2), at, "Europe/Lisbon")
    assert first == AUTUMN + timedelta(minutes=30)
    assert next_at(first + timedelta(seconds=1), at, "Europe/Lisbon") == AUTUMN + timedelta(days=1, hours=1, minutes=30)
    missing = next_at(SPRING - timedelta(hours=2), at, "Europe/Lisbon")
    assert SPRING <= missing < SPRING + timedelta(hours=2)
    assert next_at(missing + timedelta(seconds=1), at, "Europe/Lisbon") == SPRING + timedelta(days=1, minutes=30)


def test_a_mail_about_a_conversation_waits_ten_minutes() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    at = due_at(kind=NoticeKind.MESSAGE, channel=Channel.EMAIL, now=noon, until=None, hours=Hours())
    assert at == noon + TALK_PAUSE


def test_no_kind_may_be_part_of_an_experiment() -> None:
    assert frozenset(NoticeKind) == NEVER_IN_EXPERIMENTS
