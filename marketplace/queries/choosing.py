"""Which offers of a round somebody looks at, and in which order: filters, sorting, and pages without an offset."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import BigIntegerField, Case, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value, When

from marketplace.models import Offer, PriceStep
from marketplace.queries.search import WordsRead, matching
from marketplace.rules.goods import FRESH_DAYS, AllergenState, DietState, UnitCode


class Sort(StrEnum):
    SHOP = "shop"
    UNIT = "unit"
    NAME = "name"
    CLOSING = "closing"
    NEARLY = "nearly"


# Each order is total. That of the shop: window by window as they close, then shelf by shelf.
ORDERS: dict[Sort, tuple[str, ...]] = {
    Sort.SHOP: (
        "window__closes_at",
        "window_id",
        "product__category__position",
        "product__category_id",
        "product__name",
        "pk",
    ),
    Sort.UNIT: ("kind", "per_unit", "product__name", "pk"),
    Sort.NAME: ("product__name", "pk"),
    Sort.CLOSING: ("window__closes_at", "product__name", "pk"),
}
_TEXTS, _MOMENTS = {"product__name"}, {"window__closes_at"}
# Larger than any column or list holds, still an integer to every database.
_LARGEST = 2**62


_NO_WORDS = WordsRead()


@dataclass(frozen=True, slots=True)
class Choosing:
    """What somebody asked to see. `own`: the household's own diets and allergens to avoid count too, since nothing
    else was said of them; `diets` and `without` are codes of rules/goods.py. `after` is the cursor of the page before.
    """

    words: WordsRead = _NO_WORDS
    category: str = ""
    storage: str = ""
    fresh: bool = False
    diets: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    own: bool = True
    helping: bool = False
    sort: Sort = Sort.SHOP
    after: str = ""

    @property
    def narrows(self) -> bool:
        """Whether offers may be left out."""
        asked = (self.words.words, self.category, self.storage, self.fresh, self.diets, self.without, self.helping)
        return any(asked)

    def with_presets(self, avoids: Sequence[str], diets: Sequence[str]) -> "Choosing":
        """The same with what the household avoids, where it was not asked otherwise."""
        return replace(self, without=tuple(avoids), diets=tuple(diets)) if self.own else self


def chosen(offers: QuerySet[Offer], choosing: Choosing) -> QuerySet[Offer]:
    """The offers that were asked for. What is not known of a product counts as not safe, and so do traces."""
    wanted = Q()
    if choosing.category:
        wanted &= Q(product__category__slug=choosing.category)
    if choosing.storage:
        wanted &= Q(product__storage_class=choosing.storage)
    if choosing.fresh:
        wanted &= Q(product__shelf_life_days__lte=FRESH_DAYS)
    for diet in choosing.diets:
        wanted &= Q(**{f"product__diets__{diet}": DietState.SUITABLE.value})
    for allergen in choosing.without:
        wanted &= Q(**{f"product__allergens__{allergen}": AllergenState.NONE.value})
    if choosing.words.words:
        wanted &= Q(product__in=matching(choosing.words.words).values("pk"))
    return offers.filter(wanted)


def sorted_by(offers: QuerySet[Offer], sort: Sort) -> QuerySet[Offer]:
    """Offers in one of the orders that the database knows."""
    if sort is Sort.UNIT:
        offers = offers.annotate(kind=_KIND, per_unit=_PER_UNIT)
    return offers.order_by(*ORDERS[sort])


_UNIT = "product__content_unit"
_THOUSANDTHS = Case(
    When(**{f"{_UNIT}__in": [UnitCode.GRAM.value, UnitCode.MILLILITRE.value]}, then=Value(1000)), default=Value(1)
)
# Kilograms are compared with kilograms, litres with litres.
_KIND = Case(
    When(**{f"{_UNIT}__in": [UnitCode.GRAM.value, UnitCode.KILOGRAM.value]}, then=Value(0)),
    When(**{f"{_UNIT}__in": [UnitCode.MILLILITRE.value, UnitCode.LITRE.value]}, then=Value(1)),
    default=Value(2),
)
_FIRST_PRICE = PriceStep.objects.filter(offer=OuterRef("pk")).order_by("from_quantity").values("unit_price_minor")[:1]
# The most it can cost per comparison unit, in thousandths of a minor unit: what it costs now changes under the reader.
_PER_UNIT = ExpressionWrapper(
    Subquery(_FIRST_PRICE, output_field=BigIntegerField()) * _THOUSANDTHS * 1000 / F("product__content_amount"),
    output_field=BigIntegerField(),
)


def cursor_after(offer: Offer, sort: Sort) -> str:
    """The cursor that asks for what comes after a loaded offer (with its window, product and category)."""
    return encoded([_value(offer, field) for field in ORDERS[sort]])


def _value(row: Any, path: str) -> object:
    for name in path.split("__"):
        row = getattr(row, name)
    return row.isoformat() if isinstance(row, datetime) else row


def beyond(sort: Sort, cursor: str) -> Q:
    """Rows after the cursor; all of them where it cannot be read."""
    fields = ORDERS[sort]
    values = decoded(cursor, len(fields))
    if values is None or not all(_fits(f, v) for f, v in zip(fields, values, strict=True)):
        return Q()
    after, equal = Q(), Q()
    for field, value in zip(fields, values, strict=True):
        after |= equal & Q(**{f"{field}__gt": value})
        equal &= Q(**{field: value})
    return after


def _fits(field: str, value: object) -> bool:
    """Whether a value from an address may be compared with the field."""
    if field in _MOMENTS:
        try:
            return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
        except ValueError:
            return False
    if field in _TEXTS:
        return isinstance(value, str) and "\0" not in value
    return is_whole(value)


def is_whole(value: object) -> bool:
    """Whether it is a whole number that a database can hold."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST


def encoded(values: Sequence[object]) -> str:
    """A cursor for an address."""
    text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decoded(cursor: str, many: int) -> list[Any] | None:
    """The values of a cursor; None for one that we did not make."""
    try:
        values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        return None
    return values if isinstance(values, list) and len(values) == many else None
