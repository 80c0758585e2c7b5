"""Money is exact: read, written and added without rounding."""

import pytest

from marketplace.rules.money import Money, MoneyError, format_minor, parse_minor


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1.95", "EUR", 195),
        ("0", "EUR", 0),
        ("7", "EUR", 700),
        ("1.9", "EUR", 190),
        ("1.950", "EUR", 195),
        ("150", "JPY", 150),
        ("0.001", "KWD", 1),
        ("-3.10", "EUR", -310),
        ("10000000000.00", "EUR", 10**12),
    ],
)
def test_a_decimal_text_is_read_exactly(text: str, currency: str, minor: int) -> None:
    assert parse_minor(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1.955", "EUR"),
        ("1.5", "JPY"),
        ("", "EUR"),
        ("1,95", "EUR"),
        ("1e2", "EUR"),
        ("NaN", "EUR"),
        ("+1", "EUR"),
        (".5", "EUR"),
        ("1.", "EUR"),
        ("01.00", "EUR"),
        ("1.95 EUR", "EUR"),
        ("١", "EUR"),
        ("1", "XXX"),
        ("1\n", "EUR"),
        ("10000000000.01", "EUR"),
        ("9" * 5000, "EUR"),
    ],
)
def test_a_text_that_is_no_exact_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(MoneyError):
        parse_minor(text, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [(195, "EUR", "1.95"), (5, "EUR", "0.05"), (-5, "EUR", "-0.05"), (150, "JPY", "150"), (1, "KWD", "0.001")],
)
def test_an_amount_is_written_with_all_digits_of_its_currency(minor: int, currency: str, text: str) -> None:
    assert format_minor(minor, currency) == text


def test_money_adds_compares_and_multiplies_within_one_currency() -> None:
    assert Money(195, "EUR") + Money(5, "EUR") - Money(100, "EUR") == Money(100, "EUR")
    assert 3 * Money(195, "EUR") == Money(585, "EUR")
    assert Money(1, "EUR") < Money(2, "EUR") <= Money(2, "EUR")
    assert Money(3, "EUR") > Money(2, "EUR") >= Money(2, "EUR")
    assert str(Money(585, "EUR")) == "5.85 EUR"


def test_money_refuses_other_currencies_fractions_and_unknown_codes() -> None:
    with pytest.raises(MoneyError):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(MoneyError):
        Money(1, "EUR") * 0.5  # type: ignore[operator]
    with pytest.raises(MoneyError):
        Money(1, "eur")
