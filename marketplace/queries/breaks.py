"""Breaks of merchants, and the planned windows that they touch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from marketplace.access import merchants_of
from marketplace.errors import NotFound
from marketplace.models import Hub, Supply, SupplyBreak, User, WindowSupply
from marketplace.rules.catalogue.breaks import VACATION, blocks, supply_days
from marketplace.rules.states import WindowState
from marketplace.words import date_words

# Longer ones are no break but the end of a supply; it bounds what has to be looked through.
LONGEST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Blocked:
    """A supply that a break keeps out of a window."""

    supply: Supply
    pause: SupplyBreak


def breaks_of(user: User) -> QuerySet[SupplyBreak]:
    """The breaks of the merchants at whose desk the user works."""
    return SupplyBreak.objects.filter(merchant__in=merchants_of(user)).select_related("merchant", "hub", "by")


def break_for(user: User, break_id: int) -> SupplyBreak:
    """A break of the user's merchant. One query."""
    found = breaks_of(user).filter(pk=break_id).first()
    if found is None:
        raise NotFound(kind="break", id=break_id)
    return found


def blocked_supplies(
    *, hub: Hub, handover_on: date, closes_at: datetime, supplies: Sequence[Supply]
) -> dict[int, SupplyBreak]:
    """Those of a hub's supplies that a break keeps out of a window which closes then, by the supply's id. One query."""
    living = SupplyBreak.objects.filter(
        Q(hub=None) | Q(hub=hub), merchant__in=[supply.merchant_id for supply in supplies], ended_at=None
    ).order_by("starts_on", "pk")
    found: dict[int, SupplyBreak] = {}
    for pause in living:
        for supply in supplies:
            due_at = closes_at + timedelta(minutes=supply.cut_off_minutes)
            if supply.merchant_id == pause.merchant_id and touches(pause, supply, due_at, handover_on, hub.time_zone):
                found.setdefault(supply.pk, pause)
    return found


def touches(pause: SupplyBreak, supply: Supply, orders_due_at: datetime, handover_on: date, zone: str) -> bool:
    """Whether the break keeps the supply out of a window with these times."""
    days = supply_days(orders_due_at=orders_due_at, lead_hours=supply.lead_hours, handover_on=handover_on, zone=zone)
    return blocks(kind=pause.kind, starts_on=pause.starts_on, ends_on=pause.ends_on, days=days)


def blocked_in_window(window_id: int) -> list[Blocked]:
    """The merchants of a window that a break keeps from it. Two queries, one where nobody has a break."""
    parts = list(
        WindowSupply.objects.filter(window=window_id)
        .select_related("supply__merchant", "window__round__hub")
        .order_by("pk")
    )
    if not parts:
        return []
    hub = parts[0].window.round.hub
    living = list(
        SupplyBreak.objects.filter(
            Q(hub=None) | Q(hub=hub), merchant__in=[part.supply.merchant_id for part in parts], ended_at=None
        ).order_by("starts_on", "pk")
    )
    found: dict[int, Blocked] = {}
    for part in parts:
        for pause in living:
            if _concerns(pause, part):
                found.setdefault(part.supply_id, Blocked(part.supply, pause))
    return list(found.values())


def windows_touched(pauses: Sequence[SupplyBreak], states: Sequence[WindowState]) -> dict[int, list[WindowSupply]]:
    """The merchants' parts in windows of these states that each break touches, by its id, the earliest close first.
    One query, none without breaks."""
    if not pauses:
        return {}
    parts = WindowSupply.objects.filter(
        supply__merchant__in={pause.merchant_id for pause in pauses},
        window__state__in=[state.value for state in states],
        window__round__handover_on__gte=min(pause.starts_on for pause in pauses),
    )
    rows = list(parts.select_related("supply__merchant", "window__round__hub").order_by("window__closes_at", "pk"))
    return {pause.pk: [part for part in rows if _concerns(pause, part)] for pause in pauses}


def _concerns(pause: SupplyBreak, part: WindowSupply) -> bool:
    hub, handover_on = part.window.round.hub, part.window.round.handover_on
    mine = part.supply.merchant_id == pause.merchant_id and pause.hub_id in (None, hub.pk)
    return mine and touches(pause, part.supply, part.orders_due_at, handover_on, hub.time_zone)


def break_words(pause: SupplyBreak) -> str:
    """A break in a sentence: who, why, from when to when."""
    facts = {
        "merchant": pause.merchant.name,
        "first": date_words(pause.starts_on),
        "last": date_words(pause.ends_on),
        "reason": f" ({pause.reason})" if pause.reason else "",
    }
    if pause.kind == VACATION:
        return _("%(merchant)s is away from %(first)s to %(last)s%(reason)s.") % facts
    return _("%(merchant)s does not deliver from %(first)s to %(last)s%(reason)s.") % facts
