"""Which pages are pictured, as whom, and which of the pictures the documents show."""

from dataclasses import dataclass

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 1}
DESKTOP = {"viewport": {"width": 1280, "height": 900}, "device_scale_factor": 1}
FORMS: dict[str, dict[str, object]] = {
    "phone": {**PHONE, "color_scheme": "light"},
    "phone-dark": {**PHONE, "color_scheme": "dark"},
    "desktop": {**DESKTOP, "color_scheme": "light"},
    "desktop-dark": {**DESKTOP, "color_scheme": "dark"},
}
# Right to left, in a language that is written so.
RTL_FORM = "phone-rtl"
RTL: dict[str, object] = {**PHONE, "color_scheme": "light", "locale": "ar"}


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages of one role by name; in a path stand the numbers that the running demo has (see facts_of)."""

    login: str  # how the login is called in the demo's greeting; empty: nobody is signed in
    paths: dict[str, str]
    rtl: tuple[str, ...] = ()


OPEN = (
    Pages(
        "",
        {
            "home-guest": "/",
            "round-guest": "{round}",
            "login": "/login/",
            "signup": "/signup/",
            "places": "/places/?q=rua",
            "join-group": "{invitation}",
            "join-hub": "{hub_join}",
            "widget": "/widget{round}",
            "nowhere": "/nowhere/",
        },
        rtl=("home-guest", "login"),
    ),
    Pages(
        "household 1",
        {
            "home": "/",
            "round": "{round}",
            "round-found": "{round}?q=tomatos",
            "round-nothing": "{round}?q=zzzz",
            "round-filters": "{round}?category=vegetables&diet=vegan",
            "round-helping": "{round}?help=1",
            "product": "{round}goods/{offer}/",
            "basket": "{round}basket/",
            "changes": "{round}changes/",
            "usual": "{round}usual/",
            "reservation-open": "{round}reservation/",
            "reservation-past": "{past}reservation/",
            "problem": "{past}reservation/problem/",
            "claim": "/claims/{claim}/",
            "reservations": "/me/reservations/",
            "me": "/me/",
            "household": "/me/household/",
            "standing": "/me/standing/",
            "wishes": "/me/wishes/",
            "shares": "/me/shares/",
            "data": "/me/data/",
            "security": "/me/security/",
            "notices": "/me/notices/",
            "inbox": "/inbox/",
            "threads": "/threads/",
            "thread": "/threads/{thread}/",
            "groups": "/groups/",
            "group": "/groups/{group}/",
            "group-round": "/groups/{group}{round}",
            "shifts": "/shifts/",
            "gallery": "/gallery/",
        },
        rtl=("home", "round", "basket", "reservation-past", "me", "group", "inbox", "gallery"),
    ),
    Pages("household 2", {"round-presets": "{round}"}),
    Pages(
        "host of",
        {"group-host": "/groups/{group}/", "group-edit": "/groups/{group}/edit/", "group-start": "/groups/start/"},
    ),
    Pages(
        "host at",
        {
            "board": "/hosting/",
            "point": "/hosting/points/{point}/",
            "hand-out-coming": "/hosting/handovers/{handover}/",
            "host-shifts": "/hosting/handovers/{shifts}/shifts/",
        },
        rtl=("board", "hand-out-coming"),
    ),
    # Somebody who has done nothing yet: the states in which nothing is there.
    Pages(
        "analyst",
        {
            "empty-reservations": "/me/reservations/",
            "empty-groups": "/groups/",
            "empty-inbox": "/inbox/",
            "empty-threads": "/threads/",
            "empty-standing": "/me/standing/",
            "empty-wishes": "/me/wishes/",
            "empty-basket": "{round}basket/",
            "empty-usual": "{round}usual/",
        },
    ),
    Pages("merchant", {"desk": "/desk/", "desk-products": "/desk/marketplace/product/"}),
    Pages("coordinator of the hub", {"hub": "/hub/", "hub-windows": "/hub/marketplace/orderingwindow/"}),
)
CLOSED = (
    Pages(
        "household 1",
        {"home-late": "/", "closed": "{round}", "basket-late": "{round}basket/", "outcome": "{round}reservation/"},
        rtl=("outcome",),
    ),
    Pages("host at", {"hand-out": "/hosting/handovers/{handover}/"}),
    Pages("merchant", {"desk-late": "/desk/", "desk-orders": "/desk/marketplace/purchaseorder/"}),
    Pages("coordinator of the hub", {"hub-late": "/hub/"}),
)
# The pictures that README and docs/roles show: name here, file there.
IN_THE_DOCS = {
    "home-phone": "home-phone",
    "round-phone": "round-phone",
    "round-desktop": "round-desktop",
    "round-phone-dark": "round-phone-dark",
    "basket-phone": "basket-phone",
    "outcome-phone": "outcome-phone",
    "reservation-past-phone": "reservation-past-phone",
    "usual-phone": "usual-phone",
    "group-phone": "group-phone",
    "join-group-phone": "join-group-phone",
    "board-phone": "board-phone",
    "hand-out-phone": "hand-out-phone",
    "desk-desktop": "merchant-desktop",
    "hub-desktop": "desk-desktop",
}
