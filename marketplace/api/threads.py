"""Questions about a reservation, one of its lines or a line of a purchase order, and their answers."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import clock
from marketplace.actions.threads.read import read
from marketplace.actions.threads.settle import settle
from marketplace.actions.threads.write import ask, write
from marketplace.api.asking import IdField, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, asked, sent
from marketplace.api.fields import CodeField
from marketplace.api.headers import request_key
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import KeyPages, page, page_of
from marketplace.api.schema import REQUEST_KEY
from marketplace.api.values import instant, instant_or_none
from marketplace.models import Message, Thread, User
from marketplace.queries.threads import (
    Seat,
    about_order_line,
    about_reservation,
    messages_for,
    own_threads,
    seat_for,
)
from marketplace.rules.threads import LONGEST, Side, ThreadState
from marketplace.thread_words import side_words, thread_card

THREAD_ID = path_id("thread_id")


class SideQuery(Body):
    """As which side one reads; by default one's first, the own household's before others."""

    side = CodeField("ThreadSide", Side, required=False)


class ThreadsQuery(SideQuery):
    side = CodeField("ThreadSide", Side, required=False, default=Side.HOUSEHOLD.value)
    cursor = serializers.RegexField(r"^[1-9][0-9]{0,17}$", required=False)


class MessageBody(Body):
    """`asked`: who should answer; null where it answers. A household that asks nobody asks the hub."""

    text = serializers.CharField(max_length=LONGEST)
    asked = CodeField("ThreadSide", Side, required=False, allow_null=True, default=None)


class FirstMessageBody(MessageBody):
    """About a reservation, about the line of an `offer_id` in it, or about a line of a purchase order."""

    reservation_id = IdField(required=False)
    offer_id = IdField(required=False, allow_null=True, default=None)
    order_line_id = IdField(required=False)

    def validate(self, attrs: Json) -> Json:
        if ("reservation_id" in attrs) == ("order_line_id" in attrs):
            sentence = _("Name a reservation or a line of a purchase order.")
            raise serializers.ValidationError({"reservation_id": [sentence]})
        return attrs


class ThreadSerializer(serializers.Serializer[Any]):
    """A thread as one reads it on a `side`. `waiting_for` has not answered since `waiting_since`."""

    id = serializers.IntegerField()
    side = CodeField("ThreadSide", Side)
    title = serializers.CharField()
    state = CodeField("ThreadState", ThreadState)
    waiting_for = CodeField("ThreadSide", Side, allow_null=True)
    waiting_since = serializers.DateTimeField(allow_null=True)
    waits_for_me = serializers.BooleanField()
    hub_name = serializers.CharField()
    reservation_id = serializers.IntegerField(allow_null=True)
    round_id = serializers.IntegerField(allow_null=True)
    offer_id = serializers.IntegerField(allow_null=True)
    order_line_id = serializers.IntegerField(allow_null=True)
    opened_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()


class MessageSerializer(serializers.Serializer[Any]):
    """`who` as the reader may know it: merchants read numbers, not names. An empty text was forgotten by its writer."""

    id = serializers.IntegerField()
    side = CodeField("ThreadSide", Side)
    who = serializers.CharField()
    mine = serializers.BooleanField()
    text = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class WrittenSerializer(serializers.Serializer[Any]):
    thread = ThreadSerializer()
    message = MessageSerializer()


def _thread_json(thread: Thread, side: Side) -> Json:
    card = thread_card(thread, side, clock.now())
    return {
        "id": thread.pk,
        "side": side.value,
        "title": card.title,
        "state": thread.state,
        "waiting_for": thread.waiting_for or None,
        "waiting_since": instant_or_none(thread.waiting_since),
        "waits_for_me": card.waits_for_me,
        "hub_name": thread.hub.name,
        "reservation_id": thread.reservation_id,
        "round_id": thread.reservation.round_id if thread.reservation else None,
        "offer_id": thread.offer_id,
        "order_line_id": thread.order_line_id,
        "opened_at": instant(thread.opened_at),
        "last_at": instant(thread.last_at),
    }


def _message_json(message: Message, seat: Seat, user: User) -> Json:
    return {
        "id": message.pk,
        "side": message.side,
        "who": side_words(seat.thread, Side(message.side), seat.side),
        "mine": message.by_id == user.pk and message.side == seat.side.value,
        "text": message.text,
        "at": instant(message.at),
    }


def _seat(request: Request, thread_id: int) -> Seat:
    """The thread as the person reads it on the side that ?side= names. What else the query says is not its affair."""
    named = {"side": request.query_params["side"]} if "side" in request.query_params else {}
    reading = SideQuery(data=named)
    reading.is_valid(raise_exception=True)
    return seat_for(actor(request), thread_id, clock.now(), _side(reading.validated_data.get("side")))


def _written(request: Request, thread_id: int, message: Message, side: Side) -> Response:
    user = actor(request)
    seat = seat_for(user, thread_id, clock.now(), side)
    told = {"thread": _thread_json(seat.thread, side), "message": _message_json(message, seat, user)}
    return Response(told, status=status.HTTP_201_CREATED)


class Threads(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="threads_list", tags=["messages"], parameters=[ThreadsQuery], responses=page_of(ThreadSerializer)
    )
    def get(self, request: Request) -> Response:
        """One's threads on a side, the last written first."""
        query = asked(request, ThreadsQuery)
        side, after = Side(query["side"]), query.get("cursor")
        found = own_threads(actor(request), side, clock.now(), after=int(after) if after else None)
        return Response(page(request, (_thread_json(one, side) for one in found.threads), found.following))

    @extend_schema(
        operation_id="thread_open",
        tags=["messages"],
        parameters=[REQUEST_KEY],
        request=FirstMessageBody,
        responses={201: WrittenSerializer},
    )
    def post(self, request: Request) -> Response:
        """Ask about something; where there is a thread about it already the message goes there."""
        user, key, wanted = actor(request), request_key(request), sent(request, FirstMessageBody)
        if "order_line_id" in wanted:
            about, side = about_order_line(user, wanted["order_line_id"])
        else:
            about, side = about_reservation(user, wanted["reservation_id"], wanted["offer_id"], clock.now())
        whom = _side(wanted["asked"])
        message = ask(about=about, side=side, text=wanted["text"], asked=whom, request_key=key, by=user)
        return _written(request, message.thread_id, message, side)


