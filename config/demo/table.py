"""A summary as a table of plain text, for a terminal."""

from collections.abc import Iterator

from config.demo.one_life import Lived
from config.demo.summary import OrderRow, Summary
from marketplace.rules.money import format_minor

_HEADS = ("order", "merchant", "window", "offers", "lines", "cases", "units", "goods", "fees", "total", "state", "mail")


def summary_lines(summary: Summary, lived: Lived) -> Iterator[str]:
    """The whole table, line by line."""
    yield f"{summary.round} of {summary.hub}, handover on {summary.handover_on}"
    yield ""
    for name, value in _figures(summary, lived):
        yield f"  {name:<22} {value}"
    yield ""
    yield from _columns([_HEADS, *(_row(order, summary.currency) for order in summary.orders), _sum(summary)])
    yield ""
    for check in summary.checks:
        told = "holds" if check.passed else f"BROKEN: {'; '.join(check.broken)}"
        yield f"  {check.name:<76} {check.looked_at:>5}  {told}"


def _figures(summary: Summary, lived: Lived) -> Iterator[tuple[str, str]]:
    steps = ", ".join(f"{count} at step {step}" for step, count in summary.reached_by_step.items())
    missed = ", ".join(f"{count} {reason}" for reason, count in summary.not_reached_because.items())
    yield "reservations", f"{summary.reservations} placed, {summary.cancelled} cancelled"
    yield "lines", f"{summary.lines}, {summary.units_wanted} units wanted, {summary.units_ordered} ordered"
    yield "offers reached", f"{summary.reached} of {summary.offers}: {steps}"
    yield "offers not reached", missed or "none"
    yield (
        "lines served",
        (
            f"{summary.lines_exact} exactly, {summary.lines_with_extras} with extras, {summary.lines_short} short, "
            f"{summary.lines_without} with nothing"
        ),
    )
    yield "flexible units used", f"{summary.extras} by households, {summary.hub_units} by the hub"
    yield "orders sent", f"{sum(order.dispatch == 'sent' for order in summary.orders)} of {len(summary.orders)}"
    for what, count in sorted(lived.seen.items()):
        yield what, str(count)


def _row(order: OrderRow, currency: str) -> tuple[str, ...]:
    return (
        order.number,
        order.merchant,
        order.window,
        f"{order.reached}/{order.offers}",
        str(order.lines),
        str(order.cases),
        str(order.units),
        *(format_minor(amount, currency) for amount in (order.goods, order.fees, order.total)),
        order.state,
        order.dispatch,
    )


def _sum(summary: Summary) -> tuple[str, ...]:
    cases, units = (sum(getattr(order, name) for order in summary.orders) for name in ("cases", "units"))
    lines = sum(order.lines for order in summary.orders)
    amounts = (summary.goods, summary.fees, summary.total)
    money = [format_minor(amount, summary.currency) for amount in amounts]
    orders, reached = f"{len(summary.orders)} orders", f"{summary.reached}/{summary.offers}"
    return (orders, "", "", reached, str(lines), str(cases), str(units), *money, summary.currency, "")


def _columns(rows: list[tuple[str, ...]]) -> Iterator[str]:
    """Texts to the left, figures to the right, each column as wide as its widest cell."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADS))]
    for row in rows:
        cells = (
            cell.rjust(width) if 3 <= place <= 9 else cell.ljust(width)  # the columns of figures
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  " + "  ".join(cells).rstrip()
