"""Template filters and tags of the trade: money, icons, motifs. A built-in of every template."""

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from marketplace import words

register = template.Library()

MOTIFS = ("vegetables fruit bread dairy cheese eggs meat fish pantry drinks sweets frozen household basket").split()


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Minor units as an amount with its currency; nothing for no amount."""
    return "" if minor is None else words.money(minor, currency)


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line icon of the sprite; decoration only, the words stand beside it."""
    return format_html('<svg aria-hidden="true"><use href="{}#{}"/></svg>', static("icons/icons.svg"), name)


@register.simple_tag
def motif(name: str) -> SafeString:
    """The drawn stand-in for a picture; an unknown one is a basket."""
    known = name if name in MOTIFS else "basket"
    return format_html(
        '<span class="pic {}"><svg class="motif" aria-hidden="true"><use href="{}#{}"/></svg></span>',
        known,
        static("icons/motifs.svg"),
        known,
    )
