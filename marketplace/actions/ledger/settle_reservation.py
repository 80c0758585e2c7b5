"""Settle reservations: charge what was handed over, to the cent; put it right where that turns out otherwise.

A settling books the difference between what the books hold for the reservation and what it costs by what is known now.
So it may run any number of times, in any order: once everything is booked nothing moves.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import partial

from django.db import transaction

from marketplace import clock
from marketplace.actions.ledger.post import Refs, post
from marketplace.errors import NotFound, PeriodLocked
from marketplace.events import emit
from marketplace.models import LedgerTransaction, Reservation, Settlement, SettlementLine, User
from marketplace.queries.settlements import SETTLED_AS, booked_settlings, newest_by_reservation
from marketplace.queries.settling import Due, dues_of, market_of
from marketplace.rules.ledger.difference import difference
from marketplace.rules.ledger.entries import Entry
from marketplace.rules.ledger.settling import Cause, Target
from marketplace.rules.ledger.splitting import paid_by


@transaction.atomic
def settle_reservation(*, reservation_id: int, by: User | None) -> Settlement | None:
    """The reservation's newest settling; None as long as its handover has not ended or something of it is not counted
    (and it was not settled before). Joins the caller's transaction; running it again is harmless.

    Raises NotFound for an unknown reservation.
    """
    settled = settle_reservations(reservation_ids=[reservation_id], by=by)
    if reservation_id not in settled:
        raise NotFound(kind="reservation", id=reservation_id)
    return settled[reservation_id]


@transaction.atomic
def settle_reservations(
    *, reservation_ids: Collection[int], by: User | None, cause: Cause | None = None
) -> dict[int, Settlement | None]:
    """The same for several, in the order of ids; `cause` says why it is put right, where it was settled before."""
    # Two settlings of one reservation, at once: the second has to see the first.
    held = list(
        Reservation.objects.select_for_update(of=("self",))
        .filter(pk__in=set(reservation_ids))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    newest = newest_by_reservation(held)
    dues, booked = dues_of(held), booked_settlings(held)
    return {pk: _settle(dues[pk], newest.get(pk), booked.get(pk, []), cause, by) for pk in held}


def _settle(
    due: Due, last: Settlement | None, booked: list[Entry], cause: Cause | None, by: User | None
) -> Settlement | None:
    if due.end is None and (last is None or not last.stands):
        return last
    if due.end is not None and due.target is None:
        return last
    hub = due.reservation.round.hub
    target = due.target if due.end and due.target else Target(market=market_of(hub))
    entries = difference(booked, target.entries())
    stands = due.end is not None
    if last is not None and not entries and last.stands == stands:
        return last
    why = _why(due, last, cause)
    at = due.end.at if due.end and (last is None or not last.stands) else clock.now()
    number = last.number + 1 if last else 1
    booking = _book(due, why, number, entries, at, by) if entries else None
    made = _keep(due, target, why, number, booking, at, stands)
    emit(
        "reservation.settled",
        reservation_id=made.reservation_id,
        round_id=due.reservation.round_id,
        settlement_id=made.pk,
        total_minor=made.total_minor,
        stands=stands,
    )
    return made


def _why(due: Due, last: Settlement | None, cause: Cause | None) -> Cause:
    if due.end is None:
        return Cause.TAKEN_BACK
    if last is None or not last.stands:
        return due.end.cause
    if cause is not None:
        return cause
    return due.end.cause if due.end.cause.value != last.cause else Cause.CORRECTED


def _book(due: Due, why: Cause, number: int, entries: list[Entry], at: datetime, by: User | None) -> LedgerTransaction:
    reservation = due.reservation
    booking = partial(
        post,
        hub_id=reservation.round.hub_id,
        kind=SETTLED_AS[why],
        key=f"settlement:{reservation.pk}:{number}",
        entries=entries,
        refs=Refs(round_id=reservation.round_id, reservation_id=reservation.pk),
        by=by,
    )
    try:
        return booking(at=at)
    except PeriodLocked:
        # What was ticked on a day whose books are closed by now counts for today.
        return booking(at=clock.now())


def _keep(
    due: Due,
    target: Target,
    why: Cause,
    number: int,
    booking: LedgerTransaction | None,
    at: datetime,
    stands: bool,
) -> Settlement:
    made = Settlement.objects.create(
        reservation=due.reservation,
        number=number,
        cause=why.value,
        booking=booking,
        at=at,
        made_at=clock.now(),
        goods_minor=target.goods_minor,
        deposit_minor=target.deposit_minor,
        fees_minor=target.fees_minor,
        tax_minor=target.tax_minor,
        total_minor=target.total_minor,
        service_tax_rate=target.market.service_tax_rate,
        host_rate=target.host_rate,
        stands=stands,
    )
    SettlementLine.objects.bulk_create([*_goods(made, target), *_fees(made, target)], batch_size=500)
    return made


def _goods(made: Settlement, target: Target) -> Iterable[SettlementLine]:
    for sold, detail in target.sold:
        all_parts = sum(payer.parts for payer in sold.payers)
        for payer, paid in zip(sold.payers, paid_by(sold, target.market), strict=True):
            yield SettlementLine(
                settlement=made,
                household_id=payer.household_id,
                line_id=sold.line_id,
                product_id=detail.product_id,
                name=detail.name,
                units=sold.units,
                unit_price_minor=detail.unit_price,
                weight_milli=detail.weight_milli,
                parts=payer.parts,
                of_parts=all_parts,
                amount_minor=paid.net + paid.tax,
                tax_minor=paid.tax,
                tax_rate=sold.tax_rate,
                deposit_type_id=sold.deposit_type_id,
                deposit_each_minor=sold.deposit_each,
                sells_as=sold.sells_as.value,
                deposit_minor=paid.deposit,
            )


def _fees(made: Settlement, target: Target) -> Iterable[SettlementLine]:
    for fee, name in target.fees:
        amount, tax = target.fee_price(fee)
        yield SettlementLine(
            settlement=made,
            household_id=fee.household_id,
            code=fee.code,
            name=name[:120],
            units=1,
            unit_price_minor=fee.amount,
            amount_minor=amount,
            tax_minor=tax,
            tax_rate=target.market.service_tax_rate,
        )
