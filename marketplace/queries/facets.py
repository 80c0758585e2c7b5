"""How many offers of a round each filter would leave, beside the filters that are on already."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.core.cache import cache

from marketplace.models import Offer, OrderingWindow
from marketplace.queries.choosing import Choosing
from marketplace.rules.goods import ALLERGENS, DIETS, FRESH_DAYS, AllergenState, DietState, StorageClass

# What a round offers changes when an offer is put in: counted anew a minute later.
FACETS_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Kind:
    """What the filters know of a product: its shelf, how it is kept, and what it is sure to suit or to be free of."""

    category: str
    storage: str
    fresh: bool
    diets: frozenset[str]
    free_of: frozenset[str]

    def fits(self, asked: Choosing) -> bool:
        """As queries.choosing.chosen decides it in the database; words and what helps others are not known here."""
        return (
            asked.category in ("", self.category)
            and asked.storage in ("", self.storage)
            and (self.fresh or not asked.fresh)
            and self.diets.issuperset(asked.diets)
            and self.free_of.issuperset(asked.without)
        )


@dataclass(frozen=True, slots=True)
class Facets:
    """Offers that stay if one more filter is put on; for one that is on, those that are shown now."""

    categories: Mapping[str, int]
    storage: Mapping[str, int]
    diets: Mapping[str, int]
    without: Mapping[str, int]
    fresh: int


def facets_of(windows: Sequence[OrderingWindow], asked: Choosing) -> Facets | None:
    """None while words are searched or only what helps is shown: these are counted by the database alone. One query
    a minute for each round.
    """
    if asked.words.words or asked.helping:
        return None
    kinds = _kinds_of([window.pk for window in windows])

    def count(**more: object) -> int:
        wanted = replace(asked, **more)  # type: ignore[arg-type]  # names of its own fields
        return sum(many for kind, many in kinds if kind.fits(wanted))

    def each(values: Iterable[str], more: Callable[[str], dict[str, object]]) -> dict[str, int]:
        return {value: count(**more(value)) for value in values}

    return Facets(
        categories=each(["", *{kind.category for kind, _many in kinds}], lambda slug: {"category": slug}),
        storage=each([code.value for code in StorageClass], lambda code: {"storage": code}),
        diets=each(DIETS, lambda diet: {"diets": (*asked.diets, diet)}),
        without=each(ALLERGENS, lambda allergen: {"without": (*asked.without, allergen)}),
        fresh=count(fresh=True),
    )


def _kinds_of(window_ids: Sequence[int]) -> tuple[tuple[Kind, int], ...]:
    key = "facets:" + ",".join(map(str, window_ids))
    found = cache.get(key)
    if found is None:
        offers = Offer.objects.filter(window__in=window_ids).values_list(
            "product__category__slug",
            "product__storage_class",
            "product__shelf_life_days",
            "product__diets",
            "product__allergens",
        )
        found = tuple(Counter(_kind(*row) for row in offers).items())
        cache.set(key, found, FACETS_SECONDS)
    return tuple(found)


def _kind(category: str, storage: str, days: int, diets: dict[str, str], allergens: dict[str, str]) -> Kind:
    return Kind(
        category=category,
        storage=storage,
        fresh=days <= FRESH_DAYS,
        diets=frozenset(d for d in DIETS if diets.get(d) == DietState.SUITABLE),
        free_of=frozenset(a for a in ALLERGENS if allergens.get(a) == AllergenState.NONE),
    )
