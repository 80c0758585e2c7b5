"""Record ticks of a hand-out list, as one tap or as what a phone gathered while it was offline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import Custody, custody_of
from marketplace.actions.handing_over.record_progress import record_progress
from marketplace.actions.handing_over.take_back_step import take_back_step
from marketplace.errors import InvalidInput, ListNotOpen, NotFound, UndoTooLate
from marketplace.models import DeputyLink, HandOutTick, User
from marketplace.queries.deputies import deputy_custody
from marketplace.queries.hosting import counting_tick, is_over, published_at, reservations_in, ticks_of
from marketplace.rules.hand_out import UNDO_WITHIN, TickKind
from marketplace.rules.roles import Permission
from marketplace.rules.states import ProgressStep

# What a phone may send at once; its queue sends the rest next.
MOST_TICKS = 200
KEY_LENGTH = 64
_STEPS = {TickKind.HANDED_OVER: ProgressStep.HANDED_OVER, TickKind.NO_SHOW: ProgressStep.NO_SHOW}


@dataclass(frozen=True, slots=True)
class NewTick:
    """One tap: `key` is the device's own for it, `at` when it was tapped (None: now)."""

    reservation_id: int
    kind: TickKind
    key: str
    at: datetime | None = None


@transaction.atomic
def tick(*, handover_id: int, ticks: Sequence[NewTick], by: User) -> int:
    """How many of the ticks were new. The same key twice is harmless, and the order of arrival does not matter
    (rules/hand_out.py); each reservation's step follows in the same transaction.

    A time ahead of the clock counts as now, one before the list was published as that moment.
    Raises NotFound for a handover that is not the user's or a reservation that is not handed out there, ListNotOpen
    outside its hours, UndoTooLate where a single undo comes too late, InvalidInput for what no device sends.
    """
    return _record(custody_of(by, handover_id, Permission.HAND_OUT), ticks, by, None)


@transaction.atomic
def tick_as_deputy(*, token: str, ticks: Sequence[NewTick]) -> int:
    """The same by a deputy's link. Raises NotFound also for a link that is over, taken back or unknown."""
    link, custody = deputy_custody(token)
    return _record(custody, ticks, None, link)


def _record(custody: Custody, ticks: Sequence[NewTick], by: User | None, link: DeputyLink | None) -> int:
    now, handover = clock.now(), custody.handover
    published = published_at(handover.round_id)
    if published is None or published > now or is_over(custody, now):
        raise ListNotOpen(over=published is not None)
    _check(ticks)
    ids = sorted({t.reservation_id for t in ticks})
    # Two devices tick the same household: the second waits and then sees the first one's tick.
    held = set(
        reservations_in(custody).filter(pk__in=ids).order_by("pk").select_for_update().values_list("pk", flat=True)
    )
    if missing := [pk for pk in ids if pk not in held]:
        raise NotFound(kind="reservation", id=missing[0])
    before = {pk: counting_tick(found) for pk, found in ticks_of(ids).items()}
    new = _new_rows(custody, ticks, published, now, by, link)
    HandOutTick.objects.bulk_create(new, ignore_conflicts=True)
    after = ticks_of(ids)
    for pk in ids:
        _follow(pk, before.get(pk), counting_tick(after.get(pk, [])), by, link)
    _refuse_late_undo(ticks, {pk: counting_tick(after.get(pk, [])) for pk in ids})
    return len(new)


def _check(ticks: Sequence[NewTick]) -> None:
    if not ticks or len(ticks) > MOST_TICKS or any(not t.key or len(t.key) > KEY_LENGTH for t in ticks):
        raise InvalidInput(problems=[{"place": "ticks", "problem": _("That was no tick of this list.")}])


def _new_rows(
    custody: Custody,
    ticks: Sequence[NewTick],
    published: datetime,
    now: datetime,
    by: User | None,
    link: DeputyLink | None,
) -> list[HandOutTick]:
    """The ticks that are not stored yet; of two with one key the first."""
    stored = HandOutTick.objects.filter(handover=custody.handover, key__in=[t.key for t in ticks])
    known = set(stored.values_list("key", flat=True))
    rows: dict[str, HandOutTick] = {}
    for t in ticks:
        if t.key not in known and t.key not in rows:
            rows[t.key] = HandOutTick(
                handover=custody.handover,
                reservation_id=t.reservation_id,
                kind=t.kind.value,
                key=t.key,
                at=min(max(t.at or now, published), now),
                recorded_at=now,
                by=by,
                deputy=link,
            )
    return list(rows.values())


def _follow(
    reservation_id: int, before: HandOutTick | None, after: HandOutTick | None, by: User | None, link: DeputyLink | None
) -> None:
    """What the household sees of its goods follows from the tick that counts."""
    was = (before.kind, before.at) if before else None
    became = (after.kind, after.at) if after else None
    if was == became:
        return
    if before is not None:
        take_back_step(reservation_ids=[reservation_id], step=_STEPS[TickKind(before.kind)], by=by)
    if after is not None:
        note = f"deputy by link: {link.name}" if link else ""
        record_progress(
            reservation_ids=[reservation_id], step=_STEPS[TickKind(after.kind)], at=after.at, note=note, by=by
        )


def _refuse_late_undo(ticks: Sequence[NewTick], after: dict[int, HandOutTick | None]) -> None:
    """A lone undo that changes nothing is told; within a queue of many it would hold up the rest."""
    if len(ticks) == 1 and ticks[0].kind is TickKind.UNDO and after[ticks[0].reservation_id] is not None:
        raise UndoTooLate(minutes=int(UNDO_WITHIN.total_seconds() // 60))
