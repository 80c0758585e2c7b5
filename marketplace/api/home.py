"""Where one is looking from, and the rounds that suit it: near a place, or near one's own pickup point."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.places.choose_place import choose_place
from marketplace.api.asking import IdField
from marketplace.api.base import MarketView, PublicView, actor
from marketplace.api.bodies import Body, asked, sent
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import page, page_of
from marketplace.api.rounds import HandoverSerializer, RoundSerializer, handover_json, round_json
from marketplace.errors import NotFound
from marketplace.models import Household, PickupPoint, User
from marketplace.queries import places
from marketplace.queries.announced import AnnouncedRound, with_merchants
from marketplace.queries.places import Place, PointNearby
from marketplace.queries.round_lists import Home, RoundSummary, home
from marketplace.rules.distance import Point, metres_between

Json = dict[str, Any]


def _degrees(most: int) -> serializers.FloatField:
    return serializers.FloatField(min_value=-most, max_value=most, required=False)


class PlaceQuery(Body):
    """A point on Earth in WGS 84 degrees, or a pickup point; without both, the own household's place."""

    latitude = _degrees(90)
    longitude = _degrees(180)
    pickup_point = IdField(required=False)

    def validate(self, attrs: Json) -> Json:
        for name, other in (("latitude", "longitude"), ("longitude", "latitude")):
            if name not in attrs and other in attrs:
                raise serializers.ValidationError({name: [_("Give latitude and longitude, or neither.")]})
        return attrs


class StreetQuery(PlaceQuery):
    """The beginning of a street's name; typing errors are forgiven. With a place the nearest come first."""

    q = serializers.CharField(max_length=80)


class OwnPlaceBody(Body):
    """One of: a street, a pickup point, or a point with words for it."""

    street_id = IdField(required=False)
    pickup_point_id = IdField(required=False)
    latitude = _degrees(90)
    longitude = _degrees(180)
    words = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)

    def validate(self, attrs: Json) -> Json:
        ways = ("street_id" in attrs, "pickup_point_id" in attrs, "latitude" in attrs and "longitude" in attrs)
        if sum(ways) != 1 or ("latitude" in attrs) != ("longitude" in attrs):
            raise serializers.ValidationError(_("Give a street, a pickup point, or latitude and longitude."))
        return attrs


