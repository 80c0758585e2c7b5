"""Packages that come back: households get their deposit, merchants give theirs."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from marketplace import clock
from marketplace.access import custody_of, hubs_where
from marketplace.actions.ledger.post import Refs, post
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import DepositType, Hub, LedgerTransaction, Reservation, Supply, User
from marketplace.queries.hand_out import reservations_in
from marketplace.rules.ledger.accounts import deposits, household, merchant
from marketplace.rules.ledger.entries import Entry, LineMemo, TransactionKind
from marketplace.rules.roles import Permission

MOST_PACKAGES = 500
LONGEST_KEY = 64


@transaction.atomic
def return_deposits(
    *, reservation_id: int, packages: Mapping[int, int], request_key: str, by: User
) -> LedgerTransaction:
    """Packages that a household brought back when it collected, given as {deposit type: how many}; the deposit goes to
    its balance. The same key again is harmless.

    By whoever hands the reservation out, or the hub. Raises NotFound, InvalidInput, LedgerKeyReused.
    """
    reservation = Reservation.objects.select_related("round").filter(pk=reservation_id).first()
    if reservation is None or not _takes_back(by, reservation):
        raise NotFound(kind="reservation", id=reservation_id)
    to = household(reservation.household_id)
    entries = [
        Entry(deposits(kind.pk), to, kind.amount_minor * count, LineMemo.DEPOSIT.value, _facts(kind, count))
        for kind, count in _counted(packages, request_key)
    ]
    return post(
        hub_id=reservation.round.hub_id,
        kind=TransactionKind.DEPOSIT_RETURN,
        key=f"packages:{reservation.pk}:{request_key}",
        entries=entries,
        at=clock.now(),
        refs=Refs(round_id=reservation.round_id, reservation_id=reservation.pk),
        by=by,
    )


@transaction.atomic
def send_deposits_back(
    *, hub_id: int, merchant_id: int, packages: Mapping[int, int], request_key: str, by: User
) -> LedgerTransaction:
    """Packages that go back to a merchant, who then owes their deposit: its balance falls. The same key again is
    harmless. Raises NotFound for a hub where the actor does not keep the books, or a merchant that does not supply it.
    """
    hub = Hub.objects.filter(pk__in=hubs_where(by, Permission.KEEP_BOOKS).values("pk"), pk=hub_id).first()
    if hub is None:
        raise NotFound(kind="hub", id=hub_id)
    if not Supply.objects.filter(hub=hub, merchant=merchant_id).exists():
        raise NotFound(kind="merchant", id=merchant_id)
    entries = [
        Entry(
            merchant(merchant_id),
            deposits(kind.pk),
            kind.amount_minor * count,
            LineMemo.DEPOSIT.value,
            _facts(kind, count),
        )
        for kind, count in _counted(packages, request_key)
    ]
    return post(
        hub_id=hub.pk,
        kind=TransactionKind.DEPOSIT_SENT_BACK,
        key=f"packages-sent:{merchant_id}:{request_key}",
        entries=entries,
        at=clock.now(),
        by=by,
    )


def _takes_back(user: User, reservation: Reservation) -> bool:
    if hubs_where(user, Permission.KEEP_BOOKS).filter(pk=reservation.round.hub_id).exists():
        return True
    try:
        custody = custody_of(user, reservation.handover_id, Permission.HAND_OUT)
    except NotFound:
        return False
    return reservations_in(custody).filter(pk=reservation.pk).exists()


def _counted(packages: Mapping[int, int], request_key: str) -> list[tuple[DepositType, int]]:
    """The types with their numbers, none left out. Raises InvalidInput."""
    problems = []
    if not request_key.strip() or len(request_key) > LONGEST_KEY:
        problems.append({"place": "request_key", "problem": _("A request needs a key of its own.")})
    known = DepositType.objects.in_bulk(list(packages))
    for kind, count in packages.items():
        if kind not in known or not 0 <= count <= MOST_PACKAGES:
            told = _("Give a number from 0 to %(most)d.") % {"most": MOST_PACKAGES}
            problems.append({"place": f"packages.{kind}", "problem": told})
    if not any(packages.values()):
        problems.append({"place": "packages", "problem": _("Say how many packages came back.")})
    if problems:
        raise InvalidInput(problems=problems)
    return [(known[kind], count) for kind, count in sorted(packages.items()) if count]


def _facts(kind: DepositType, count: int) -> dict[str, object]:
    return {"deposit_type": kind.name, "count": count, "each_minor": kind.amount_minor}
