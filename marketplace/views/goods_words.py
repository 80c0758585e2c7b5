"""Codes of goods as people read them: allergens, diets, storage; and when something is picked or baked for them."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from marketplace.models import Product
from marketplace.rules.goods import ALLERGENS, DIETS, AllergenState, DietState, StorageClass
from marketplace.words import listed, time_words

ALLERGEN_WORDS = {
    "gluten": gettext_lazy("gluten"),
    "crustaceans": gettext_lazy("crustaceans"),
    "egg": gettext_lazy("egg"),
    "fish": gettext_lazy("fish"),
    "peanuts": gettext_lazy("peanuts"),
    "soya": gettext_lazy("soya"),
    "milk": gettext_lazy("milk"),
    "nuts": gettext_lazy("nuts"),
    "celery": gettext_lazy("celery"),
    "mustard": gettext_lazy("mustard"),
    "sesame": gettext_lazy("sesame"),
    "sulphites": gettext_lazy("sulphites"),
    "lupin": gettext_lazy("lupin"),
    "molluscs": gettext_lazy("molluscs"),
}
DIET_WORDS = {
    "vegetarian": gettext_lazy("vegetarian"),
    "vegan": gettext_lazy("vegan"),
    "organic": gettext_lazy("organic"),
    "halal": gettext_lazy("halal"),
    "kosher": gettext_lazy("kosher"),
}
STORAGE_WORDS = {
    StorageClass.AMBIENT.value: gettext_lazy("from the shelf"),
    StorageClass.CHILLED.value: gettext_lazy("chilled"),
    StorageClass.FROZEN.value: gettext_lazy("frozen"),
}
# What is done for the household, by the drawn motif of the shelf: before it is done, and after.
_PICKED = (gettext_lazy("will be picked %(moment)s for you"), gettext_lazy("picked %(moment)s for you"))
_BAKED = (gettext_lazy("will be baked %(moment)s for you"), gettext_lazy("baked %(moment)s for you"))
_PACKED = (gettext_lazy("will be packed %(moment)s for you"), gettext_lazy("packed %(moment)s for you"))
_DONE = {"vegetables": _PICKED, "fruit": _PICKED, "bread": _BAKED}


def ready_words(ready_at: datetime | None, motif: str, now: datetime, zone: str) -> str:
    """ "picked Thursday 06:00 for you", in the hub's time; empty where the merchant does not say."""
    if ready_at is None:
        return ""
    before, after = _DONE.get(motif, _PACKED)
    local = ready_at.astimezone(ZoneInfo(zone))
    near = abs((local.date() - now.astimezone(ZoneInfo(zone)).date()).days) < 7
    moment = f"{formats.date_format(local, 'WEEKDAY' if near else 'DAY')} {time_words(ready_at, zone)}"
    return str(before if now < ready_at else after) % {"moment": moment}


def allergen_lines(states: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a product says of allergens, as (what, names): contains, traces, free of, not known; empty ones left out."""
    said = [
        (_("Contains"), AllergenState.CONTAINS),
        (_("May contain traces of"), AllergenState.TRACES),
        (_("Free of"), AllergenState.NONE),
        (_("Not known"), AllergenState.UNKNOWN),
    ]
    lines = []
    for what, state in said:
        names = [str(ALLERGEN_WORDS[a]) for a in ALLERGENS if states.get(a, AllergenState.UNKNOWN) == state]
        if names:
            everything = state is AllergenState.UNKNOWN and len(names) == len(ALLERGENS)
            lines.append(
                (what, _("the merchant has not said; ask before you rely on it") if everything else listed(names))
            )
    return lines


def diet_line(states: Mapping[str, str]) -> str:
    """The diets that a product suits; empty where none is stated."""
    return listed(DIET_WORDS[diet] for diet in DIETS if states.get(diet) == DietState.SUITABLE)


def shelf_life_words(product: Product) -> str:
    """How long it keeps, from the hub's dock."""
    if product.shelf_life_days > 365:
        return _("more than a year")
    days = product.shelf_life_days
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days} if days > 1 else _("one day")
