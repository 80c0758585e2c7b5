"""Say when a merchant is away or does not deliver: planned windows go without it, announced ones are named."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock, locks
from marketplace.actions.catalogue.leaving_out import take_out
from marketplace.errors import InvalidInput
from marketplace.models import Hub, OrderingWindow, Supply, SupplyBreak, User, WindowSupply
from marketplace.queries.breaks import LONGEST_DAYS, windows_touched
from marketplace.queries.catalogue import merchant_to_edit
from marketplace.rules.states import WindowState


@dataclass(frozen=True, slots=True)
class BreakSet:
    """The break, the drafts that go without the merchant now, and the announced windows whose promise stands: there
    the hub has to be asked."""

    pause: SupplyBreak
    left_out: tuple[OrderingWindow, ...]
    announced: tuple[OrderingWindow, ...]


@transaction.atomic
def set_break(
    *,
    merchant_id: int,
    starts_on: date,
    ends_on: date,
    kind: str = SupplyBreak.Kind.VACATION,
    hub_id: int | None = None,
    reason: str = "",
    by: User,
) -> BreakSet:
    """First and last day count, by the hub's calendar; without a hub it holds at all that the merchant supplies.

    Rounds that are planned later leave the merchant out by themselves. Raises NotFound for a foreign merchant,
    InvalidInput for days out of order or a hub that the merchant does not supply.
    """
    merchant = merchant_to_edit(by, merchant_id)
    now = clock.now()
    problems = _problems(merchant.pk, starts_on, ends_on, kind, hub_id, now)
    if problems:
        raise InvalidInput(problems=problems)
    pause = SupplyBreak.objects.create(
        merchant=merchant,
        hub=None if hub_id is None else Hub.objects.get(pk=hub_id),
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip()[:120],
        by=by,
        made_at=now,
    )
    drafts = windows_touched([pause], [WindowState.DRAFT])[pause.pk]
    left_out = [part for part in drafts if _leave_out(part, pause, now)]
    announced = windows_touched([pause], [WindowState.SCHEDULED, WindowState.OPEN])[pause.pk]
    return BreakSet(pause, tuple(part.window for part in left_out), tuple(part.window for part in announced))


def _leave_out(part: WindowSupply, pause: SupplyBreak, now: datetime) -> bool:
    locks.window_exclusive(part.window_id)
    if not OrderingWindow.objects.filter(pk=part.window_id, state=WindowState.DRAFT).exists():
        return False
    take_out(part, pause, now)
    return True


def _problems(
    merchant_id: int, starts_on: date, ends_on: date, kind: str, hub_id: int | None, now: datetime
) -> list[dict[str, str]]:
    problems = []
    if ends_on < starts_on:
        problems.append({"place": "ends_on", "problem": _("The last day is not before the first one.")})
    elif (ends_on - starts_on).days >= LONGEST_DAYS:
        told = _("At most %(days)s days.") % {"days": LONGEST_DAYS}
        problems.append({"place": "ends_on", "problem": told})
    elif ends_on < now.date():
        problems.append({"place": "ends_on", "problem": _("That is over already.")})
    if kind not in SupplyBreak.Kind.values:
        problems.append({"place": "kind", "problem": _("Choose one of the two kinds.")})
    if hub_id is not None and not Supply.objects.filter(merchant=merchant_id, hub=hub_id).exists():
        problems.append({"place": "hub", "problem": _("Choose a hub that you supply, or all of them.")})
    return problems
