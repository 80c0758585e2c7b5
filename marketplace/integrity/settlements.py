"""Reservations and the books: everybody was charged what was handed over at its price, with deposits and fees, and was
given back what was accepted; merchants are owed what came."""

from collections.abc import Iterator

from django.db.models import F, Sum

from marketplace.models import (
    Claim,
    LedgerTransaction,
    OrderingWindow,
    PurchaseOrder,
    Reservation,
    ReservationLine,
    Settlement,
)
from marketplace.queries.outcomes import results_of
from marketplace.queries.purchases import booked_purchase, wanted_purchase
from marketplace.queries.settlements import booked_settlings, newest_settlements, standing_settlements
from marketplace.queries.settling import dues_of
from marketplace.rules.claims import ClaimState
from marketplace.rules.ledger.accounts import household
from marketplace.rules.ledger.difference import difference
from marketplace.rules.ledger.entries import TransactionKind, drained
from marketplace.rules.states import OrderState, WindowState

BATCH = 500


def check_charges_are_what_was_handed_over() -> Iterator[str]:
    """The books hold of every reservation exactly handed over × price + deposits + fees, by what is known now; of one
    that is not settled, nothing."""
    ids = list(newest_settlements().order_by("reservation_id").values_list("reservation_id", flat=True))
    for part in _parts(ids):
        stands = set(standing_settlements().filter(reservation__in=part).values_list("reservation_id", flat=True))
        booked = booked_settlings(part)
        for pk, due in dues_of(part).items():
            wanted = due.target.entries() if due.target and pk in stands else []
            if apart := difference(booked.get(pk, []), wanted):
                yield f"reservation {pk} is charged otherwise than it should be by {len(apart)} entries"


def check_settlements_say_what_is_booked() -> Iterator[str]:
    """What a settlement tells every household is what left the household's account."""
    ids = list(newest_settlements().order_by("reservation_id").values_list("reservation_id", flat=True))
    for part in _parts(ids):
        booked = booked_settlings(part)
        for settlement in newest_settlements().filter(reservation__in=part).prefetch_related("lines"):
            told: dict[int, int] = {}
            for line in settlement.lines.all():
                told[line.household_id] = told.get(line.household_id, 0) + line.amount_minor + line.deposit_minor
            entries = booked.get(settlement.reservation_id, [])
            found = {pk: drained(entries, household(pk)) for pk in told}
            if found != told or sum(told.values()) != settlement.total_minor:
                yield f"settlement {settlement.pk} tells {told} ({settlement.total_minor}), the books say {found}"


def check_settled_windows_are_settled() -> Iterator[str]:
    """In a settled window nobody who got something waits."""
    for window in OrderingWindow.objects.filter(state=WindowState.SETTLED.value):
        settled = standing_settlements().values("reservation_id")
        waiting = ReservationLine.objects.filter(window=window).exclude(reservation__in=settled).order_by()
        ids = list(waiting.values_list("reservation_id", flat=True).distinct())
        for part in _parts(ids):
            for pk, result in results_of(dict.fromkeys(part, 0), window_id=window.pk).items():
                if result.units:
                    yield f"window {window.pk} is settled, but reservation {pk} is not"


def check_merchants_are_owed_what_came() -> Iterator[str]:
    """What was booked for a purchase order of a settled window is what came of it; for a voided one nothing."""
    orders = PurchaseOrder.objects.select_related("supply", "window")
    known = LedgerTransaction.objects.filter(kind=TransactionKind.PURCHASE.value).values("order_id")
    for order in orders.filter(pk__in=known) | orders.filter(window__state=WindowState.SETTLED.value):
        booked = booked_purchase(order)
        wanted = [] if order.state == OrderState.VOIDED else wanted_purchase(order, booked)
        if apart := difference(booked, wanted):
            yield f"order {order.pk} is booked otherwise than it came by {len(apart)} entries"


def check_accepted_claims_are_given_back() -> Iterator[str]:
    """Every accepted claim is booked once, with its amount; no other one is."""
    into = {
        row["claim_id"]: row["back"]
        for row in LedgerTransaction.objects.filter(
            kind=TransactionKind.CLAIM.value, entries__destination__household__isnull=False
        )
        .values("claim_id")
        .annotate(back=Sum("entries__amount_minor"))
    }
    accepted = dict(
        Claim.objects.filter(state=ClaimState.ACCEPTED.value).exclude(borne_by="").values_list("pk", "accepted_minor")
    )
    for pk in sorted(into.keys() | accepted.keys()):
        if into.get(pk) != accepted.get(pk):
            yield f"claim {pk} gives back {accepted.get(pk)}, the books say {into.get(pk)}"


def check_settled_reservations_hold_no_credit() -> Iterator[str]:
    settled = Settlement.objects.filter(pk__in=standing_settlements().values("pk"))
    holding = Reservation.objects.filter(pk__in=settled.values("reservation_id"), holds_minor__gt=0)
    for pk, amount in holding.filter(round__hub__limits_credit=True).values_list("pk", "holds_minor"):
        yield f"reservation {pk} is settled and still holds {amount}"


def check_settlements_are_numbered() -> Iterator[str]:
    """Settlings of one reservation are numbered without gaps, and each booking belongs to its own reservation."""
    seen: dict[int, int] = {}
    rows = Settlement.objects.order_by("reservation_id", "number").values_list("reservation_id", "number")
    for reservation_id, number in rows.iterator():
        if number != seen.get(reservation_id, 0) + 1:
            yield f"reservation {reservation_id} has no settlement {number - 1}"
        seen[reservation_id] = number
    foreign = Settlement.objects.exclude(booking=None).exclude(booking__reservation=F("reservation"))
    for pk in foreign.values_list("pk", flat=True):
        yield f"settlement {pk} has the booking of another reservation"


def _parts(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


CHECKS = (
    check_charges_are_what_was_handed_over,
    check_settlements_say_what_is_booked,
    check_settled_windows_are_settled,
    check_merchants_are_owed_what_came,
    check_accepted_claims_are_given_back,
    check_settled_reservations_hold_no_credit,
    check_settlements_are_numbered,
)
