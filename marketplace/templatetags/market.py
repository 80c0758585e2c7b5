"""Template filters and tags of the trade: money, icons, motifs. A built-in of every template."""

import re
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from marketplace import words
from marketplace.state_words import state_words
from marketplace.views import bundles
from marketplace.views.kept_pages import NOBODY, owner_of
from marketplace.views.motifs import MOTIFS

register = template.Library()


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Minor units as an amount with its currency; nothing for no amount."""
    return "" if minor is None else words.money(minor, currency)


@register.filter
def state(code: str) -> str:
    """A state in the reader's language."""
    return state_words(code)


# A number with its separators, with the currency's sign where one stands before or after it.
_FIGURES = re.compile(r"[€£$¥₹₩₦₪]?\d(?:[\d.,\u00a0]*\d)?(?:\u00a0[€£$¥₹₩₦₪])?")


@register.filter
def figures(text: str) -> SafeString:
    """A sentence with its figures stressed; static/js/sentence.js does the same."""
    parts, start = [], 0
    for found in _FIGURES.finditer(text):  # before escaping: an apostrophe's code has figures too
        parts += [escape(text[start : found.start()]), f"<b>{escape(found[0])}</b>"]
        start = found.end()
    return mark_safe("".join([*parts, escape(text[start:])]))  # noqa: S308 - each part is escaped


# Icons that point along the line of reading: mirrored where it runs from right to left.
_DIRECTED = frozenset({"back", "next"})


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon of the sprite; decoration only, the words stand beside it."""
    turns = mark_safe(" data-turns") if name in _DIRECTED else ""
    return format_html('<svg{} aria-hidden="true"><use href="{}#{}"/></svg>', turns, static("icons/icons.svg"), name)


@register.simple_tag
def motif(name: str) -> SafeString:
    """The drawn stand-in for a picture; an unknown one is a basket."""
    known = name if name in MOTIFS else "basket"
    return format_html(
        '<span class="pic m-{}"><svg class="motif" aria-hidden="true"><use href="{}#{}"/></svg></span>',
        known,
        static("icons/motifs.svg"),
        known,
    )


@register.simple_tag
def styles() -> SafeString:
    """The styles that every page has, as one file."""
    return format_html('<link rel="stylesheet" href="{}">', bundles.address_of("site", "css"))


@register.simple_tag
def script(name: str) -> SafeString:
    """A script with all the modules that it imports, as one file."""
    return format_html('<script type="module" src="{}"></script>', bundles.address_of(name, "js"))


@register.inclusion_tag("components/app_bars.html", takes_context=True)
def app_bars(context: dict[str, Any], anybody: object = False) -> dict[str, str]:
    """Bars that the app's script shows, and whose browser this is; `anybody`: a page that is the same for all."""
    request = context.get("request")
    return {"owner": "" if anybody else NOBODY if request is None else owner_of(request)}
