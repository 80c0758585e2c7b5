"""The pages that anybody may browse: the rounds, one round's offers, and its figures as they change."""

import uuid
from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import parse_etags, quote_etag
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from marketplace.access import round_for
from marketplace.errors import NotFound
from marketplace.queries import places, round_lists, shop, standings
from marketplace.views.choosing import asked_for
from marketplace.views.home_context import home_context
from marketplace.views.offer_context import offer_context
from marketplace.views.round_context import round_context

# A snapshot of a round is the same for everybody until a version moves; older ones fall out.
SNAPSHOT_SECONDS = 60


@require_safe
@cache_control(private=True, no_cache=True)
def home(request: HttpRequest) -> HttpResponse:
    """Rounds open now, nearest first, coming rounds, and closed ones of one's own."""
    found = round_lists.home(request.user, places.place_of(request.user, request.session))
    return render(request, "marketplace/home.html", home_context(found, request.user))


@require_safe
@cache_control(private=True, no_cache=True)
@vary_on_headers("Save-Data")
def round_page(request: HttpRequest, round_id: int) -> HttpResponse:
    """A round's offers as they were asked for; open or closed."""
    page = shop.round_page(request.user, round_id, asked_for(request.GET))
    query = request.GET.urlencode()
    back = reverse("round", args=[round_id]) + (f"?{query}" if query else "")
    context = round_context(page, request.user, back=back, request_key=uuid.uuid4().hex)
    return render(request, "marketplace/round.html", context)


@require_safe
@cache_control(private=True, no_cache=True)
def offer(request: HttpRequest, round_id: int, offer_id: int) -> HttpResponse:
    """One offer with all that is known of it; open to everybody, to be passed on."""
    round_ = round_for(request.user, round_id)
    row = shop.offer_row(request.user, round_id, offer_id)
    if row is None:
        raise NotFound(kind="offer", id=offer_id)
    return render(request, "marketplace/goods.html", offer_context(row, round_, request.user))


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
