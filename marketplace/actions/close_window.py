"""Close a window: from reservations to exact purchase orders, once, in one transaction (docs/domain.md, "Closing")."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from marketplace import audit, locks
from marketplace.access import window_for_coordinator
from marketplace.actions.closing.answer import ClosedWindow
from marketplace.actions.closing.orders import issue_orders
from marketplace.actions.closing.results import store_run
from marketplace.events import emit
from marketplace.models import OrderingWindow, User
from marketplace.queries.closing import due_window, terms_of
from marketplace.queries.closing_demand import WindowLines, demand_of, lines_that_count, released_lines
from marketplace.rules.clearing.terms import DemandGroup, Id
from marketplace.rules.clearing.window import clear_window
from marketplace.rules.states import WindowState

LINES_PER_LOAD = 100_000  # about 50 MB of lines at once, however large the window is


@transaction.atomic
def close_window(*, window_id: int, by: User | None = None) -> ClosedWindow | None:
    """Close an open window that is past its deadline; None when there is nothing (left) to do.

    `by` is a coordinator of the hub, or None for the clock. Everything is dated by the deadline, not by the lateness
    of whoever comes to it. Raises NotFound for a foreign coordinator, InvalidInput for a window whose offers are
    incomplete, Unbalanced when the clearing does not add up; then nothing was changed.
    """
    if by is not None:
        window_for_coordinator(by, window_id)
    locks.window_exclusive(window_id)
    # Statements after the lock, so that they see every reservation that the lock waited for.
    found = due_window(window_id)
    if found is None:
        return None
    window, now = found
    closing = OrderingWindow.objects.filter(pk=window_id, state=WindowState.OPEN)
    if not closing.update(state=WindowState.CLOSED):
        return None
    lines = lines_that_count(window_id)
    terms, demand = terms_of(window), demand_of(lines)
    # Checks conservation before anything is stored.
    result = clear_window(
        window=terms.clearing,
        demand=demand,
        lines_of=WindowLines(window, lines),
        offers_per_load=_offers_per_load(demand),
    )
    reached = [offer_id for offer_id, outcome in result.outcomes.items() if outcome.reached]
    released = released_lines(window_id, reached)
    run = store_run(
        window=window, terms=terms.clearing, demand=demand, result=result, released=released, computed_at=now
    )
    orders = issue_orders(window=window, run=run, terms=terms, result=result, now=now)
    audit.record(
        kind="window",
        object_id=window_id,
        from_state=WindowState.OPEN,
        to_state=WindowState.CLOSED,
        at=window.closes_at,
        by=by,
    )
    emit(
        "window.closed",
        window_id=window_id,
        round_id=window.round_id,
        run_id=run.pk,
        closes_at=window.closes_at.isoformat(),
    )
    return ClosedWindow(
        window_id=window_id,
        round_id=window.round_id,
        name=window.name,
        run_id=run.pk,
        run_number=run.number,
        closes_at=window.closes_at,
        computed_at=now,
        currency=terms.clearing.currency,
        offers=len(result.outcomes),
        offers_reached=sum(outcome.reached for outcome in result.outcomes.values()),
        exceptions=len(result.exceptions) + len(released),
        orders=tuple(orders),
    )


def _offers_per_load(demand: Mapping[Id, Sequence[DemandGroup]]) -> int:
    """How many offers' lines fit into one load, by the window's average."""
    lines = sum(group.lines for groups in demand.values() for group in groups)
    return max(1, LINES_PER_LOAD * len(demand) // max(lines, 1))
