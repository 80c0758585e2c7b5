"""What pages of others show of groups: the banner of an opened invitation, and a link as a QR code."""

from typing import Any

import segno
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from marketplace.views.invitations import KEPT

register = template.Library()


@register.inclusion_tag("components/invited.html", takes_context=True)
def invited(context: dict[str, Any], hub_id: int | None = None) -> dict[str, Any]:
    """ "You were invited by …" while an invitation is open in this browser (of this hub, where one is named).

    No query: the session keeps the names. A visitor without a session has none.
    """
    request = context.get("request")
    kept = request.session.get(KEPT) if request is not None and hasattr(request, "session") else None
    fits = kept is not None and hub_id in (None, kept.get("hub"))
    return {"invitation": kept if fits else None}


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """A QR code as inline SVG, dark on light in both modes, so that every camera reads it."""
    code = segno.make(text, error="m")
    size = code.symbol_size(border=3)[0]
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(code.matrix_iter(border=3)) for x, dark in enumerate(row) if dark
    )
    return format_html(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        '<rect width="{size}" height="{size}" fill="#fff"/><path d="{}" fill="#000"/></svg>',
        label or _("QR code of the link"),
        path,
        size=size,
    )
