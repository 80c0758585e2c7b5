"""Package sizes of the source ("20 OZ", "1 GA", "4/4 OZ") as whole grams, millilitres or pieces.

Units are the codes of UN/ECE Recommendation 20: GRM, MLT, H87 (piece).
"""

import re
from dataclasses import dataclass
from fractions import Fraction

GRAMS = {"OZ": Fraction("28.349523125"), "LB": Fraction("453.59237")}
MILLILITRES = {
    **dict.fromkeys(("FLOZ", "OZ"), Fraction("29.5735295625")),
    **dict.fromkeys(("GA", "GAL", "GALLON"), Fraction("3785.411784")),
    "QT": Fraction("946.352946"),
    **dict.fromkeys(("PT", "PINT"), Fraction("473.176473")),
    **dict.fromkeys(("L", "LT", "LTR", "LITER"), Fraction(1000)),
    "ML": Fraction(1),
}
PIECES = {
    **dict.fromkeys(("CT", "PK", "PC"), Fraction(1)),
    **dict.fromkeys(("DZ", "DOZ"), Fraction(12)),
}
WASHES = ("LOAD", "LOADS", "LD")
# Optional count ("4/", "12PK/"), a number, a unit; "A D   1 DZ" of the eggs carries letters before it.
SIZE = re.compile(r"^[A-Z ]*?(?:(\d{1,2})(?:PK|CT|P)? ?[/-] ?)?(\d*\.?\d+) ?([A-Z]+)(?: ?BTL| ?BAG| ?BOX)?$")
MIXED_FRACTION = re.compile(r"^(\d+) (\d)/(\d) ([A-Z]+)$")


@dataclass(frozen=True, order=True)
class Pack:
    """What one consumer unit holds: a whole amount of a unit code; `catch_weight` when the amount is only nominal.

    `counted` names what a number of pieces counts (laundry liquid: washes).
    """

    amount: int
    unit: str
    catch_weight: bool = False
    counted: str = "pieces"


def parse_size(text: str, measure: str) -> Pack | None:
    """The pack of a package size, or None when the text does not tell.

    `measure` says how ounces are meant: "g" by weight, "ml" by volume, "n" when only a count makes sense.
    """
    cleaned = text.upper().strip()
    mixed = MIXED_FRACTION.match(cleaned)
    if mixed:
        whole, part, of, unit = mixed.groups()
        return _pack(int(whole) + Fraction(int(part), int(of)), unit, measure) if int(of) else None
    match = SIZE.match(cleaned)
    if not match:
        return None
    count, number, unit = match.groups()
    return _pack(Fraction(number) * int(count or 1), unit, measure)


def parse_assumed(text: str) -> tuple[bool, Pack] | None:
    """An assumed pack of titles.csv: "!" replaces every size, "~" marks catch weight; None when the field is blank."""
    if not text:
        return None
    amount, unit = text.lstrip("!~").split()
    return text.startswith("!"), Pack(int(amount), unit, "~" in text)


def label(pack: Pack) -> str:
    """A short reading: "567 g", "1.9 l", "12 pieces", "about 900 g"."""
    if pack.unit == "H87":
        return "1 piece" if pack.amount == 1 else f"{pack.amount} {pack.counted}"
    small, large = ("g", "kg") if pack.unit == "GRM" else ("ml", "l")
    if pack.amount < 1000:
        text = f"{pack.amount} {small}"
    else:
        tenths = (pack.amount + 50) // 100
        text = f"{tenths // 10}.{tenths % 10} {large}".replace(".0 ", " ")
    return f"about {text}" if pack.catch_weight else text


def _pack(number: Fraction, unit: str, measure: str) -> Pack | None:
    if unit in PIECES:
        return _whole(number * PIECES[unit], "H87")
    if unit in WASHES:
        return Pack(int(number), "H87", counted="washes")
    if measure == "g" and unit in GRAMS:
        return _whole(number * GRAMS[unit], "GRM")
    if measure == "ml" and unit in MILLILITRES:
        return _whole(number * MILLILITRES[unit], "MLT")
    return None


def _whole(number: Fraction, unit: str) -> Pack | None:
    amount = int(number + Fraction(1, 2))
    return Pack(amount, unit) if amount else None
