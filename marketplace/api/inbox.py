"""The inbox: what a person was told, in the reader's language."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import clock
from marketplace.actions.notices.wishes import mark_all_read, mark_read
from marketplace.api.asking import path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Json, asked
from marketplace.api.fields import CodeField
from marketplace.api.headers import ConditionalView
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import OwnCursor, page, page_of
from marketplace.api.schema import IF_NONE_MATCH, NOT_CHANGED
from marketplace.api.values import instant, instant_or_none
from marketplace.models import Notice
from marketplace.notice_words import notice_text
from marketplace.queries.notices import inbox, notice_for, unread_count
from marketplace.rules.notices import NoticeKind


class NoticeSerializer(serializers.Serializer[Any]):
    """`title` tells all in one line, `body` the rest, `action` names the link; `link` is a path of the site. `total`:
    an amount that is worth being read first, or empty."""

    id = serializers.IntegerField()
    kind = CodeField("NoticeKind", NoticeKind)
    title = serializers.CharField()
    body = serializers.CharField(allow_blank=True)
    action = serializers.CharField(allow_blank=True)
    total = serializers.CharField(allow_blank=True)
    link = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)


class UnreadSerializer(serializers.Serializer[Any]):
    unread = serializers.IntegerField()


def _json(notice: Notice) -> Json:
    text = notice_text(notice.kind, notice.facts, clock.now())
    return {
        "id": notice.pk,
        "kind": notice.kind,
        "title": text.title,
        "body": text.body,
        "action": text.action,
        "total": text.total,
        "link": notice.link,
        "created_at": instant(notice.created_at),
        "read_at": instant_or_none(notice.read_at),
    }


class Inbox(MarketView):
    @extend_schema(
        operation_id="inbox_list", tags=["messages"], parameters=[OwnCursor], responses=page_of(NoticeSerializer)
    )
    def get(self, request: Request) -> Response:
        """What one was told: unread first, then read, each newest first."""
        found = inbox(actor(request), before=asked(request, OwnCursor)["cursor"])
        return Response(page(request, (_json(notice) for notice in found.notices), found.following))


class Unread(ConditionalView):
    @extend_schema(
        operation_id="inbox_unread",
        tags=["messages"],
        parameters=[IF_NONE_MATCH],
        responses={200: UnreadSerializer, 304: NOT_CHANGED},
    )
    def get(self, request: Request) -> Response:
        """How many notices are unread."""
        return self.conditional(request, {"unread": unread_count(actor(request))})


class ReadAll(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(operation_id="inbox_read_all", tags=["messages"], request=None, responses={200: UnreadSerializer})
    def post(self, request: Request) -> Response:
        """Mark everything as read."""
        user = actor(request)
        mark_all_read(by=user)
        return Response({"unread": unread_count(user)})


class ReadOne(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="inbox_read",
        tags=["messages"],
        parameters=[path_id("notice_id")],
        request=None,
        responses={200: NoticeSerializer},
    )
    def post(self, request: Request, notice_id: int) -> Response:
        """Mark one notice as read."""
        user = actor(request)
        mark_read(notice_id=notice_id, by=user)
        return Response(_json(notice_for(user, notice_id)))
