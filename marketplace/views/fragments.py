"""Who asks: a browser for a page, or the page's own script for a part of one."""

from django.http import HttpRequest


def is_fragment(request: HttpRequest) -> bool:
    """Whether a script asks, and takes a part of a page."""
    return request.headers.get("HX-Request") == "true"
