"""Links for somebody without an account who stands in for the host on one day."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import clock
from marketplace.access import point_custody
from marketplace.actions.hosting.make_deputy_link import make_deputy_link
from marketplace.actions.hosting.revoke_deputy_link import revoke_deputy_link
from marketplace.api.asking import path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, sent
from marketplace.api.headers import request_key
from marketplace.api.hosting import HANDOVER_ID
from marketplace.api.paging import page, page_of
from marketplace.api.schema import REQUEST_KEY
from marketplace.api.values import instant, instant_or_none
from marketplace.models import DeputyLink
from marketplace.queries import hosting as read

LINK_ID = path_id("link_id")


class DeputyBody(Body):
    name = serializers.CharField(max_length=80)


class DeputyLinkSerializer(serializers.Serializer[Any]):
    """A link that opens the list without an account on the handover's day. `works`: it does, or will."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    valid_from = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    works = serializers.BooleanField()


class NewDeputyLinkSerializer(DeputyLinkSerializer):
    """`token` and `link` are told here and never again."""

    token = serializers.CharField()
    link = serializers.CharField()


def deputy_json(link: DeputyLink) -> Json:
    return {
        "id": link.pk,
        "name": link.name,
        "valid_from": instant(link.valid_from),
        "valid_until": instant(link.valid_until),
        "revoked_at": instant_or_none(link.revoked_at),
        "works": link.revoked_at is None and clock.now() < link.valid_until,
    }


class Deputies(MarketView):
    @extend_schema(
        operation_id="hosting_deputies_list",
        tags=["hosting"],
        parameters=[HANDOVER_ID],
        responses=page_of(DeputyLinkSerializer),
    )
    def get(self, request: Request, handover_id: int) -> Response:
        """Links for deputies of one handover, those taken back too."""
        handover = point_custody(actor(request), handover_id).handover
        return Response(page(request, map(deputy_json, read.deputy_links(handover))))

    @extend_schema(
        operation_id="hosting_deputies_make",
        tags=["hosting"],
        parameters=[HANDOVER_ID, REQUEST_KEY],
        request=DeputyBody,
        responses={201: NewDeputyLinkSerializer},
    )
    def post(self, request: Request, handover_id: int) -> Response:
        """A link for somebody without an account. The same key again gives the same link."""
        key, name = request_key(request), sent(request, DeputyBody)["name"]
        made, token = make_deputy_link(handover_id=handover_id, name=name, request_key=key, by=actor(request))
        link = request.build_absolute_uri(reverse("deputy", args=[token]))
        return Response({**deputy_json(made), "token": token, "link": link}, status=status.HTTP_201_CREATED)


class Deputy(MarketView):
    @extend_schema(
        operation_id="hosting_deputies_revoke",
        tags=["hosting"],
        parameters=[HANDOVER_ID, LINK_ID],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, handover_id: int, link_id: int) -> Response:
        """Take a link back; what was ticked by it stays."""
        revoke_deputy_link(handover_id=handover_id, link_id=link_id, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
