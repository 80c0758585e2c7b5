"""How the desks look: django-unfold in the colours of static/css/tokens.css, one title each."""

from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

# Shades of --leaf (primary) and of the warm paper (base), light to dark, as oklch for unfold's own scale.
_COLOURS = {
    "base": {
        "50": "#FAF6EC",
        "100": "#F3EDDD",
        "200": "#E4DCC7",
        "300": "#CFC6AC",
        "400": "#A3A087",
        "500": "#7C806A",
        "600": "#586151",
        "700": "#3F4A3B",
        "800": "#2A3326",
        "900": "#1B2117",
        "950": "#12160F",
    },
    "primary": {
        "50": "#EFF6EC",
        "100": "#E6EFDF",
        "200": "#C6DFC4",
        "300": "#9CCAA6",
        "400": "#5FA67A",
        "500": "#37835A",
        "600": "#1F5B3A",
        "700": "#1A4C31",
        "800": "#163D28",
        "900": "#123020",
        "950": "#0A1D13",
    },
}


def _desk(title: Any) -> dict[str, Any]:
    return {
        "SITE_TITLE": title,
        "SITE_HEADER": title,
        "SITE_SYMBOL": "grass",
        "SITE_URL": "/",
        "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _r: static("icons/favicon.svg")}],
        "SHOW_HISTORY": False,
        "SHOW_VIEW_ON_SITE": False,
        "COLORS": _COLOURS,
        "BORDER_RADIUS": "10px",
        "SIDEBAR": {"show_search": False, "show_all_applications": True, "navigation": []},
        "COMMAND": {"search_models": False, "show_history": False},
    }


UNFOLD_MERCHANT_DESK = _desk(_("Windrow · merchant desk"))
UNFOLD_HUB_DESK = _desk(_("Windrow · hub desk"))
UNFOLD_STAFF = _desk(_("Windrow · staff"))
UNFOLD = UNFOLD_STAFF
