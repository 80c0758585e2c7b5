"""Money as integer minor units of a currency, read from and written as exact decimal text.

A float never enters: "1.95" EUR is 195, and a text that needs more digits than the currency has is refused,
so nothing is ever rounded while reading. Calculations run on the integers; Money carries the currency along
where amounts leave the rules.
"""

import re
from dataclasses import dataclass
from typing import Final

# ISO 4217: digits after the decimal point. Currencies that are not listed are refused, never guessed.
MINOR_DIGITS: Final[dict[str, int]] = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"), 0),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("AED", "ARS", "AUD", "BDT", "BGN", "BOB", "BRL", "CAD", "CHF", "CNY", "COP", "CRC"), 2),
    **dict.fromkeys(("CZK", "DKK", "DOP", "EGP", "ETB", "EUR", "GBP", "GEL", "GHS", "GTQ", "HKD", "HUF"), 2),
    **dict.fromkeys(("IDR", "ILS", "INR", "KES", "KZT", "LKR", "MAD", "MDL", "MXN", "MYR", "MZN", "NGN"), 2),
    **dict.fromkeys(("NOK", "NPR", "NZD", "PEN", "PHP", "PKR", "PLN", "QAR", "RON", "RSD", "SAR", "SEK"), 2),
    **dict.fromkeys(("SGD", "THB", "TRY", "TWD", "TZS", "UAH", "USD", "UYU", "UZS", "ZAR", "ZMW"), 2),
}
MAX_MINOR_UNITS: Final = 10**12  # keeps every sum of a window far inside a 64-bit column
_DECIMAL: Final = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?")


class MoneyError(ValueError):
    """A text or an operation that gives no exact amount of the currency; says what to do."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount: `minor_units` of `currency` (195 EUR is 1.95 euro). May be negative."""

    minor_units: int
    currency: str

    def __post_init__(self) -> None:
        minor_digits(self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor_units + _same_currency(self, other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor_units - _same_currency(self, other), self.currency)

    def __mul__(self, times: int) -> "Money":
        if isinstance(times, bool) or not isinstance(times, int):
            raise MoneyError("Money is multiplied by whole numbers only; round once, at a named place.")
        return Money(self.minor_units * times, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: "Money") -> bool:
        return self.minor_units < _same_currency(self, other)

    def __le__(self, other: "Money") -> bool:
        return self.minor_units <= _same_currency(self, other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor_units > _same_currency(self, other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor_units >= _same_currency(self, other)

    def __str__(self) -> str:
        return f"{format_minor(self.minor_units, self.currency)} {self.currency}"


def minor_digits(currency: str) -> int:
    """Digits after the decimal point of a currency by its ISO code. Raises MoneyError for an unknown one."""
    try:
        return MINOR_DIGITS[currency]
    except KeyError:
        raise MoneyError(f"{currency!r} is not a known currency code; use an ISO 4217 code such as EUR.") from None


def parse_minor(text: str, currency: str) -> int:
    """Minor units of a decimal text: parse_minor("1.95", "EUR") == 195.

    Raises MoneyError when the text is no plain decimal, is finer than the currency or beyond the bound.
    """
    digits = minor_digits(currency)
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise MoneyError(f'{text[:40]!r} is not a plain decimal; write the {currency} amount alone, like "1.95".')
    sign, whole, fraction = match[1], match[2], (match[3] or "").rstrip("0")
    if len(fraction) > digits:
        raise MoneyError(f"{text[:40]!r} is finer than the smallest unit of {currency}; use {digits} decimals.")
    # Length first: Python refuses to convert thousands of digits, and so do we, with a better sentence.
    if len(whole) > 15 or (amount := int(whole + fraction.ljust(digits, "0"))) > MAX_MINOR_UNITS:
        raise MoneyError(f"the amount is beyond the bound of {format_minor(MAX_MINOR_UNITS, currency)} {currency}.")
    return -amount if sign else amount


def format_minor(minor_units: int, currency: str) -> str:
    """Decimal text of an amount with all digits of its currency: format_minor(195, "EUR") == "1.95"."""
    digits = minor_digits(currency)
    sign = "-" if minor_units < 0 else ""
    text = str(abs(minor_units)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"


def _same_currency(left: Money, right: Money) -> int:
    if left.currency != right.currency:
        raise MoneyError(f"{left.currency} and {right.currency} do not mix; convert one at a named place.")
    return right.minor_units
