"""Where one is looking from: pickup points, streets by name, the device's own place on a tap, a pin on a map."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace.actions.places.choose_place import choose_place
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import Household, PickupPoint, User
from marketplace.queries import places
from marketplace.queries.places import Place
from marketplace.rules.distance import Point, is_on_earth, metres_between
from marketplace.views.distances import distance_words
from marketplace.views.middleware import PAGES_POLICY

LONGEST_SEARCH = 80


@require_safe
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """The page to choose a place on."""
    return _page(request, request.GET.get("q", ""))


def _page(request: HttpRequest, typed: str, problem: str = "", status: int = 200) -> HttpResponse:
    typed = typed[:LONGEST_SEARCH].replace("\0", "").strip()
    place = places.place_of(request.user, request.session)
    nearby = places.points_nearby(place)
    context = {
        "place": place,
        "typed": typed,
        "problem": problem,
        "streets": [_street_view(s, place) for s in places.streets_named(typed, place.point)] if typed else [],
        "points": [_point_view(found, place) for found in nearby],
        "map": _map(place, nearby) if settings.TILES_URL else None,
        "place_words": {
            "refused": _(
                "Your device did not tell where it is. Search for your street instead, or take a pickup point."
            ),
            "asking": _("Asking your device"),
        },
    }
    page = render(request, "marketplace/places/choose.html", context, status=status)
    if context["map"]:
        page.headers["Content-Security-Policy"] = PAGES_POLICY.replace("img-src", f"img-src {_tiles_origin()}")
    return page


def _tiles_origin() -> str:
    """Where tiles come from, as a source that a page may load pictures from."""
    parts = urlsplit(settings.TILES_URL)
    return f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"


def _street_view(street: Any, place: Place) -> dict[str, object]:
    far = metres_between(place.point, Point(street.latitude, street.longitude)) if place.point else None
    town = " ".join(filter(None, (street.postcode, street.town)))
    return {"id": street.pk, "name": street.name, "town": town, "far": "" if far is None else distance_words(far)}


def _point_view(found: places.PointNearby, place: Place) -> dict[str, object]:
    point = found.point
    return {
        "id": point.pk,
        "name": point.name,
        "hub": point.hub.name,
        "address": point.address,
        "far": "" if found.metres is None else distance_words(found.metres),
        "chosen": point.pk == place.pickup_point_id,
    }


def _map(place: Place, nearby: list[places.PointNearby]) -> dict[str, object]:
    """What the map's script draws: tiles, the own pin, the pickup points that have a place."""
    there = [found.point for found in nearby if found.point.latitude is not None]
    return {
        "tiles": settings.TILES_URL,
        "attribution": settings.TILES_ATTRIBUTION,
        "pin": list(place.point) if place.point else None,
        "points": [[point.latitude, point.longitude, point.name] for point in there],
    }


@require_POST
@never_cache
def take(request: HttpRequest) -> HttpResponse:
    """Keeps a street, a pickup point, or a point on Earth; a visitor's for the session, a member's for good."""
    sent = request.POST
    if "forget" in sent:
        _keep(request, Place(), None)
        return redirect("places")
    try:
        place, pickup_point = _place_sent(sent.get("street", ""), sent.get("point", ""), sent)
    except InvalidInput as error:
        return _page(request, sent.get("q", ""), error.facts["problems"][0]["problem"], 422)
    _keep(request, place, pickup_point)
    messages.success(request, _("Rounds are shown from here: %(place)s.") % {"place": place.words})
    return redirect("home")


def _place_sent(street_id: str, point_id: str, sent: Any) -> tuple[Place, PickupPoint | None]:
    """What a form chose. Raises InvalidInput where it chose nothing, NotFound for what is not there."""
    if street_id:
        street = places.street(_number(street_id))
        if street is None:
            raise NotFound(kind="street", id=street_id)
        return Place(str(street), Point(street.latitude, street.longitude)), None
    if point_id:
        pickup_point = places.public_point(_number(point_id))
        if pickup_point is None:
            raise NotFound(kind="pickup_point", id=point_id)
        household = Household(preferred_point=pickup_point)
        return places.place_of_household(household), pickup_point
    try:
        point = Point(float(sent.get("latitude", "")), float(sent.get("longitude", "")))
    except ValueError:
        point = Point(360, 360)
    if not is_on_earth(*point):
        raise InvalidInput(problems=[{"place": "", "problem": _("Choose a street or a pickup point from the lists.")}])
    return Place(_("the place that you showed"), point), None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


def _keep(request: HttpRequest, place: Place, pickup_point: PickupPoint | None) -> None:
    if isinstance(request.user, User):
        choose_place(words=place.words, point=place.point, pickup_point=pickup_point, by=request.user)
    elif place.is_known:
        latitude, longitude = place.point or (None, None)
        request.session[places.SESSION_KEY] = {
            "words": place.words,
            "latitude": latitude,
            "longitude": longitude,
            "pickup_point_id": place.pickup_point_id,
        }
    else:
        request.session.pop(places.SESSION_KEY, None)
