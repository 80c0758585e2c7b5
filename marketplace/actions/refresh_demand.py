"""Keeps the projection of demand (OfferDemand) near the lines, and tells those who watch (docs/adr/0004).

Every accepted reservation leaves a version row that names the offers it changed; those offers are summed anew from
the lines. One leaseholder at a time does it, at most once in `PERIOD`. Versions commit out of order, so the last
`OVERLAP` is looked at again each time. Nothing depends on it: summing again is harmless, guards and closing read
the lines, and a process that starts sums all open windows anew.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from secrets import token_hex
from threading import Lock
from typing import Final

from django.db import transaction
from django.db.models import Max

from marketplace import clock, realtime
from marketplace.models import Lease, Offer, OfferDemand, OrderingWindow, ReservationVersion
from marketplace.queries.demand import demand_groups, stored
from marketplace.queries.standings import offer_json, offer_terms
from marketplace.rules.clearing.standing import standing
from marketplace.rules.clearing.terms import DemandGroup
from marketplace.rules.states import WindowState

logger = logging.getLogger(__name__)

LEASE: Final = "refresh-demand"
# A refresh that died keeps the others out for so long.
LEASE_TIME: Final = timedelta(seconds=15)
# At most one refresh in this time; the beat asks more often, so that its jitter costs no whole turn.
PERIOD: Final = timedelta(seconds=1)
# Longer than a reservation's transaction may stay open after it took its time.
OVERLAP: Final = timedelta(seconds=15)


class Watch:
    """What this process has dealt with, so that each version is summed once and a look at nothing new is cheap.

    Its knowledge ends with the database that it is about: `epoch` is a mark in the lease's row, made with the row.
    """

    def __init__(self) -> None:
        self.busy = Lock()
        self.epoch = ""
        self.until: datetime | None = None
        self.seen: dict[int, datetime] = {}

    def is_about(self, epoch: str) -> None:
        """Forget everything if it was about another database."""
        if self.epoch != epoch:
            self.epoch, self.until, self.seen = epoch, None, {}

    def since(self, now: datetime) -> datetime:
        """From when on versions may be new; also right after the clock was set back."""
        return min(self.until or now, now) - OVERLAP

    def note(self, versions: Iterable[tuple[int, datetime]], now: datetime) -> None:
        self.seen.update(versions)
        self.until = now
        keep = now - OVERLAP
        self.seen = {pk: at for pk, at in self.seen.items() if at >= keep}


_watch = Watch()


def refresh_demand(*, watch: Watch = _watch) -> int:
    """Bring the projection up to date and push a hint for each window that changed; how many did.

    Two queries when nothing changed, one while another process is at it.
    """
    if not watch.busy.acquire(blocking=False):
        return 0
    try:
        return _refresh(watch)
    finally:
        watch.busy.release()


def refresh_window(*, window_id: int, offer_ids: list[int] | None = None) -> bool:
    """Sum one window anew, whatever changed: after it opened again or closed. Joins the caller's transaction.

    With `offer_ids` only these, and they are told even where their demand is the same: their terms are others.
    """
    with transaction.atomic():
        _make_lease()
        _one_writer("")
        return _project(window_id, offer_ids, changed_terms=offer_ids is not None)


def _refresh(watch: Watch) -> int:
    lease = _read_lease()
    if lease is None:
        _make_lease()  # the first turn ever; the next one finds it
        return _refresh(watch)
    held_by, until, now = lease
    epoch = held_by.partition(":")[0]
    watch.is_about(epoch)
    if now < until <= now + LEASE_TIME:  # one beyond that was taken before the clock was set back
        return 0
    new = _new_versions(watch, now)
    begins = watch.until is None
    if not new and not begins:
        watch.note([], now)
        return 0
    holder = f"{epoch}:{token_hex(8)}"
    if not Lease.objects.filter(name=LEASE, until=until).update(holder=holder, until=now + LEASE_TIME):
        return 0
    try:
        told, complete = _refresh_windows(holder, _work(new, begins=begins))
        if complete:
            watch.note([(pk, at) for pk, at, _ in new], now)
        return told
    finally:
        Lease.objects.filter(name=LEASE, holder=holder).update(until=now + PERIOD)


def _read_lease() -> tuple[str, datetime, datetime] | None:
    """Who holds the lease, until when, and the clock; in one query."""
    row = Lease.objects.filter(name=LEASE).annotate(now=clock.expression())
    return row.values_list("holder", "until", "now").first()


def _make_lease() -> None:
    Lease.objects.get_or_create(name=LEASE, defaults={"holder": f"{token_hex(8)}:", "until": clock.now()})


def _new_versions(watch: Watch, now: datetime) -> list[tuple[int, datetime, list[int]]]:
    """Versions that this process has not dealt with: (id, time, changed offers)."""
    recent = ReservationVersion.objects.filter(placed_at__gte=watch.since(now))
    if watch.seen:
        recent = recent.exclude(pk__in=list(watch.seen))
    return list(recent.values_list("pk", "placed_at", "changed_offers"))


def _work(new: list[tuple[int, datetime, list[int]]], *, begins: bool) -> dict[int, list[int] | None]:
    """What to sum anew: window → its changed offers, or None for all of them."""
    work: dict[int, list[int] | None] = {}
    if begins:
        open_windows = OrderingWindow.objects.filter(state=WindowState.OPEN)
        work.update(dict.fromkeys(open_windows.values_list("pk", flat=True)))
    offer_ids = {offer for _, _, offers in new for offer in offers}
    if offer_ids:
        for pk, window_id in Offer.objects.filter(pk__in=offer_ids).order_by("pk").values_list("pk", "window_id"):
            offers = work.setdefault(window_id, [])
            if offers is not None:
                offers.append(pk)
    return work


def _refresh_windows(holder: str, work: dict[int, list[int] | None]) -> tuple[int, bool]:
    """How many windows changed, and whether all could be summed; one that fails does not hold the others."""
    told, complete = 0, True
    for window_id, offer_ids in work.items():
        try:
            with transaction.atomic():
                if not _one_writer(holder):
                    return told, False
                told += _project(window_id, offer_ids)
        except Exception:  # logged, and tried again at the next turn, as the versions stay unseen
            logger.exception("The demand of window %s could not be summed", window_id)
            complete = False
    return told, complete


def _one_writer(holder: str) -> bool:
    """Lock the lease's row until the transaction ends, so that a window's versions are counted one at a time.

    False when the holder (if named) has lost the lease meanwhile.
    """
    held_by = Lease.objects.select_for_update().filter(name=LEASE).values_list("holder", flat=True).first()
    return not holder or held_by == holder


def _project(window_id: int, offer_ids: list[int] | None, *, changed_terms: bool = False) -> bool:
    """Sum the offers of a window (None: all) from the lines, write those that differ (all, where their terms changed),
    tell; whether any did."""
    groups = demand_groups(offer_ids, window_id=window_id)
    known = OfferDemand.objects.filter(window_id=window_id)
    if offer_ids is not None:
        known = known.filter(pk__in=offer_ids)
    before = dict(known.values_list("pk", "groups"))
    told_anyway = offer_ids if changed_terms and offer_ids is not None else []
    after = {pk: stored(groups.get(pk, [])) for pk in {*groups, *before, *told_anyway}}
    changed = sorted(pk for pk, now in after.items() if pk in told_anyway or now != before.get(pk, []))
    if not changed:
        return False
    top = OfferDemand.objects.filter(window_id=window_id).aggregate(top=Max("version"))["top"] or 0
    at = clock.now()
    OfferDemand.objects.bulk_create(
        (
            OfferDemand(offer_id=pk, window_id=window_id, version=top + 1, groups=after[pk], refreshed_at=at)
            for pk in changed
        ),
        update_conflicts=True,
        unique_fields=["offer"],
        update_fields=["version", "groups", "refreshed_at"],
        batch_size=2000,
    )
    _tell(window_id, top + 1, changed, groups)
    return True


def _tell(window_id: int, version: int, changed: list[int], groups: dict[int, list[DemandGroup]]) -> None:
    """The hint, after the commit: the changed offers' figures, or none where there are too many to list."""
    round_id = OrderingWindow.objects.values_list("round_id", flat=True).get(pk=window_id)
    offers = None
    if len(changed) <= realtime.LISTED_OFFERS:
        terms = offer_terms(changed)
        offers = [offer_json(pk, standing(offer=terms[pk], groups=groups.get(pk, []))) for pk in changed if pk in terms]
    realtime.push(
        realtime.round_group(round_id),
        {"type": "round.changed", "round": round_id, "window": window_id, "version": version, "offers": offers},
    )
