"""Catch weight within its margin, and a merchant's invoice against what came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.rules.orders.matching import Bearer, Billed, Came, borne, match, tax_of
from marketplace.rules.orders.weights import Weighing, amount_of, milli_text

HALF_KILO = Weighing("KGM", 1, 2, 10)


def test_weight_is_paid_as_weighed_rounded_half_up_once() -> None:
    # 6 pieces at 4.00 each are 3 kg at 8.00; 2.905 kg are 23.24, 2.9006 would round.
    assert amount_of(cost=400, units=6, weighing=HALF_KILO, actual_milli=2905) == 2324
    assert amount_of(cost=401, units=1, weighing=HALF_KILO, actual_milli=501) == 402
    assert amount_of(cost=400, units=6) == 2400


def test_weight_above_the_margin_is_not_paid() -> None:
    assert HALF_KILO.most_milli(6) == 3300
    assert amount_of(cost=400, units=6, weighing=HALF_KILO, actual_milli=3600) == 2640
    assert milli_text(3300) == "3.300"


def test_an_invoice_that_fits_needs_nobody() -> None:
    found = match(Came(10, 100), Billed(10, 1000))
    assert (found.expected, found.fall, found.rest, found.may_bear) == (1000, 0, 0, ())
    assert borne(Came(10, 100), Billed(10, 1000), found, None) == (1000, 0, 0)


def test_a_lower_price_reaches_the_households() -> None:
    came, billed = Came(10, 100), Billed(10, 900)
    found = match(came, billed)
    assert (found.fall, found.rest) == (100, 0)
    assert borne(came, billed, found, None) == (900, 100, 0)


def test_of_a_lower_price_the_hub_keeps_its_own_units_part() -> None:
    came, billed = Came(10, 100, hub=2), Billed(10, 900)
    assert borne(came, billed, match(came, billed), None) == (900, 80, 0)


def test_a_higher_price_is_the_merchants_unless_the_hub_takes_it_and_never_the_households() -> None:
    came, billed = Came(10, 100), Billed(10, 1100)
    found = match(came, billed)
    assert (found.rest, found.may_bear) == (100, (Bearer.MERCHANT, Bearer.HUB))
    assert borne(came, billed, found, Bearer.MERCHANT) == (1000, 0, 0)
    assert borne(came, billed, found, Bearer.HUB) == (1100, 0, 0)
    with pytest.raises(ValueError, match="may not bear"):
        borne(came, billed, found, Bearer.HOUSEHOLDS)


def test_more_units_than_came_at_a_lower_price_give_back_the_fall_and_leave_the_rest_to_the_merchant() -> None:
    came, billed = Came(10, 100), Billed(12, 1080)
    found = match(came, billed)
    assert (found.fall, found.rest) == (100, 180)
    assert borne(came, billed, found, Bearer.MERCHANT) == (900, 100, 0)


def test_weight_within_the_margin_may_reach_the_households() -> None:
    came = Came(6, 400, weighing=HALF_KILO)
    found = match(came, Billed(6, 2560))
    assert found.usual is Bearer.HOUSEHOLDS
    assert borne(came, Billed(6, 2560), found, Bearer.HOUSEHOLDS) == (2560, 0, 160)
    assert match(came, Billed(6, 2641)).may_bear == (Bearer.MERCHANT, Bearer.HUB)


def test_told_weight_is_what_is_expected() -> None:
    came = Came(6, 400, weighing=HALF_KILO, actual_milli=2905, weighed_units=6)
    assert match(came, Billed(6, 2324)).rest == 0


def test_tax_is_rounded_once_per_rate() -> None:
    assert tax_of({600: 2324, 2300: 101}) == 139 + 23


@pytest.mark.slow
@given(st.integers(0, 20), st.integers(0, 500), st.integers(0, 20), st.integers(0, 12_000), st.integers(0, 20))
def test_what_is_paid_and_what_households_get_adds_up(
    units: int, cost: int, billed_units: int, amount: int, hub: int
) -> None:
    came, billed = Came(units, cost, hub=min(hub, units)), Billed(billed_units, amount)
    found = match(came, billed)
    assert found.rest - found.fall == amount - found.expected
    for bearer in found.may_bear or (None,):
        got = borne(came, billed, found, bearer)
        assert 0 <= got.payable <= amount
        assert 0 <= got.credit <= max(0, found.expected - got.payable) + found.rest * (found.rest > 0)
        assert got.charge == 0