class PlaceSerializer(serializers.Serializer[Any]):
    """Where rounds are looked for from; all null where nothing is known."""

    words = serializers.CharField(allow_blank=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    pickup_point_id = serializers.IntegerField(allow_null=True)


class HomeRoundSerializer(RoundSerializer):
    """A round with the handover that suits the place best. `metres` as the crow flies, null where one place is not
    known; `at_own_point`: it is handed over at the chosen pickup point; `reserved_lines` of the own household."""

    handover = HandoverSerializer(allow_null=True)
    metres = serializers.IntegerField(allow_null=True)
    at_own_point = serializers.BooleanField()
    reserved_lines = serializers.IntegerField()


class HomeSerializer(serializers.Serializer[Any]):
    """`soon` closes within three hours, first ones first; `open` nearest first; `coming` is announced; `mine` has
    closed with reservations of the own household. `reminded_windows`: of whose opening one asked to be told."""

    place = PlaceSerializer()
    soon = HomeRoundSerializer(many=True)
    open = HomeRoundSerializer(many=True)
    coming = HomeRoundSerializer(many=True)
    mine = HomeRoundSerializer(many=True)
    reminded_windows = serializers.ListField(child=serializers.IntegerField())


class NearbyPointSerializer(serializers.Serializer[Any]):
    """A pickup point in use; its address is told to those who are signed in."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    hub_id = serializers.IntegerField()
    hub_name = serializers.CharField()
    address = serializers.CharField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    metres = serializers.IntegerField(allow_null=True)


class StreetSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    postcode = serializers.CharField(allow_blank=True)
    town = serializers.CharField(allow_blank=True)
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    metres = serializers.IntegerField(allow_null=True)


def _place(request: Request, given: Json) -> Place:
    """The place that was named, else the own one. Raises NotFound for a pickup point that is none."""
    if "latitude" in given:
        return Place("", Point(given["latitude"], given["longitude"]), given.get("pickup_point"))
    if "pickup_point" in given:
        return places.place_of_household(Household(preferred_point=_point(given["pickup_point"])))
    return places.place_of(request.user, {})


def _point(point_id: int) -> PickupPoint:
    found = places.public_point(point_id)
    if found is None:
        raise NotFound(kind="pickup_point", id=point_id)
    return found


def _place_json(place: Place) -> Json:
    latitude, longitude = place.point or (None, None)
    return {
        "words": place.words,
        "latitude": latitude,
        "longitude": longitude,
        "pickup_point_id": place.pickup_point_id,
    }


def _rounded(metres: float | None) -> int | None:
    return None if metres is None else round(metres)


def _summary_json(summary: RoundSummary, found: Home, *, told: bool) -> Json:
    return {
        **round_json(AnnouncedRound(summary.round, summary.windows, found.now)),
        "handover": summary.handover and handover_json(summary.handover, told=told),
        "metres": _rounded(summary.metres),
        "at_own_point": summary.preferred,
        "reserved_lines": summary.lines,
    }


class HomeRounds(PublicView):
    @extend_schema(operation_id="home", tags=["finding"], parameters=[PlaceQuery], responses=HomeSerializer)
    def get(self, request: Request) -> Response:
        """Rounds near a place: open, coming, and one's own."""
        found = home(request.user, _place(request, asked(request, PlaceQuery)))
        with_merchants(
            w for part in (found.soon, found.open, found.coming, found.mine) for s in part for w in s.windows
        )
        told = isinstance(request.user, User)
        lists = {"soon": found.soon, "open": found.open, "coming": found.coming, "mine": found.mine}
        return Response(
            {
                "place": _place_json(found.place),
                **{name: [_summary_json(s, found, told=told) for s in part] for name, part in lists.items()},
                "reminded_windows": sorted(found.reminded),
            }
        )


class PickupPoints(PublicView):
    @extend_schema(
        operation_id="pickup_points_list",
        tags=["finding"],
        parameters=[PlaceQuery],
        responses=page_of(NearbyPointSerializer),
    )
    def get(self, request: Request) -> Response:
        """Pickup points in use, nearest first; at most 500."""
        told = isinstance(request.user, User)
        found = places.points_nearby(_place(request, asked(request, PlaceQuery)))
        return Response(page(request, (_nearby_json(one, told=told) for one in found)))


def _nearby_json(found: PointNearby, *, told: bool) -> Json:
    point = found.point
    return {
        "id": point.pk,
        "name": point.name,
        "hub_id": point.hub_id,
        "hub_name": point.hub.name,
        "address": point.address if told else None,
        "latitude": point.latitude,
        "longitude": point.longitude,
        "metres": _rounded(found.metres),
    }


class Streets(PublicView):
    @extend_schema(
        operation_id="streets_list", tags=["finding"], parameters=[StreetQuery], responses=page_of(StreetSerializer)
    )
    def get(self, request: Request) -> Response:
        """Streets by name, at most twelve."""
        query = asked(request, StreetQuery)
        here = _place(request, query).point
        found = places.streets_named(query["q"], here)
        return Response(
            page(
                request,
                (
                    {
                        "id": street.pk,
                        "name": street.name,
                        "postcode": street.postcode,
                        "town": street.town,
                        "latitude": street.latitude,
                        "longitude": street.longitude,
                        "metres": here and _rounded(metres_between(here, Point(street.latitude, street.longitude))),
                    }
                    for street in found
                ),
            )
        )


class OwnPlace(MarketView):
    """The place of the own household, from which it looks for rounds."""

    throttle_classes = [WritesPerUser]

    @extend_schema(operation_id="own_place", tags=["finding"], responses=PlaceSerializer)
    def get(self, request: Request) -> Response:
        """The own household's place."""
        return Response(_place_json(places.place_of(actor(request), {})))

    @extend_schema(
        operation_id="own_place_set", tags=["finding"], request=OwnPlaceBody, responses={200: PlaceSerializer}
    )
    def put(self, request: Request) -> Response:
        """Keep a street, a pickup point, or a point on Earth."""
        wanted = sent(request, OwnPlaceBody)
        words, point, pickup_point = wanted["words"], None, None
        if "street_id" in wanted:
            street = places.street(wanted["street_id"])
            if street is None:
                raise NotFound(kind="street", id=wanted["street_id"])
            words, point = str(street), Point(street.latitude, street.longitude)
        elif "pickup_point_id" in wanted:
            pickup_point = _point(wanted["pickup_point_id"])
        else:
            point = Point(wanted["latitude"], wanted["longitude"])
        household = choose_place(words=words, point=point, pickup_point=pickup_point, by=actor(request))
        return Response(_place_json(places.place_of_household(household)))

    @extend_schema(operation_id="own_place_forget", tags=["finding"], request=None, responses={200: PlaceSerializer})
    def delete(self, request: Request) -> Response:
        """Forget the place."""
        return Response(_place_json(places.place_of_household(choose_place(by=actor(request)))))
