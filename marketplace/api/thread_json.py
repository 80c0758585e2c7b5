"""Threads and messages in the API's words, as one side reads them."""

from typing import Any

from rest_framework import serializers

from marketplace import clock
from marketplace.api.bodies import Json
from marketplace.api.fields import CodeField
from marketplace.api.values import instant, instant_or_none
from marketplace.models import Message, Thread, User
from marketplace.queries.threads import (
    Seat,
)
from marketplace.rules.threads import Side, ThreadState
from marketplace.thread_words import side_words, thread_card


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


def thread_json(thread: Thread, side: Side) -> Json:
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


def message_json(message: Message, seat: Seat, user: User) -> Json:
    return {
        "id": message.pk,
        "side": message.side,
        "who": side_words(seat.thread, Side(message.side), seat.side),
        "mine": message.by_id == user.pk and message.side == seat.side.value,
        "text": message.text,
        "at": instant(message.at),
    }
