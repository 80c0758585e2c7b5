"""What pages of others show of groups: the banner of an opened invitation, and a link as a QR code."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from marketplace.views.invitations import KEPT
from marketplace.views.qr import qr_code

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
def qr(text: str) -> SafeString:
    """A link as a QR code; the link itself stands beside it."""
    return qr_code(text).svg
