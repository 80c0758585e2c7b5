"""Reservations, outcomes, allocations and purchase orders against each other."""

from collections.abc import Iterator

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from marketplace.models import (
    Allocation,
    ClearingRun,
    OfferOutcome,
    OrderingWindow,
    PurchaseOrder,
    PurchaseOrderLine,
    ReservationLine,
)
from marketplace.queries.results import got_by_line, got_of
from marketplace.rules.states import CLOSED_STATES, OrderState


def check_closed_windows_were_counted() -> Iterator[str]:
    """A closed window has a run that counts, an open one has none."""
    for window in OrderingWindow.objects.order_by("pk"):
        counted = window.runs.filter(voided_at__isnull=True).exists()
        if counted != (window.state in CLOSED_STATES):
            yield f"window {window.pk} is {window.state} and {'was' if counted else 'was not'} counted"


def check_what_was_ordered_is_what_everybody_got() -> Iterator[str]:
    """At the close: the units of all lines and of the hub are the quantity of the offer."""
    for run in ClearingRun.objects.filter(kind=ClearingRun.Kind.CLOSE, voided_at__isnull=True).order_by("pk"):
        outcomes = {outcome.offer_id: outcome for outcome in OfferOutcome.objects.filter(run=run)}
        given = {allocation.line_id: allocation for allocation in Allocation.objects.filter(run=run)}
        sums = {pk: outcome.hub_units for pk, outcome in outcomes.items()}
        rows = ReservationLine.objects.filter(window=run.window_id, offer__in=outcomes).select_related("offer")
        for line in rows.iterator(chunk_size=2000):
            sums[line.offer_id] += got_of(line, outcomes[line.offer_id], given.get(line.pk)).quantity
        for pk, units in sums.items():
            if units != outcomes[pk].ordered:
                yield f"offer {pk} was ordered {outcomes[pk].ordered} times, {units} units were given out"


def check_allocations_are_charged_at_the_price() -> Iterator[str]:
    """At the close a line is charged its units at the price of the outcome."""
    rows = Allocation.objects.filter(run__kind=ClearingRun.Kind.CLOSE).select_related("line")
    outcomes = {
        (run, offer): price
        for run, offer, price in OfferOutcome.objects.filter(run__kind=ClearingRun.Kind.CLOSE).values_list(
            "run_id", "offer_id", "unit_price_minor"
        )
    }
    for row in rows.iterator(chunk_size=2000):
        price = outcomes.get((row.run_id, row.line.offer_id)) or 0
        if row.charged_minor != row.quantity * price:
            yield f"allocation {row.pk} charges {row.charged_minor} for {row.quantity} at {price}"


def check_first_revisions_order_what_the_close_decided() -> Iterator[str]:
    """The lines of an order that was never revised are the outcomes of its run."""
    lines = PurchaseOrderLine.objects.filter(order__revision=1).exclude(order__state=OrderState.VOIDED.value)
    decided = {
        (run, offer): (ordered, hub, cost)
        for run, offer, ordered, hub, cost in OfferOutcome.objects.filter(reached=True).values_list(
            "run_id", "offer_id", "ordered", "hub_units", "cost_minor"
        )
    }
    for line in lines.select_related("order"):
        found = (line.ordered, line.hub_units, line.cost_minor)
        if found != decided.get((line.order.run_id, line.offer_id)):
            yield f"line {line.pk} of order {line.order_id} is not what its run decided"


def check_orders_add_up() -> Iterator[str]:
    """The goods of an order that was never revised are its lines, at cost."""
    orders = PurchaseOrder.objects.filter(revision=1).annotate(
        goods=Coalesce(Sum(F("lines__ordered") * F("lines__cost_minor")), 0)
    )
    for pk, goods, lines in orders.filter(~Q(goods_minor=F("goods"))).values_list("pk", "goods_minor", "goods"):
        yield f"order {pk} tells goods of {goods}, its lines are {lines}"


def check_nobody_gets_more_than_comes() -> Iterator[str]:
    """By the newest runs households get no more of an answered order's product than comes."""
    lines = PurchaseOrderLine.objects.exclude(order__state=OrderState.VOIDED.value)
    coming: dict[int, int] = {}
    for line in lines.iterator(chunk_size=2000):
        coming[line.offer_id] = coming.get(line.offer_id, 0) + line.coming
    got = dict.fromkeys(coming, 0)
    windows = set(lines.values_list("offer__window_id", flat=True))
    for window in sorted(windows):
        rows = ReservationLine.objects.filter(window=window, offer__in=coming).select_related("offer")
        found = list(rows)
        counted = got_by_line(found)
        for row in found:
            got[row.offer_id] += counted[row.pk].quantity if row.pk in counted else 0
    for pk, units in got.items():
        if units > coming[pk]:
            yield f"{units} units of offer {pk} are given out, {coming[pk]} come"


CHECKS = (
    check_closed_windows_were_counted,
    check_what_was_ordered_is_what_everybody_got,
    check_allocations_are_charged_at_the_price,
    check_first_revisions_order_what_the_close_decided,
    check_orders_add_up,
    check_nobody_gets_more_than_comes,
)
