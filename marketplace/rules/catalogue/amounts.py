"""Figures as people and programs write them, read exactly or refused: counts, amounts of money."""

import re
from decimal import Decimal

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.ladders import MOST_MINOR
from marketplace.rules.money import format_minor, minor_digits, parse_minor

_AMBIGUOUS = gettext_noop(
    "This may be thousands or decimals. Write it without a separator of thousands, like 1250 or 1.25."
)
_COUNT = gettext_noop("A whole number from %(least)s to %(most)s.")
_MONEY = gettext_noop("An amount in %(currency)s with at most %(digits)s decimals, like %(example)s.")
# "1,250" or "1.250" may be one and a quarter, or twelve hundred and fifty: nobody guesses.
_TWO_WAYS = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")
_WHOLE = re.compile(r"[0-9]{1,9}")
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")


class NoFigure(ValueError):
    """The text is no figure that can be read in one way."""


class Refusal(Exception):
    """The cell cannot be read; `broken` says why."""

    def __init__(self, text: str, **facts: object) -> None:
        self.broken = Broken(text, facts)
        super().__init__(str(self.broken))


def count_of(text: str, least: int, most: int) -> int:
    """A whole number, also where a program wrote a decimal zero behind it ("6.0", "6,00")."""
    if _TWO_WAYS.fullmatch(text):
        raise Refusal(_AMBIGUOUS)
    try:
        plain = plain_amount(text)
    except ValueError:
        raise Refusal(_COUNT, least=least, most=most) from None
    whole, _, rest = plain.partition(".")
    if rest.strip("0") or not _WHOLE.fullmatch(whole) or not least <= int(whole) <= most:
        raise Refusal(_COUNT, least=least, most=most)
    return int(whole)


def money_of(text: str, currency: str) -> int:
    """Minor units of an amount; a comma may be its decimal point."""
    digits = minor_digits(currency)
    if digits != 3 and _TWO_WAYS.fullmatch(text):
        raise Refusal(_AMBIGUOUS)
    try:
        minor = parse_minor(plain_amount(text), currency)
    except ValueError:
        minor = -1
    if not 0 <= minor <= MOST_MINOR:
        raise Refusal(_MONEY, currency=currency, digits=digits, example=format_minor(195, currency))
    return minor


def plain_amount(text: str) -> str:
    """A number as the rules read it: the last of point and comma is the decimal one, the other one groups thousands.

    "1.234,50", "1,234.50", "1234,5" and "1 234.50" are read; "1.234.50" is not. Raises NoFigure.
    """
    packed = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("'", "").replace("€", "")
    point, comma = packed.rfind("."), packed.rfind(",")
    if point >= 0 and comma >= 0:
        decimal, group = (".", ",") if point > comma else (",", ".")
        whole, _, rest = packed.rpartition(decimal)
        parts = whole.split(group)
        if decimal in whole or len(parts[0]) > 3 or any(len(part) != 3 for part in parts[1:]):
            raise NoFigure(text)
        packed = f"{''.join(parts)}.{rest}"
    else:
        packed = packed.replace(",", ".")
    if not _AMOUNT.fullmatch(packed):
        raise NoFigure(text)
    return packed


def with_markup(cost: int, markup_basis_points: int) -> int:
    """The price that a cost and a markup make, half a minor unit up: the one place at which it is rounded."""
    return int((Decimal(cost) * (10_000 + markup_basis_points) / 10_000 + Decimal("0.5")) // 1)
