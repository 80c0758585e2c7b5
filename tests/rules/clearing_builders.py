"""Short ways to write down offers, lines and windows in clearing examples. Money in minor units."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from marketplace.rules.clearing.outcome import WindowResult, allocations_of
from marketplace.rules.clearing.terms import (
    Consent,
    Id,
    Line,
    MerchantTerms,
    OfferTerms,
    PriceStep,
    Raise,
    WindowTerms,
)
from marketplace.rules.clearing.window import clear_lines

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def offer(*steps: tuple[int, int, int], named: Id = "o1", case: int = 1, **terms: Any) -> OfferTerms:
    """An offer of merchant m1 with steps (from quantity, cost, unit price)."""
    ladder = tuple(PriceStep(*step) for step in steps or ((1, 100, 150),))
    return OfferTerms(**{"id": named, "merchant": "m1", "case": case, "ladder": ladder} | terms)


def line(
    named: Id,
    firm: int,
    flexible: int = 0,
    uses: Consent = Consent.CASE,
    *,
    at: int = 0,
    offer: Id = "o1",
    limit: int | None = None,
    whole_only: bool = False,
    extra_taken: int = 0,
    raised: Sequence[tuple[int, int]] = (),
) -> Line:
    """A line placed `at` minutes after noon; `raised` has (minutes after noon, units)."""
    return Line(
        id=named,
        household=f"home of {named}",
        placed_at=_after_noon(at),
        raised=tuple(Raise(_after_noon(minutes), by) for minutes, by in raised),
        offer=offer,
        firm=firm,
        flexible=flexible,
        flexible_for=uses,
        max_unit_price=limit,
        whole_only=whole_only,
        extra_taken=extra_taken,
    )


def window(*offers: OfferTerms, minimum: int = 0, fee: int | None = None) -> WindowTerms:
    """A window of merchant m1."""
    return WindowTerms(id="w1", currency="EUR", merchants=(MerchantTerms("m1", minimum, fee),), offers=offers)


def cleared(terms: WindowTerms | OfferTerms, *lines: Line) -> WindowResult:
    """The result of clearing a window, or of an offer alone."""
    return clear_lines(window=window(terms) if isinstance(terms, OfferTerms) else terms, lines=lines)


def shares(terms: WindowTerms | OfferTerms, *lines: Line) -> dict[Id, tuple[int, str]]:
    """What every line gets and why."""
    whole = window(terms) if isinstance(terms, OfferTerms) else terms
    result = clear_lines(window=whole, lines=lines)
    return {got.line: (got.quantity, got.reason.value) for got in allocations_of(result, whole.offers, lines)}


def _after_noon(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)
