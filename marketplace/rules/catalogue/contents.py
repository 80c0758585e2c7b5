"""What wholesalers write as a unit ("500 g", "6 x 0,75 l", "KG") as what a consumer unit holds, and their figures."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from marketplace.rules.goods import UnitCode

_SIZE = re.compile(
    r"(?:(?P<times>[0-9]{1,3})\s*[x×*]\s*)?(?P<amount>[0-9]{1,6}(?:[.,][0-9]{1,3})?)?\s*(?P<unit>[a-zäöü]+)\.?"
)
# The small unit of each, and how many of it one is.
_UNITS: Final = {
    "g": (UnitCode.GRAM, 1),
    "gr": (UnitCode.GRAM, 1),
    "gramm": (UnitCode.GRAM, 1),
    "gram": (UnitCode.GRAM, 1),
    "kg": (UnitCode.GRAM, 1000),
    "kilo": (UnitCode.GRAM, 1000),
    "kilogram": (UnitCode.GRAM, 1000),
    "ml": (UnitCode.MILLILITRE, 1),
    "cl": (UnitCode.MILLILITRE, 10),
    "dl": (UnitCode.MILLILITRE, 100),
    "l": (UnitCode.MILLILITRE, 1000),
    "lt": (UnitCode.MILLILITRE, 1000),
    "ltr": (UnitCode.MILLILITRE, 1000),
    "liter": (UnitCode.MILLILITRE, 1000),
    "litre": (UnitCode.MILLILITRE, 1000),
}
_WHOLE: Final = {UnitCode.GRAM: UnitCode.KILOGRAM, UnitCode.MILLILITRE: UnitCode.LITRE}


def content_of(text: str) -> tuple[int, UnitCode]:
    """Amount and unit; one piece where the text names no measure."""
    found = _SIZE.fullmatch(text.strip().lower())
    unit = _UNITS.get(found["unit"]) if found else None
    if found is None or unit is None:
        return 1, UnitCode.PIECE
    small, each = unit
    amount = Decimal((found["amount"] or "1").replace(",", ".")) * each * int(found["times"] or 1)
    if amount != int(amount) or amount < 1:
        return 1, UnitCode.PIECE
    whole = int(amount)
    return (whole // 1000, _WHOLE[small]) if whole % 1000 == 0 else (whole, small)


def figure_of(text: str) -> str:
    """A number of the format (a comma before its decimals) without what is not needed; other texts as they are."""
    try:
        figure = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return text
    if not figure.is_finite() or len(text) > 15:
        return text
    plain = format(figure, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
