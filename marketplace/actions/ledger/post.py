"""Write one transaction into a hub's books: the only way in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.transaction import TransactionManagementError

from marketplace import clock, locks
from marketplace.errors import LedgerKeyReused, PeriodLocked
from marketplace.models import Hub, LedgerAccount, LedgerEntry, LedgerLock, LedgerTransaction, User
from marketplace.rules.ledger.accounts import AccountRef, code_of
from marketplace.rules.ledger.entries import Entry, TransactionKind, check_entries, content_hash

__all__ = ["Refs", "post"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refs:
    """What a transaction is about; all that applies."""

    round_id: int | None = None
    window_id: int | None = None
    order_id: int | None = None
    reservation_id: int | None = None
    claim_id: int | None = None
    payment_id: int | None = None
    reverses_id: int | None = None


def post(
    *,
    hub_id: int,
    kind: TransactionKind,
    key: str,
    entries: Sequence[Entry],
    at: datetime,
    refs: Refs = Refs(),
    reason: str = "",
    by: User | None,
) -> LedgerTransaction:
    """The transaction with these entries; joins the caller's transaction. Six statements, two more for new accounts.

    `key` names what happened, once per hub: the same content under it again finds the first, harmlessly. `at` is the
    moment it counts for. Raises LedgerKeyReused for other content under a key, PeriodLocked for a day whose books are
    closed, BadEntries or BadAccount for what no book can hold, TransactionManagementError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise TransactionManagementError("A booking belongs to what it books: open a transaction first.")
    check_entries(entries)
    digest = content_hash(kind, entries)
    known = _known(hub_id, key, digest)
    if known is not None:
        return known
    locks.books_shared(hub_id)
    hub = Hub.objects.get(pk=hub_id)
    _check_open(hub, at)
    accounts = _accounts(hub, entries)
    try:
        with transaction.atomic():
            booked = LedgerTransaction.objects.create(
                hub=hub,
                kind=kind.value,
                key=key,
                content_hash=digest,
                at=at,
                recorded_at=clock.now(),
                by=by,
                reason=reason[:200],
                **asdict(refs),
            )
    except IntegrityError:  # the same one, posted at the same moment
        known = _known(hub_id, key, digest)
        if known is None:
            raise
        return known
    LedgerEntry.objects.bulk_create(_rows(booked, entries, accounts), batch_size=500)
    return booked


def reverse_of(
    *, booked: LedgerTransaction, kind: TransactionKind, key: str, at: datetime, reason: str = "", by: User | None
) -> LedgerTransaction:
    """The opposite of a transaction, entry by entry, as one of its own. One transaction is undone once."""
    rows = booked.entries.select_related("source", "destination").order_by("number")
    turned = [Entry(e.source.ref, e.destination.ref, e.amount_minor, e.memo, e.facts, e.line_id).turned() for e in rows]
    refs = Refs(
        round_id=booked.round_id,
        window_id=booked.window_id,
        order_id=booked.order_id,
        reservation_id=booked.reservation_id,
        claim_id=booked.claim_id,
        payment_id=booked.payment_id,
        reverses_id=booked.pk,
    )
    return post(hub_id=booked.hub_id, kind=kind, key=key, entries=turned, at=at, refs=refs, reason=reason, by=by)


def _known(hub_id: int, key: str, digest: str) -> LedgerTransaction | None:
    known = LedgerTransaction.objects.filter(hub=hub_id, key=key).first()
    if known is not None and known.content_hash != digest:
        raise LedgerKeyReused(key=key)
    return known


def _check_open(hub: Hub, at: datetime) -> None:
    through = LedgerLock.objects.filter(hub=hub).aggregate(through=Max("through"))["through"]
    day = at.astimezone(ZoneInfo(hub.time_zone)).date()
    if through is not None and day <= through:
        raise PeriodLocked(day=day, through=through)


def _accounts(hub: Hub, entries: Iterable[Entry]) -> Mapping[str, LedgerAccount]:
    """The accounts by code; those that are new are opened."""
    wanted: dict[str, AccountRef] = {}
    for entry in entries:
        wanted.update({code_of(ref): ref for ref in (entry.source, entry.destination)})
    found = _by_code(hub, wanted)
    missing = sorted(wanted.keys() - found.keys())
    if not missing:
        return found
    opened = [_opened(hub, code, wanted[code]) for code in missing]
    LedgerAccount.objects.bulk_create(opened, ignore_conflicts=True)
    return _by_code(hub, wanted)


def _by_code(hub: Hub, codes: Iterable[str]) -> dict[str, LedgerAccount]:
    return {account.code: account for account in LedgerAccount.objects.filter(hub=hub, code__in=list(codes))}


def _opened(hub: Hub, code: str, ref: AccountRef) -> LedgerAccount:
    parts = {**ref._asdict(), "kind": ref.kind.value}
    return LedgerAccount(hub=hub, code=code, currency=hub.currency, **parts)


def _rows(
    booked: LedgerTransaction, entries: Sequence[Entry], accounts: Mapping[str, LedgerAccount]
) -> list[LedgerEntry]:
    return [
        LedgerEntry(
            transaction=booked,
            number=number,
            source=accounts[code_of(entry.source)],
            destination=accounts[code_of(entry.destination)],
            amount_minor=entry.amount_minor,
            memo=entry.memo,
            facts=dict(entry.facts),
            line_id=entry.line_id,
        )
        for number, entry in enumerate(entries, start=1)
    ]
