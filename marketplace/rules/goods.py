"""Codes that describe goods: storage, units of measure, allergens.

Units are UN/ECE Recommendation 20 codes; the fourteen allergens are those of Regulation (EU) 1169/2011, annex II.
"""

from enum import StrEnum
from fractions import Fraction

# A product that keeps no longer than this is fresh: its chain must close within a day.
FRESH_DAYS = 5


class StorageClass(StrEnum):
    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


class UnitCode(StrEnum):
    PIECE = "H87"
    GRAM = "GRM"
    KILOGRAM = "KGM"
    MILLILITRE = "MLT"
    LITRE = "LTR"


class AllergenState(StrEnum):
    CONTAINS = "contains"
    TRACES = "traces"
    NONE = "none"
    UNKNOWN = "unknown"


ALLERGENS = (
    "gluten",
    "crustaceans",
    "egg",
    "fish",
    "peanuts",
    "soya",
    "milk",
    "nuts",
    "celery",
    "mustard",
    "sesame",
    "sulphites",
    "lupin",
    "molluscs",
)


class DietState(StrEnum):
    SUITABLE = "suitable"
    UNSUITABLE = "unsuitable"
    UNKNOWN = "unknown"


DIETS = ("vegetarian", "vegan", "organic", "halal", "kosher")

# How many of the small unit one comparison unit holds (price per kg, per litre, per piece).
_COMPARED_IN: dict[UnitCode, tuple[UnitCode, int]] = {
    UnitCode.GRAM: (UnitCode.KILOGRAM, 1000),
    UnitCode.KILOGRAM: (UnitCode.KILOGRAM, 1),
    UnitCode.MILLILITRE: (UnitCode.LITRE, 1000),
    UnitCode.LITRE: (UnitCode.LITRE, 1),
    UnitCode.PIECE: (UnitCode.PIECE, 1),
}


def comparison_unit(unit: UnitCode) -> UnitCode:
    """The unit in which prices are compared: kilogram, litre or piece."""
    return _COMPARED_IN[unit][0]


def comparison_price(unit_price: int, content_amount: int, unit: UnitCode) -> Fraction:
    """Minor units per kilogram, litre or piece, exact; round it once where it is shown.

    `unit_price` in minor units for one consumer unit that holds `content_amount` of `unit`.
    """
    return Fraction(unit_price * _COMPARED_IN[unit][1], content_amount)
