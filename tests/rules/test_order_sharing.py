"""When less comes than was ordered: who keeps what, and what comes instead."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.rules.clearing.terms import Consent, Line, OfferTerms, PriceStep, Raise, ShortageRule
from marketplace.rules.orders.sharing import Holding, kept_units
from marketplace.rules.orders.substituting import Missing, substitutes_for
from marketplace.rules.substitutes import Available, Substitution

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def offer(rule: ShortageRule = ShortageRule.MAX_MIN) -> OfferTerms:
    return OfferTerms(id=1, merchant=None, case=1, ladder=(PriceStep(1, 100, 150),), shortage_rule=rule)


def line(n: int, firm: int, **wish: object) -> Line:
    plain: dict[str, object] = {
        "id": n, "household": n, "placed_at": NOON + timedelta(minutes=n), "raised": (), "offer": 1, "firm": firm,
        "flexible": 0, "flexible_for": Consent.CASE, "max_unit_price": None, "whole_only": False, "extra_taken": 0,
    }  # fmt: skip
    return Line(**{**plain, **wish})  # type: ignore[arg-type]


def kept(units: int, *holdings: Holding, rule: ShortageRule = ShortageRule.MAX_MIN) -> list[int]:
    found = kept_units(window=1, offer=offer(rule), units=units, holdings=holdings)
    return [found[holding.line.id] for holding in holdings]


def test_everybody_gets_a_little_by_max_min() -> None:
    assert kept(7, Holding(line(1, 6), 6), Holding(line(2, 2), 2), Holding(line(3, 4), 4)) in ([3, 2, 2], [2, 2, 3])


def test_in_proportion_to_what_the_close_gave() -> None:
    holdings = Holding(line(1, 6), 6), Holding(line(2, 2), 2)
    assert kept(4, *holdings, rule=ShortageRule.PROPORTIONAL) == [3, 1]


def test_the_latest_units_lose_by_first_come() -> None:
    holdings = Holding(line(1, 3), 3), Holding(line(2, 3), 3)
    assert kept(4, *holdings, rule=ShortageRule.FIRST_COME) == [3, 1]


def test_units_that_the_close_did_not_give_were_the_latest() -> None:
    """Line 1 was raised late by two, and lost one of these at the close: one late unit is left to it."""
    raised = (Raise(NOON + timedelta(hours=1), 2),)
    holdings = Holding(line(1, 4, raised=raised), 3), Holding(line(2, 2), 2)
    assert kept(4, *holdings, rule=ShortageRule.FIRST_COME) == [2, 2]


def test_extras_go_first() -> None:
    assert kept(9, Holding(line(1, 4, flexible=2), 6, 2), Holding(line(2, 4), 4)) == [5, 4]
    assert kept(8, Holding(line(1, 4, flexible=2), 6, 2), Holding(line(2, 4), 4)) == [4, 4]


def test_lines_with_a_limit_come_after_those_without() -> None:
    assert kept(4, Holding(line(1, 3, max_unit_price=120), 3), Holding(line(2, 3), 3)) == [1, 3]


def test_all_or_nothing_stays_all_or_nothing() -> None:
    assert kept(5, Holding(line(1, 3, whole_only=True), 3), Holding(line(2, 3), 3)) in ([3, 2], [0, 3])
    assert kept(2, Holding(line(1, 3, whole_only=True), 3)) == [0]


_HOLDINGS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 3), st.booleans(), st.sampled_from([None, 120, 150])), max_size=8
)


@pytest.mark.slow
@given(_HOLDINGS, st.integers(0, 60), st.sampled_from(list(ShortageRule)))
def test_nobody_gets_more_than_the_close_gave_and_nothing_is_made_up(
    wishes: list[tuple[int, int, bool, int | None]], units: int, rule: ShortageRule
) -> None:
    holdings = [
        Holding(line(n, max(1, firm), flexible=extra, whole_only=whole, max_unit_price=limit), firm + extra, extra)
        for n, (firm, extra, whole, limit) in enumerate(wishes, start=1)
        if firm + extra
    ]
    found = kept(units, *holdings, rule=rule)
    assert sum(found) <= units
    assert all(0 <= got <= holding.units for got, holding in zip(found, holdings, strict=True))
    for got, holding in zip(found, holdings, strict=True):
        assert not holding.line.whole_only or got == 0 or got >= holding.firm
    if not any(holding.line.whole_only for holding in holdings):
        assert sum(found) == min(units, sum(holding.units for holding in holdings))
    backwards = kept(units, *reversed(holdings), rule=rule)
    assert list(reversed(backwards)) == found


def test_the_best_substitute_first_for_everybody_then_the_second() -> None:
    there = {7: Available(3, 100), 8: Available(5, 100)}
    found = substitutes_for(
        window=1,
        available=there,
        missing=[Missing(1, 3, (7, 8), 150), Missing(2, 2, (7,), 150), Missing(3, 1, (), 150)],
    )
    given_of_7 = {n: sum(one.units for one in got if one.product == 7) for n, got in found.items()}
    assert sum(given_of_7.values()) == 3
    assert min(given_of_7[1], given_of_7[2]) == 1
    assert sum(one.units for one in found[1]) == 3


def test_no_substitute_above_what_a_unit_may_cost() -> None:
    there = {7: Available(3, 151)}
    assert substitutes_for(window=1, available=there, missing=[Missing(1, 3, (7,), 150)]) == {}


def test_all_or_nothing_takes_all_of_one_product_or_none() -> None:
    there = {7: Available(2, 100), 8: Available(3, 100)}
    found = substitutes_for(window=1, available=there, missing=[Missing(1, 3, (7, 8), 150, whole_only=True)])
    assert found == {1: [Substitution(8, 3, 100)]}
