"""From a cell's text to a column's value, and back. What cannot be read is refused with a reason, never guessed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NamedTuple

from stdnum import ean

from marketplace.rules.broken import gettext_noop
from marketplace.rules.catalogue.amounts import Refusal, count_of, money_of, plain_amount
from marketplace.rules.catalogue.columns import BY_NAME, Column, Kind
from marketplace.rules.folding import words_of
from marketplace.rules.goods import ALLERGENS, DIETS, AllergenState, DietState, UnitCode
from marketplace.rules.money import format_minor, parse_minor

Value = Any

_TOO_LONG = gettext_noop("At most %(most)s characters.")
_GTIN = gettext_noop("No GTIN: 8, 12, 13 or 14 digits with the right check digit.")
_NO_CATEGORY = gettext_noop("There is no such category. There are: %(known)s.")
_NO_TAX = gettext_noop("There is no such tax class. There are: %(known)s.")
_NO_DEPOSIT = gettext_noop("There is no such deposit. There are: %(known)s.")
_UNIT = gettext_noop("No unit: g, kg, ml, l or piece.")
_STORAGE = gettext_noop("Ambient, chilled or frozen.")
_SHORTAGE = gettext_noop("One of max_min, proportional, first_come.")
_STOCK_RULE = gettext_noop("Reset or carry.")
_YES_NO = gettext_noop("Yes or no.")
_ALLERGENS = gettext_noop("Written like “milk: contains; nuts: traces”, with contains, traces, none or unknown.")
_DIETS = gettext_noop("Written like “vegan: suitable; halal: unknown”, with suitable, unsuitable or unknown.")
_CURRENCY = gettext_noop("The prices are read as %(currency)s.")

_YES: Final = {"yes", "y", "true", "1", "x", "ja", "j", "sim", "s", "oui", "si", "actief", "aktiv", "active", "a"}
_NO: Final = {
    "no",
    "n",
    "false",
    "0",
    "nein",
    "nee",
    "nao",
    "non",
    "-",
    "nonactief",
    "inactive",
    "inaktiv",
    "gesaneerd",
}
_UNITS: Final[Mapping[str, UnitCode]] = {
    **dict.fromkeys(("h87", "piece", "pieces", "pc", "pcs", "st", "stk", "stuck", "stueck", "stuk", "stuks", "un",
                     "unit", "unidade", "each", "ea", "c62"), UnitCode.PIECE),
    **dict.fromkeys(("grm", "g", "gr", "gramm", "gram", "grams", "grama", "gramas"), UnitCode.GRAM),
    **dict.fromkeys(("kgm", "kg", "kilo", "kilogramm", "kilogram", "kilograms"), UnitCode.KILOGRAM),
    **dict.fromkeys(("mlt", "ml", "milliliter", "millilitre", "mililitro"), UnitCode.MILLILITRE),
    **dict.fromkeys(("ltr", "l", "lt", "liter", "litre", "litro"), UnitCode.LITRE),
}  # fmt: skip
_CHOICES: Final[Mapping[Kind, tuple[Mapping[str, tuple[str, ...]], str]]] = {
    Kind.STORAGE: (
        {"ambient": ("ambient", "dry", "trocken", "ambiente"), "chilled": ("chilled", "cool", "kuehl", "gekuehlt",
         "gekuhlt", "kuhl", "gekoeld", "fresco",
         "refrigerado"), "frozen": ("frozen",
         "tiefgekuehlt", "tiefgekuhlt", "tk", "diepvries", "congelado")},
        _STORAGE,
    ),
    Kind.SHORTAGE: (
        {"max_min": ("maxmin", "everybodyalittle"), "proportional": ("proportional", "inproportion"),
         "first_come": ("firstcome", "firstcomefirstserved")},
        _SHORTAGE,
    ),
    Kind.STOCK_RULE: ({"reset": ("reset",), "carry": ("carry", "carryover")}, _STOCK_RULE),
}  # fmt: skip
_PERCENT = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,2})?)\s*%?")


@dataclass(frozen=True, slots=True)
class Shelves:
    """What a merchant chooses from: categories by short name, tax classes with their rate in 1/100 %, deposits with
    their amount in minor units."""

    categories: Mapping[str, str]
    taxes: Mapping[str, int]
    deposits: Mapping[str, int]


def value_of(column: Column, text: str, shelves: Shelves, currency: str) -> Value:
    """The value of a cell that is not empty. Raises Refusal."""
    read = _READ.get(column.kind, _choice)
    return read(_Cell(column, text, shelves, currency))


class _Cell(NamedTuple):
    """A cell with all that reading it needs."""

    column: Column
    text: str
    shelves: Shelves
    currency: str


def _short(cell: _Cell) -> str:
    if len(cell.text) > cell.column.most:
        raise Refusal(_TOO_LONG, most=cell.column.most)
    return cell.text


def _category(cell: _Cell) -> str:
    names = {name: slug for slug, name in cell.shelves.categories.items()}
    return _named(cell.text, cell.shelves.categories, _NO_CATEGORY, by_name=names)


def _same_currency(cell: _Cell) -> str:
    if cell.text.upper() != cell.currency:
        raise Refusal(_CURRENCY, currency=cell.currency)
    return cell.currency


def gtin_of(text: str) -> str:
    """A GTIN without its spaces and dashes; only zeros are none."""
    digits = text.replace(" ", "").replace("-", "")
    if digits.isascii() and digits.isdigit() and not digits.strip("0"):
        return ""
    if not (digits.isascii() and digits.isdigit() and ean.is_valid(digits)):
        raise Refusal(_GTIN)
    return digits


def text_of(name: str, value: Value, currency: str) -> str:
    """A value as a file writes it; reading it gives the value again."""
    column = BY_NAME.get(name)
    if value is None or value == {}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column is not None and column.kind is Kind.MONEY:
        return format_minor(value, currency)
    if isinstance(value, Mapping):
        return "; ".join(f"{code}: {state}" for code, state in sorted(value.items()))
    if isinstance(value, (list, tuple)):
        return "; ".join(
            f"{quantity}: {format_minor(cost, currency)} / {format_minor(price, currency)}"
            for quantity, cost, price in value
        )
    return str(value)


def folded(text: str) -> str:
    """A text for comparing names: letters and digits only, without capitals and accents."""
    return "".join(words_of(text))


def _named(text: str, known: Mapping[str, Any], refusal: str, *, by_name: Mapping[str, str] | None = None) -> str:
    """The key that a text names, by itself or by its name."""
    keys = {folded(key): key for key in known}
    keys.update({folded(name): key for name, key in (by_name or {}).items()})
    found = keys.get(folded(text))
    if found is None:
        raise Refusal(refusal, known=", ".join(sorted(known)[:30]))
    return found


def _tax(cell: _Cell) -> str:
    """A tax class by its name or by its rate in per cent, where only one has it."""
    text, shelves = cell.text, cell.shelves
    rate = _PERCENT.fullmatch(text.replace(",", "."))
    if rate is not None:
        points = int(Decimal(rate[1]) * 100)
        same = [name for name, known in shelves.taxes.items() if known == points]
        if len(same) == 1:
            return same[0]
    return _named(text, shelves.taxes, _NO_TAX)


def _deposit(cell: _Cell) -> str | None:
    """A deposit by its name or by its amount, where only one has it; an amount of nothing is none."""
    text, shelves = cell.text, cell.shelves
    try:
        minor = parse_minor(plain_amount(text), cell.currency)
    except ValueError:
        return _named(text, shelves.deposits, _NO_DEPOSIT)
    same = [name for name, known in shelves.deposits.items() if known == minor]
    if minor == 0:
        return None
    return same[0] if len(same) == 1 else _named(text, shelves.deposits, _NO_DEPOSIT)


def _unit(cell: _Cell) -> str:
    unit = _UNITS.get(folded(cell.text))
    if unit is None:
        raise Refusal(_UNIT)
    return unit.value


def _yes_no(cell: _Cell) -> bool:
    plain = "-" if cell.text == "-" else folded(cell.text)
    if plain in _YES or plain in _NO:
        return plain in _YES
    raise Refusal(_YES_NO)


def _choice(cell: _Cell) -> str:
    choices, refusal = _CHOICES[cell.column.kind]
    plain = folded(cell.text)
    for value, names in choices.items():
        if plain in (folded(value), *names):
            return value
    raise Refusal(refusal)


def _codes(cell: _Cell) -> dict[str, str]:
    """Coded allergens or diets: "milk: contains; nuts: traces"."""
    codes, states, refusal = (
        (ALLERGENS, [state.value for state in AllergenState], _ALLERGENS)
        if cell.column.name == "allergens"
        else (DIETS, [state.value for state in DietState], _DIETS)
    )
    found: dict[str, str] = {}
    for part in re.split(r"[;,\n]", cell.text):
        if not part.strip():
            continue
        code, _, state = (piece.strip().lower() for piece in part.partition(":"))
        if code not in codes or state not in states or code in found:
            raise Refusal(refusal)
        found[code] = state
    return found


_READ: Final[Mapping[Kind, Callable[[_Cell], Value]]] = {
    Kind.TEXT: _short,
    Kind.GTIN: lambda cell: gtin_of(cell.text),
    Kind.CATEGORY: _category,
    Kind.TAX: _tax,
    Kind.DEPOSIT: _deposit,
    Kind.UNIT: _unit,
    Kind.COUNT: lambda cell: count_of(cell.text, cell.column.least, cell.column.most),
    Kind.MONEY: lambda cell: money_of(cell.text, cell.currency),
    Kind.YES_NO: _yes_no,
    Kind.CODES: _codes,
    Kind.CURRENCY: _same_currency,
}
