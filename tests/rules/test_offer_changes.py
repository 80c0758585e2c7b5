"""Which changes of an offer are improvements: never one by which a household could pay more or be served less."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from marketplace.rules.clearing.quantities import best_choice
from marketplace.rules.clearing.terms import Consent, DemandGroup, PriceStep
from marketplace.rules.offer_changes import Terms, improves, needs_agreement, terms_from

TWO_STEPS = Terms(
    ladder=(PriceStep(4, 180, 240), PriceStep(12, 150, 210)), case=4, cap=40, best_before=date(2026, 12, 1)
)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"ladder": (PriceStep(4, 180, 239), PriceStep(12, 150, 210))},
        {"ladder": (PriceStep(2, 180, 240), PriceStep(12, 150, 210))},
        {"ladder": (PriceStep(4, 180, 240), PriceStep(8, 150, 210))},
        {"ladder": (PriceStep(4, 180, 210),)},
        {"ladder": (PriceStep(4, 180, 240), PriceStep(12, 150, 210), PriceStep(24, 140, 190))},
        {"ladder": (PriceStep(4, 230, 240), PriceStep(12, 200, 210))},
        {"cap": 41},
        {"cap": None},
        {"best_before": date(2026, 12, 2)},
    ],
)
def test_what_costs_no_more_and_promises_no_less_is_an_improvement(change: dict[str, object]) -> None:
    after = replace(TWO_STEPS, **change)  # type: ignore[arg-type]
    assert improves(TWO_STEPS, after)
    assert not needs_agreement(TWO_STEPS, after)


@pytest.mark.parametrize(
    "change",
    [
        {"ladder": (PriceStep(4, 180, 241), PriceStep(12, 150, 210))},
        {"ladder": (PriceStep(5, 180, 240), PriceStep(12, 150, 210))},
        {"ladder": (PriceStep(4, 180, 240), PriceStep(13, 150, 210))},
        {"ladder": (PriceStep(4, 180, 240),)},
        {"ladder": (PriceStep(1, 190, 250), PriceStep(4, 180, 240), PriceStep(12, 150, 210))},
        {"case": 6},
        {"splittable": True, "multiple": 2},
        {"shortage_rule": "first_come"},
        {"hub_flexible": 1},
        {"best_before": date(2026, 11, 30)},
        {"best_before": None},
    ],
)
def test_anything_else_needs_the_households_agreement(change: dict[str, object]) -> None:
    after = replace(TWO_STEPS, **change)  # type: ignore[arg-type]
    assert not improves(TWO_STEPS, after)
    assert needs_agreement(TWO_STEPS, after)


def test_a_lower_cap_is_no_improvement_and_asks_nobody() -> None:
    lower = replace(TWO_STEPS, cap=10)
    assert not improves(TWO_STEPS, lower)
    assert not needs_agreement(TWO_STEPS, lower)
    assert needs_agreement(TWO_STEPS, replace(lower, case=6))


def test_a_day_that_was_not_stated_may_be_stated() -> None:
    assert improves(replace(TWO_STEPS, best_before=None), TWO_STEPS)


def test_a_lower_price_that_makes_the_open_case_not_worth_its_fee_is_no_improvement() -> None:
    split = replace(TWO_STEPS, case=10, splittable=True, multiple=2, split_fee=480)
    cheaper = replace(split, ladder=(PriceStep(4, 180, 230), PriceStep(12, 150, 210)))
    assert not improves(split, cheaper)
    assert improves(replace(split, split_fee=210), replace(cheaper, split_fee=210))


def test_terms_are_kept_without_costs_and_read_again() -> None:
    told = TWO_STEPS.as_json()
    assert told["ladder"] == [[4, 240], [12, 210]]
    assert terms_from(told).as_json() == told


@st.composite
def ladders(draw: st.DrawFn) -> tuple[PriceStep, ...]:
    quantities = sorted(draw(st.sets(st.integers(1, 14), min_size=1, max_size=3)))
    prices = sorted(draw(st.sets(st.integers(1, 12), min_size=len(quantities), max_size=len(quantities))))[::-1]
    return tuple(PriceStep(q, p, p) for q, p in zip(quantities, prices, strict=True))


@st.composite
def offers(draw: st.DrawFn) -> Terms:
    case = draw(st.integers(1, 6))
    splittable = case > 1 and draw(st.booleans())
    return Terms(
        ladder=draw(ladders()),
        case=case,
        splittable=splittable,
        multiple=draw(st.integers(1, case - 1)) if splittable else 1,
        split_fee=draw(st.integers(0, 20)) if splittable else 0,
        hub_flexible=draw(st.integers(0, 2)),
        cap=draw(st.none() | st.integers(1, 30)),
    )


@st.composite
def changes(draw: st.DrawFn) -> tuple[Terms, Terms]:
    """Two terms that differ in what may be an improvement, often a little."""
    before = draw(offers())
    kept = before.ladder if draw(st.booleans()) else draw(ladders())
    ladder = tuple(PriceStep(max(1, q - draw(st.integers(0, 2))), p, p) for q, _cost, p in kept)
    assume(all(a.from_quantity < b.from_quantity for a, b in pairwise(ladder)))
    cap = draw(st.sampled_from([before.cap, None])) if draw(st.booleans()) else draw(st.none() | st.integers(1, 40))
    fee = draw(st.integers(0, before.split_fee)) if before.splittable else 0
    return before, replace(before, ladder=ladder, cap=cap, split_fee=fee)


demands = st.lists(
    st.builds(
        DemandGroup,
        limit=st.none(),
        flexible_for=st.sampled_from(Consent),
        whole_only=st.just(False),
        firm=st.integers(1, 16),
        flexible=st.integers(0, 4),
        lines=st.just(1),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(changes(), demands)
def test_an_improvement_serves_no_fewer_units_and_no_dearer_at_any_demand(
    change: tuple[Terms, Terms], demand: list[DemandGroup]
) -> None:
    before, after = change
    assume(improves(before, after))
    was, now = best_choice(before.cleared(), demand), best_choice(after.cleared(), demand)
    if was is None:
        assert now is None or after.ladder[now.step].unit_price <= before.ladder[0].unit_price
        return
    assert now is not None
    assert after.ladder[now.step].unit_price <= before.ladder[was.step].unit_price
    assert now.firm_served >= was.firm_served
