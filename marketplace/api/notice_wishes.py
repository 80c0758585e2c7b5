"""A person's wishes about notices: which kinds by which ways, quiet hours, one mail a day, phones told by push."""

from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.notices.push_keys import public_key
from marketplace.actions.notices.subscribe_push import subscribe_push, unsubscribe_push
from marketplace.actions.notices.wishes import set_hours, set_wishes
from marketplace.api.asking import path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, sent
from marketplace.api.fields import CodeField
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import NewestFirst, page, page_of
from marketplace.api.values import instant
from marketplace.models import NoticeHours, PushSubscription, User
from marketplace.notice_forms import MOST_HOURS
from marketplace.notice_kinds import kind_name
from marketplace.queries.notices import home_zone, hours_kept, own_push, own_subscriptions, wishes_of
from marketplace.rules.notices import SENT_CHANNELS, Channel, NoticeKind


class WayBody(Body):
    kind = CodeField("NoticeKind", NoticeKind)
    email = serializers.BooleanField(required=False)
    push = serializers.BooleanField(required=False)


class WaysBody(Body):
    """The kinds that change, each with the ways that change; the inbox keeps everything."""

    ways = serializers.ListField(child=WayBody(), max_length=len(NoticeKind) * 2)


class NoticeWaySerializer(serializers.Serializer[Any]):
    kind = CodeField("NoticeKind", NoticeKind)
    name = serializers.CharField()
    email = serializers.BooleanField()
    push = serializers.BooleanField()


class HoursBody(Body):
    """Wall times like 22:00 of `time_zone`. Quiet hours have a beginning and an end, or neither; with `digest_at` one
    mail a day comes instead of single ones."""

    time_zone = serializers.CharField(max_length=64)
    quiet_from = serializers.TimeField(format="%H:%M", allow_null=True)
    quiet_until = serializers.TimeField(format="%H:%M", allow_null=True)
    digest_at = serializers.TimeField(format="%H:%M", allow_null=True)
    hours_before_close = serializers.IntegerField(min_value=1, max_value=MOST_HOURS)

    def validate_time_zone(self, value: str) -> str:
        if value not in available_timezones():
            raise serializers.ValidationError(_("Give the name of a zone, like Europe/Lisbon."))
        return value

    def validate(self, attrs: Json) -> Json:
        start, end = attrs["quiet_from"], attrs["quiet_until"]
        if (start is None) != (end is None):
            missing = "quiet_until" if end is None else "quiet_from"
            raise serializers.ValidationError(
                {missing: [_("Quiet hours have a beginning and an end. Leave both empty for none.")]}
            )
        if start is not None and start == end:
            sentence = _("Beginning and end are the same. Leave both empty for no quiet hours.")
            raise serializers.ValidationError({"quiet_until": [sentence]})
        return attrs


class HoursSerializer(serializers.Serializer[Any]):
    time_zone = serializers.CharField()
    quiet_from = serializers.CharField(allow_null=True)
    quiet_until = serializers.CharField(allow_null=True)
    digest_at = serializers.CharField(allow_null=True)
    hours_before_close = serializers.IntegerField()


class PushKeysBody(Body):
    p256dh = serializers.CharField(max_length=120)
    auth = serializers.CharField(max_length=40)


class PushBody(Body):
    """What a browser's PushManager gives, as PushSubscription.toJSON writes it."""

    endpoint = serializers.CharField(max_length=500)
    keys = PushKeysBody()
    expirationTime = serializers.FloatField(required=False, allow_null=True)
    device = serializers.CharField(max_length=120, required=False, default="", allow_blank=True)


class PushSubscriptionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    device = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class PushKeySerializer(serializers.Serializer[Any]):
    """The key that a browser subscribes with (applicationServerKey, base64url); empty where push is not set up."""

    public_key = serializers.CharField(allow_blank=True)


def _ways(user: User) -> list[Json]:
    wanted = wishes_of(user)
    return [
        {
            "kind": kind.value,
            "name": kind_name(kind),
            "email": wanted[kind, Channel.EMAIL],
            "push": wanted[kind, Channel.PUSH],
        }
        for kind in NoticeKind
    ]


