"""Questions about a reservation, one of its lines or a line of a purchase order, and their answers."""

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
from marketplace.api.paging import KeyPages, page, page_of
from marketplace.api.schema import REQUEST_KEY
from marketplace.api.thread_json import (
    MessageSerializer,
    ThreadSerializer,
    WrittenSerializer,
    message_json,
    thread_json,
)
from marketplace.models import Message
from marketplace.queries.threads import (
    Seat,
    about_order_line,
    about_reservation,
    messages_for,
    own_threads,
    seat_for,
)
from marketplace.rules.threads import LONGEST, Side

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


def side_named(named: str | None) -> Side | None:
    return Side(named) if named else None


def _seat(request: Request, thread_id: int) -> Seat:
    """The thread as the person reads it on the side that ?side= names. What else the query says is not its affair."""
    named = {"side": request.query_params["side"]} if "side" in request.query_params else {}
    reading = SideQuery(data=named)
    reading.is_valid(raise_exception=True)
    return seat_for(actor(request), thread_id, clock.now(), side_named(reading.validated_data.get("side")))


def _written(request: Request, thread_id: int, message: Message, side: Side) -> Response:
    user = actor(request)
    seat = seat_for(user, thread_id, clock.now(), side)
    told = {"thread": thread_json(seat.thread, side), "message": message_json(message, seat, user)}
    return Response(told, status=status.HTTP_201_CREATED)


class Threads(MarketView):
    @extend_schema(
        operation_id="threads_list", tags=["messages"], parameters=[ThreadsQuery], responses=page_of(ThreadSerializer)
    )
    def get(self, request: Request) -> Response:
        """One's threads on a side, the last written first."""
        query = asked(request, ThreadsQuery)
        side, after = Side(query["side"]), query.get("cursor")
        found = own_threads(actor(request), side, clock.now(), after=int(after) if after else None)
        return Response(page(request, (thread_json(one, side) for one in found.threads), found.following))

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
        whom = side_named(wanted["asked"])
        message = ask(about=about, side=side, text=wanted["text"], asked=whom, request_key=key, by=user)
        return _written(request, message.thread_id, message, side)


class OneThread(MarketView):
    @extend_schema(
        operation_id="threads_get", tags=["messages"], parameters=[THREAD_ID, SideQuery], responses=ThreadSerializer
    )
    def get(self, request: Request, thread_id: int) -> Response:
        """A thread."""
        seat = _seat(request, thread_id)
        return Response(thread_json(seat.thread, seat.side))


class Messages(MarketView, GenericAPIView[Message]):
    queryset = Message.objects.none()
    serializer_class = MessageSerializer
    pagination_class = KeyPages

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
        return self.get_paginated_response([message_json(one, seat, user) for one in mine])

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
        whom = side_named(wanted["asked"])
        message = write(seat=seat, text=wanted["text"], asked=whom, request_key=key, by=user)
        return _written(request, thread_id, message, seat.side)


class ReadThread(MarketView):
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
        return Response(thread_json(again.thread, again.side))
