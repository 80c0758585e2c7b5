"""The round page's search, filters and order, from its address and back into links."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.queries.choosing import Choosing, Sort
from marketplace.queries.search import read_words
from marketplace.queries.shop import RoundPage
from marketplace.rules.goods import ALLERGENS, DIETS, StorageClass
from marketplace.views.goods_words import ALLERGEN_WORDS, DIET_WORDS, STORAGE_WORDS

LONGEST_SEARCH = 80
_LONGEST_CURSOR = 600


@dataclass(frozen=True, slots=True)
class Option:
    """A box or entry of the sheet."""

    value: str
    name: str
    on: bool


@dataclass(frozen=True, slots=True)
class Link:
    """A chip: a filter to put on, or one that is on and its way out."""

    name: str
    link: str
    on: bool = False
    small: str = ""


@dataclass(frozen=True, slots=True)
class ChoosingView:
    """Search, chips and sheet, in words. `corrected`: what is shown instead of what was typed, and the way back."""

    typed: str
    corrected: str
    exactly: str
    chips: tuple[Link, ...]
    active: tuple[Link, ...]
    clear: str
    category: str
    helping: bool
    presets: bool
    fresh: bool
    storage: tuple[Option, ...]
    diets: tuple[Option, ...]
    without: tuple[Option, ...]
    sort: tuple[Option, ...]
    more: str


def asked_for(query: QueryDict) -> Choosing:
    """What an address asks for; what it cannot mean is left out. One query where words are searched."""
    diets = tuple(d for d in DIETS if d in query.getlist("diet"))
    without = tuple(a for a in ALLERGENS if a in query.getlist("without"))
    sort, storage = query.get("sort", ""), query.get("storage", "")
    return Choosing(
        words=read_words(_text(query, "q", LONGEST_SEARCH), exactly="exactly" in query),
        category=_text(query, "category", 50),
        storage=storage if storage in set(StorageClass) else "",
        fresh="fresh" in query,
        diets=diets,
        without=without,
        own=not (diets or without or "own" in query),
        helping="help" in query,
        sort=Sort(sort) if sort in set(Sort) else Sort.SHOP,
        after=_text(query, "after", _LONGEST_CURSOR),
    )


def _text(query: QueryDict, name: str, longest: int) -> str:
    return query.get(name, "")[:longest].replace("\0", "").strip()  # PostgreSQL knows no such character


def address_of(choosing: Choosing, here: str, *, presets: bool) -> str:
    """The address that asks for this. With presets of a household, asking for none of them is said too."""
    asked: list[tuple[str, str]] = [("q", choosing.words.asked), ("category", choosing.category)]
    asked += [("storage", choosing.storage), ("fresh", "1" if choosing.fresh else "")]
    asked += [("diet", diet) for diet in choosing.diets] + [("without", allergen) for allergen in choosing.without]
    asked += [("own", "0" if presets and not (choosing.diets or choosing.without) else "")]
    asked += [("help", "1" if choosing.helping else "")]
    asked += [("sort", "" if choosing.sort is Sort.SHOP else choosing.sort.value), ("after", choosing.after)]
    query = urlencode([(name, value) for name, value in asked if value])
    return f"{here}?{query}" if query else here


def choosing_view(page: RoundPage, here: str) -> ChoosingView:
    """The search, chips, sheet and links of a round page."""
    now, presets = page.choosing, bool(page.avoids or page.diets)

    def to(**changes: object) -> str:
        return address_of(replace(now, **{"after": "", **changes}), here, presets=presets)  # type: ignore[arg-type]

    exactly = to() + ("&" if "?" in to() else "?") + "exactly=1"
    return ChoosingView(
        typed=now.words.asked,
        corrected=now.words.shown if now.words.corrected else "",
        exactly=exactly if now.words.corrected else "",
        chips=_chips(page, to),
        active=_active(page, to),
        clear=address_of(Choosing(own=False, sort=now.sort), here, presets=presets) if now.narrows else "",
        category=now.category,
        helping=now.helping,
        presets=presets,
        fresh=now.fresh,
        storage=tuple(Option(code, str(name), code == now.storage) for code, name in STORAGE_WORDS.items()),
        diets=tuple(Option(code, str(DIET_WORDS[code]), code in now.diets) for code in DIETS),
        without=tuple(Option(code, str(ALLERGEN_WORDS[code]), code in now.without) for code in ALLERGENS),
        sort=tuple(Option(sort.value, name, sort is now.sort) for sort, name in _sorts().items()),
        more=to(after=page.after) if page.after else "",
    )


def _sorts() -> dict[Sort, str]:
    return {
        Sort.SHOP: _("as the shop is laid out"),
        Sort.UNIT: _("cheapest per kilogram or litre"),
        Sort.NAME: _("by name"),
        Sort.CLOSING: _("closing first"),
        Sort.NEARLY: _("nearly complete first"),
    }


_To = Callable[..., str]


def _chips(page: RoundPage, to: _To) -> tuple[Link, ...]:
    """Shelves to tap; in the last stretch, what helps everybody leads."""
    now = page.choosing
    chips = []
    if page.is_filling or now.helping:
        chips.append(Link(_("Help complete"), to(helping=not now.helping, sort=Sort.SHOP), now.helping))
    if len(page.categories) > 1 or now.category:
        chips.append(Link(pgettext("all kinds of goods", "All"), to(category="", helping=False), not now.category))
        chips += [
            Link(c.name, to(category="" if c.slug == now.category else c.slug), c.slug == now.category)
            for c in page.categories
        ]
    return tuple(chips)


def _active(page: RoundPage, to: _To) -> tuple[Link, ...]:
    """The filters that are on, each with the way to take it off; those of the household say so."""
    now, found = page.choosing, []
    if now.storage:
        found.append(Link(str(STORAGE_WORDS[now.storage]), to(storage="")))
    if now.fresh:
        found.append(Link(_("fresh"), to(fresh=False)))
    yours = _("yours")
    for diet in now.diets:
        rest = tuple(other for other in now.diets if other != diet)
        small = yours if diet in page.diets else ""
        found.append(Link(str(DIET_WORDS[diet]), to(diets=rest, own=False), small=small))
    for allergen in now.without:
        rest = tuple(other for other in now.without if other != allergen)
        name = _("without %(allergen)s") % {"allergen": ALLERGEN_WORDS[allergen]}
        found.append(Link(name, to(without=rest, own=False), small=yours if allergen in page.avoids else ""))
    return tuple(found)
