"""Say when rounds take place: recurrence in local wall time, the windows of each round, its handovers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import transaction

from marketplace.actions.setting_up import require_at_hub, save_checked
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import (
    Hub,
    OrderingWindow,
    PickupPoint,
    RoundRule,
    RoundRuleHandover,
    RoundRuleWindow,
    Supply,
    User,
)
from marketplace.rules.recurrence import BadRecurrence, handover_dates
from marketplace.rules.roles import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWindow:
    """One window of each round: days count back from the handover date, times are the hub's wall time."""

    name: str
    opens_days_before: int
    opens_time: time
    closes_days_before: int
    closes_time: time
    supplies: Sequence[Supply]
    filling_minutes: int = 60
    grace_minutes: int = 10
    after_close: str = OrderingWindow.AfterClose.SEND


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHandover:
    """One handover of each round; without a pickup point it is a delivery slot, without a capacity unbounded.

    `fee` in minor units: what a reservation pays for being handed over there.
    """

    pickup_point: PickupPoint | None
    starts_time: time
    ends_time: time
    capacity: int | None = None
    fee: int = 0


@transaction.atomic
def make_round_rule(
    *,
    hub: Hub,
    name: str,
    recurrence: str,
    starts_on: date,
    windows: Sequence[RuleWindow],
    handovers: Sequence[RuleHandover],
    days_ahead: int = 21,
    by: User,
) -> RoundRule:
    """The rule; `plan_rounds` makes its rounds. `recurrence` is an RFC 5545 RRULE without DTSTART.

    Raises NotAllowed for others than those who run the hub's rounds, NotFound for another hub's supply or pickup
    point, InvalidInput naming each problem.
    """
    require_at_hub(by, hub, Permission.RUN_ROUNDS)
    _check_recurrence(recurrence, starts_on)
    rule = save_checked(
        RoundRule(hub=hub, name=name, recurrence=recurrence, starts_on=starts_on, days_ahead=days_ahead)
    )
    for window in windows:
        _add_window(rule, window)
    for handover in handovers:
        _add_handover(rule, handover)
    return rule


def _check_recurrence(recurrence: str, starts_on: date) -> None:
    try:
        handover_dates(recurrence=recurrence, starts_on=starts_on, first=starts_on, last=starts_on, exceptions={})
    except BadRecurrence as error:
        raise InvalidInput(problems=[{"place": "recurrence", "problem": str(error)}]) from error


def _add_window(rule: RoundRule, planned: RuleWindow) -> None:
    for supply in planned.supplies:
        if supply.hub_id != rule.hub_id:
            raise NotFound(kind="supply", id=supply.pk)
    window = save_checked(
        RoundRuleWindow(
            rule=rule,
            name=planned.name,
            opens_days_before=planned.opens_days_before,
            opens_time=planned.opens_time,
            closes_days_before=planned.closes_days_before,
            closes_time=planned.closes_time,
            filling_minutes=planned.filling_minutes,
            grace_minutes=planned.grace_minutes,
            after_close=planned.after_close,
        )
    )
    window.supplies.set(planned.supplies)


def _add_handover(rule: RoundRule, planned: RuleHandover) -> None:
    if planned.pickup_point is not None and planned.pickup_point.hub_id != rule.hub_id:
        raise NotFound(kind="pickup_point", id=planned.pickup_point.pk)
    save_checked(
        RoundRuleHandover(
            rule=rule,
            pickup_point=planned.pickup_point,
            starts_time=planned.starts_time,
            ends_time=planned.ends_time,
            capacity=planned.capacity,
            fee_minor=planned.fee,
        )
    )
