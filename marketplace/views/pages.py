"""The pages that anybody may browse: the rounds, one round's offers, and its figures as they change."""

import uuid
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import parse_etags, quote_etag, urlencode
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from marketplace.access import round_for
from marketplace.queries import round_lists, shop, standings
from marketplace.views.round_context import home_context, round_context

# A snapshot of a round is the same for everybody until a version moves; older ones fall out.
SNAPSHOT_SECONDS = 60


@require_safe
@cache_control(private=True, no_cache=True)
def home(request: HttpRequest) -> HttpResponse:
    """Rounds open now, coming rounds, and closed ones of one's own."""
    return render(request, "marketplace/home.html", home_context(round_lists.home(request.user)))


@require_safe
@cache_control(private=True, no_cache=True)
def round_page(request: HttpRequest, round_id: int) -> HttpResponse:
    """A round's offers, window by window; open or closed."""
    category = request.GET.get("category", "")[:50].replace("\0", "")  # PostgreSQL knows no such character
    after = request.GET.get("after", "")
    page = shop.round_page(
        request.user, round_id, category=category, after=int(after) if after.isdecimal() and len(after) < 18 else None
    )
    query = urlencode({key: value for key, value in (("category", category), ("after", after)) if value})
    back = reverse("round", args=[round_id]) + (f"?{query}" if query else "")
    context = round_context(page, request.user, category=category, back=back, request_key=uuid.uuid4().hex)
    return render(request, "marketplace/round.html", context)


@require_safe
@cache_control(public=True, no_cache=True)
def live(request: HttpRequest, round_id: int) -> HttpResponse:
    """A round's public figures (queries.standings.live_round), with an ETag that all its readers share.

    Asked for when a socket missed something; two queries where nothing changed.
    """
    round_for(request.user, round_id)
    windows = standings.round_versions(round_id)["windows"]
    etag = quote_etag(sha256(repr((round_id, windows)).encode()).hexdigest()[:24])
    # Compression makes an ETag a weak one on its way out; the snapshot behind it is the same.
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if etag in [tag.removeprefix("W/") for tag in known]:
        return HttpResponseNotModified(headers={"ETag": etag})
    found = cache.get_or_set(f"live:{etag}", lambda: standings.live_round(round_id), SNAPSHOT_SECONDS)
    return JsonResponse(found, headers={"ETag": etag})
