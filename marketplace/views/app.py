"""What makes the pages an app on a phone: its manifest, its worker, and the page that is shown without a network."""

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from marketplace.errors import NotFound
from marketplace.views import bundles

# The paper of static/css/tokens.css in the light: a manifest has no dark side of its own.
PAPER: Final = "#faf6ec"
# What the page without a network needs; and what those pages need that may be kept for use without one.
_LEAST: Final = ("icons/icons.svg", "icons/favicon.svg")
_MORE: Final = (
    "css/areas/after.css",
    "css/areas/groups.css",
    "css/areas/hosting.css",
    "js/after.js",
    "js/handout.js",
    "vendor/fraunces/1.000/fraunces-latin-wght-normal.woff2",
)
_WORKER: Final = ("worker", "push_worker")


@require_safe
@cache_control(private=True, max_age=3600)
def manifest(request: HttpRequest) -> HttpResponse:
    """The app's name, colours, icons and shortcuts in the reader's language."""
    told: dict[str, Any] = {
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "lang": get_language() or "en",
        "dir": "rtl" if get_language_bidi() else "ltr",
        "name": "Windrow",
        "short_name": "Windrow",
        "description": _("Neighbours order together: every round becomes one exact order to each merchant."),
        "categories": ["food", "shopping"],
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            _icon("icons/app-192.png", 192, "any"),
            _icon("icons/app-512.png", 512, "any"),
            _icon("icons/app-maskable-512.png", 512, "maskable"),
        ],
        "shortcuts": [
            {"name": _("Your reservations"), "url": reverse("reservations")},
            {"name": _("Your usual"), "url": reverse("usual_where")},
            {"name": _("What you hand out"), "url": reverse("board")},
        ],
    }
    answer = json.dumps(told, ensure_ascii=False)
    return HttpResponse(answer, content_type="application/manifest+json; charset=utf-8", headers={"Vary": "Cookie"})


@require_safe
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The worker of the whole site; its version is what is in it and in the files that it keeps."""
    least = [
        reverse("offline"),
        bundles.address_of("site", "css"),
        bundles.address_of("app", "js"),
        *_addresses(_LEAST),
    ]
    more = [bundles.address_of("main", "js"), *_addresses(_MORE)]
    body = "".join(_text(f"js/{name}.js") for name in _WORKER)
    version = sha256(json.dumps([least, more, body, _contents(bundles.stamp())]).encode()).hexdigest()[:16]
    head = f"const VERSION = {json.dumps(version)}, LEAST = {json.dumps(least)}, MORE = {json.dumps(more)};\n"
    return HttpResponse(head + body, content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(private=True, no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """Shown in the place of a page that cannot be fetched: names nobody, whoever asks for it."""
    return render(request, "marketplace/offline.html", {"user": AnonymousUser(), "anybody": True})


def _icon(path: str, size: int, purpose: str) -> dict[str, str]:
    return {"src": static(path), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _addresses(paths: tuple[str, ...]) -> list[str]:
    return [static(path) for path in paths]


@lru_cache(maxsize=2)
def _contents(stamp: int) -> str:
    """A digest of the files that the worker keeps; `stamp` moves when one of them does."""
    whole = sha256()
    for path in (*_LEAST, *_MORE):
        whole.update(_file(path).read_bytes())
    return whole.hexdigest()


def _text(path: str) -> str:
    return _file(path).read_text(encoding="utf-8")


def _file(path: str) -> Path:
    found = finders.find(path)
    if not isinstance(found, str):
        raise NotFound(kind="file", id=path)
    return Path(found)