class OneThread(MarketView):
    @extend_schema(
        operation_id="threads_get", tags=["messages"], parameters=[THREAD_ID, SideQuery], responses=ThreadSerializer
    )
    def get(self, request: Request, thread_id: int) -> Response:
        """A thread."""
        seat = _seat(request, thread_id)
        return Response(_thread_json(seat.thread, seat.side))


class Messages(MarketView, GenericAPIView[Message]):
    queryset = Message.objects.none()
    serializer_class = MessageSerializer
    pagination_class = KeyPages
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="messages_list",
        tags=["messages"],
        parameters=[THREAD_ID, SideQuery],
        responses=MessageSerializer(many=True),
    )
    def get(self, request: Request, thread_id: int) -> Response:
        """The messages of a thread that one's side may read, oldest first."""
        seat = _seat(request, thread_id)
        mine = self.paginate_queryset(messages_for(seat)) or []
        user = actor(request)
        return self.get_paginated_response([_message_json(one, seat, user) for one in mine])

    @extend_schema(
        operation_id="message_write",
        tags=["messages"],
        parameters=[THREAD_ID, SideQuery, REQUEST_KEY],
        request=MessageBody,
        responses={201: WrittenSerializer},
    )
    def post(self, request: Request, thread_id: int) -> Response:
        """Write into a thread. The same key again gives the same message."""
        user, key, wanted = actor(request), request_key(request), sent(request, MessageBody)
        seat = _seat(request, thread_id)
        whom = _side(wanted["asked"])
        message = write(seat=seat, text=wanted["text"], asked=whom, request_key=key, by=user)
        return _written(request, thread_id, message, seat.side)


def _side(named: str | None) -> Side | None:
    return Side(named) if named else None


class ReadThread(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="thread_read",
        tags=["messages"],
        parameters=[THREAD_ID, SideQuery],
        request=None,
        responses={204: None},
    )
    def post(self, request: Request, thread_id: int) -> Response:
        """Mark it as read, with its notices."""
        read(seat=_seat(request, thread_id), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class SettleThread(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="thread_settle",
        tags=["messages"],
        parameters=[THREAD_ID, SideQuery],
        request=None,
        responses={200: ThreadSerializer},
    )
    def post(self, request: Request, thread_id: int) -> Response:
        """The question is settled: nobody is waited for any more. The next message opens it again."""
        seat = _seat(request, thread_id)
        settle(seat=seat, by=actor(request))
        again = seat_for(actor(request), thread_id, clock.now(), seat.side)
        return Response(_thread_json(again.thread, again.side))