class NoticeWays(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(operation_id="notice_ways_list", tags=["messages"], responses=page_of(NoticeWaySerializer))
    def get(self, request: Request) -> Response:
        """Each kind of notice with the ways by which it goes out."""
        return Response(page(request, _ways(actor(request))))

    @extend_schema(
        operation_id="notice_ways_set",
        tags=["messages"],
        request=WaysBody,
        responses={200: page_of(NoticeWaySerializer)},
    )
    def patch(self, request: Request) -> Response:
        """Switch kinds on or off; what is not named stays."""
        user = actor(request)
        wanted = {
            (NoticeKind(way["kind"]), channel): way[channel.value]
            for way in sent(request, WaysBody)["ways"]
            for channel in SENT_CHANNELS
            if channel.value in way
        }
        set_wishes(wanted=wanted, by=user)
        return Response(page(request, _ways(user)))


def _wall(at: time | None) -> str | None:
    return at.strftime("%H:%M") if at else None


def _hours_json(kept: NoticeHours | None, user: User) -> Json:
    known = kept or NoticeHours(user=user, time_zone=home_zone(user))
    return {
        "time_zone": known.time_zone,
        "quiet_from": _wall(known.quiet_from),
        "quiet_until": _wall(known.quiet_until),
        "digest_at": _wall(known.digest_at),
        "hours_before_close": known.hours_before_close,
    }


class Hours(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(operation_id="notice_hours_get", tags=["messages"], responses=HoursSerializer)
    def get(self, request: Request) -> Response:
        """When one may be disturbed."""
        user = actor(request)
        return Response(_hours_json(hours_kept(user), user))

    @extend_schema(
        operation_id="notice_hours_set", tags=["messages"], request=HoursBody, responses={200: HoursSerializer}
    )
    def put(self, request: Request) -> Response:
        """Say when one may be disturbed."""
        user = actor(request)
        return Response(_hours_json(set_hours(**sent(request, HoursBody), by=user), user))


class PushSubscriptions(MarketView, GenericAPIView[PushSubscription]):
    queryset = PushSubscription.objects.none()
    serializer_class = PushSubscriptionSerializer
    pagination_class = NewestFirst
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="push_subscriptions_list", tags=["messages"], responses=PushSubscriptionSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        """The browsers that are told by push."""
        mine = self.paginate_queryset(own_subscriptions(actor(request))) or []
        return self.get_paginated_response([_push_json(one) for one in mine])

    @extend_schema(
        operation_id="push_subscribe",
        tags=["messages"],
        request=PushBody,
        responses={201: PushSubscriptionSerializer},
    )
    def post(self, request: Request) -> Response:
        """Be told by push in this browser; the same one again changes nothing but its keys."""
        user, wanted = actor(request), sent(request, PushBody)
        device = wanted["device"] or request.headers.get("User-Agent", "")
        kept = subscribe_push(
            endpoint=wanted["endpoint"],
            p256dh=wanted["keys"]["p256dh"],
            auth=wanted["keys"]["auth"],
            device=device.replace("\0", ""),
            by=user,
        )
        return Response(_push_json(kept), status=status.HTTP_201_CREATED)


def _push_json(one: PushSubscription) -> Json:
    return {"id": one.pk, "device": one.device, "created_at": instant(one.created_at)}


class OnePushSubscription(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="push_unsubscribe",
        tags=["messages"],
        parameters=[path_id("subscription_id")],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, subscription_id: int) -> Response:
        """Be told there no longer."""
        user = actor(request)
        unsubscribe_push(endpoint=own_push(user, subscription_id).endpoint, by=user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PushKey(MarketView):
    @extend_schema(operation_id="push_key_get", tags=["messages"], responses=PushKeySerializer)
    def get(self, request: Request) -> Response:
        """What a browser subscribes with."""
        actor(request)
        return Response({"public_key": public_key()})
