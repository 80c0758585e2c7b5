"""Pictures of products, by an address that never shows another one."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from marketplace.errors import NotFound
from marketplace.queries.pictures import rendition
from marketplace.rules.pictures import FORMATS

_FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def picture(request: HttpRequest, digest: str, size: int, extension: str) -> HttpResponse:
    """A rendition of a product's picture; public, as the offers that show it are."""
    content = rendition(digest, size, extension)
    if content is None:
        raise NotFound(kind="picture", id=digest)
    headers = {"Cache-Control": _FOR_EVER, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=FORMATS[extension], headers=headers)
