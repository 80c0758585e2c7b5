"""Start a single round outside every rule: a special occasion, or the short rounds of a demonstration."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from marketplace.actions.copy_offers import copy_offers
from marketplace.actions.setting_up import require_at_hub, save_checked
from marketplace.errors import NotFound
from marketplace.models import (
    Capacity,
    Handover,
    Hub,
    OrderingWindow,
    PickupPoint,
    Round,
    Supply,
    User,
    WindowSupply,
)
from marketplace.rules.roles import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWindow:
    """One window of the round; it begins with the offers of `offers_from`, a window of the same hub, if given."""

    name: str
    opens_at: datetime
    closes_at: datetime
    supplies: Sequence[Supply]
    filling: timedelta = timedelta(hours=1)
    grace_minutes: int = 10
    after_close: str = OrderingWindow.AfterClose.SEND
    offers_from: OrderingWindow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHandover:
    """One handover of the round; without a pickup point a delivery slot, without a capacity unbounded.

    `fee` in minor units: what a reservation pays for being handed over there.
    """

    pickup_point: PickupPoint | None
    starts_at: datetime
    ends_at: datetime
    capacity: int | None = None
    fee: int = 0


@transaction.atomic
def start_round(
    *,
    hub: Hub,
    name: str,
    handover_on: date,
    windows: Sequence[NewWindow],
    handovers: Sequence[NewHandover],
    by: User,
) -> Round:
    """The round with its windows as drafts; `schedule_window` announces each.

    Raises NotAllowed for others than those who run the hub's rounds, NotFound for another hub's supply, window or
    pickup point, InvalidInput for times that are out of order.
    """
    require_at_hub(by, hub, Permission.RUN_ROUNDS)
    round_ = save_checked(Round(hub=hub, name=name, handover_on=handover_on))
    for handover in handovers:
        _add_handover(round_, handover)
    for window in windows:
        _add_window(round_, window)
    return round_


def _add_handover(round_: Round, new: NewHandover) -> None:
    if new.pickup_point is not None and new.pickup_point.hub_id != round_.hub_id:
        raise NotFound(kind="pickup_point", id=new.pickup_point.pk)
    save_checked(
        Handover(
            round=round_,
            pickup_point=new.pickup_point,
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            capacity=None if new.capacity is None else Capacity.objects.create(limit=new.capacity),
            fee_minor=new.fee,
        )
    )


def _add_window(round_: Round, new: NewWindow) -> None:
    for supply in new.supplies:
        if supply.hub_id != round_.hub_id:
            raise NotFound(kind="supply", id=supply.pk)
    window = save_checked(
        OrderingWindow(
            round=round_,
            name=new.name,
            opens_at=new.opens_at,
            fills_at=max(new.opens_at, new.closes_at - new.filling),
            closes_at=new.closes_at,
            after_close=new.after_close,
            grace_minutes=new.grace_minutes,
        )
    )
    WindowSupply.objects.bulk_create(
        WindowSupply(
            window=window, supply=supply, orders_due_at=new.closes_at + timedelta(minutes=supply.cut_off_minutes)
        )
        for supply in new.supplies
    )
    if new.offers_from is not None:
        if new.offers_from.round.hub_id != round_.hub_id:
            raise NotFound(kind="window", id=new.offers_from.pk)
        copy_offers(from_window=new.offers_from, to_window=window)
