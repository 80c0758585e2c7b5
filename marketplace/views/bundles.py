"""Styles and scripts of every page as one file each, named by what is in it and kept for ever by the browser."""

import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from marketplace.errors import NotFound
from marketplace.rules.bundling import bundle

# The styles that every page has; those of an area come beside it.
_STYLES = ("tokens", "base", "components", "pages")
_SCRIPTS = ("main", "app")
_ADDRESS = re.compile(r'url\("\.\./([^"]+)"\)')
_KINDS = {"css": "text/css", "js": "text/javascript"}


def address_of(name: str, extension: str) -> str:
    """The address of a bundle as it is now."""
    digest = sha256(_content(name, extension, stamp())).hexdigest()[:16]
    return reverse("bundle", args=[digest, name, extension])


def stamp() -> int:
    """What changes when a file does, while one works on them; in production files stay as they are."""
    if not settings.DEBUG:
        return 0
    folders = (Path(folder) / kind for folder in settings.STATICFILES_DIRS for kind in ("css", "js"))
    return max(file.stat().st_mtime_ns for folder in folders for file in folder.glob("*.*"))


@lru_cache(maxsize=8)
def _content(name: str, extension: str, stamp: int) -> bytes:
    if extension == "css" and name == "site":
        return _ADDRESS.sub(_absolute, "".join(_source(f"css/{part}.css") for part in _STYLES)).encode()
    if extension == "js" and name in _SCRIPTS:
        return bundle(name, lambda module: _source(f"js/{module}.js")).encode()
    raise NotFound(kind="bundle", id=name)


def _absolute(found: re.Match[str]) -> str:
    return f'url("{static(found[1])}")'


def _source(path: str) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        raise NotFound(kind="file", id=path)
    return Path(found).read_text(encoding="utf-8")


@require_safe
def serve(request: HttpRequest, digest: str, name: str, extension: str) -> HttpResponse:
    """A bundle. One that a page of another release asks for is answered with ours, and not kept."""
    content = _content(name, extension, stamp())
    newest = sha256(content).hexdigest()[:16] == digest
    lasting = "public, max-age=31536000, immutable" if newest else "no-cache"
    headers = {"Cache-Control": lasting, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=f"{_KINDS[extension]}; charset=utf-8", headers=headers)
