"""Make rounds ahead of time from their rules: called hourly by beat and by hand; planning twice makes nothing twice.

Rules: rules/recurrence.py. New windows are drafts with the offers of the same window of the rule's last round; the
coordinator looks at them and publishes (schedule_window).
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from marketplace import clock
from marketplace.actions.copy_offers import copy_offers
from marketplace.models import (
    Capacity,
    Handover,
    OrderingWindow,
    Round,
    RoundRule,
    RoundRuleHandover,
    RoundRuleWindow,
    WindowSupply,
)
from marketplace.rules.recurrence import PlannedDate, handover_dates, instant, window_times


def plan_rounds() -> list[Round]:
    """Every missing round of every active rule, up to the rule's days ahead of the hub's today."""
    now = clock.now()
    rules = RoundRule.objects.filter(is_active=True).select_related("hub").prefetch_related("exceptions")
    return [made for rule in rules for planned in _missing(rule, now) if (made := _make(rule, planned)) is not None]


def _missing(rule: RoundRule, now: datetime) -> list[PlannedDate]:
    today = now.astimezone(ZoneInfo(rule.hub.time_zone)).date()
    last = today + timedelta(days=rule.days_ahead)
    planned = handover_dates(
        recurrence=rule.recurrence,
        starts_on=rule.starts_on,
        first=max(today, rule.starts_on),
        last=last,
        exceptions={exception.on: exception.moved_to for exception in rule.exceptions.all()},
    )
    made = set(Round.objects.filter(rule=rule, planned_on__gte=today).values_list("planned_on", flat=True))
    return [date for date in planned if date.takes_place is not None and date.by_rule not in made]


@transaction.atomic
def _make(rule: RoundRule, planned: PlannedDate) -> Round | None:
    if planned.takes_place is None:
        return None
    round_, created = Round.objects.get_or_create(
        rule=rule,
        planned_on=planned.by_rule,
        defaults={"hub": rule.hub, "name": rule.name, "handover_on": planned.takes_place},
    )
    if not created:
        return None
    for handover in rule.handovers.all():
        _make_handover(round_, handover)
    for window in rule.windows.prefetch_related("supplies"):
        _make_window(round_, window)
    return round_


def _make_handover(round_: Round, planned: RoundRuleHandover) -> None:
    zone = round_.hub.time_zone
    Handover.objects.create(
        round=round_,
        pickup_point=planned.pickup_point,
        starts_at=instant(round_.handover_on, planned.starts_time, zone),
        ends_at=instant(round_.handover_on, planned.ends_time, zone),
        capacity=None if planned.capacity is None else Capacity.objects.create(limit=planned.capacity),
        fee_minor=planned.fee_minor,
    )


def _make_window(round_: Round, planned: RoundRuleWindow) -> None:
    times = window_times(
        handover_on=round_.handover_on,
        zone=round_.hub.time_zone,
        opens_days_before=planned.opens_days_before,
        opens_time=planned.opens_time,
        closes_days_before=planned.closes_days_before,
        closes_time=planned.closes_time,
        filling_minutes=planned.filling_minutes,
    )
    window = OrderingWindow.objects.create(
        round=round_,
        name=planned.name,
        opens_at=times.opens_at,
        fills_at=times.fills_at,
        closes_at=times.closes_at,
        after_close=planned.after_close,
        grace_minutes=planned.grace_minutes,
    )
    WindowSupply.objects.bulk_create(
        WindowSupply(
            window=window, supply=supply, orders_due_at=times.closes_at + timedelta(minutes=supply.cut_off_minutes)
        )
        for supply in planned.supplies.all()
    )
    before = (
        OrderingWindow.objects.filter(round__rule=round_.rule_id, name=planned.name, offers__isnull=False)
        .exclude(pk=window.pk)
        .order_by("-closes_at")
        .first()
    )
    if before is not None:
        copy_offers(from_window=before, to_window=window)
