"""Invitations to a hub: made by a member, looked at by whoever holds the link."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.membership.invite_to_hub import invite_to_hub
from marketplace.api.asking import HUB_SLUG, TOKEN
from marketplace.api.base import MarketView, PublicView, actor
from marketplace.api.bodies import Json
from marketplace.api.headers import request_key
from marketplace.api.hubs import HubSerializer, hub_json
from marketplace.api.paging import page, page_of
from marketplace.api.schema import REQUEST_KEY
from marketplace.api.values import instant
from marketplace.models import HubInvitation
from marketplace.queries.invitations import hub_invitation
from marketplace.queries.membership import hub_of, invitations_waiting


class HubInvitationSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    expires_at = serializers.DateTimeField()


class NewHubInvitationSerializer(HubInvitationSerializer):
    """`token` and `link` are told here and never again."""

    token = serializers.CharField()
    link = serializers.CharField()


class HubInvitationFactsSerializer(serializers.Serializer[Any]):
    """What whoever holds the link may read."""

    by = serializers.CharField()
    hub = HubSerializer()
    expires_at = serializers.DateTimeField()


def _invitation_json(invitation: HubInvitation) -> Json:
    return {"id": invitation.pk, "expires_at": instant(invitation.expires_at)}


class HubInvitations(MarketView):
    counts_as = ("write", "invite")

    @extend_schema(
        operation_id="hub_invitations_list",
        tags=["hubs"],
        parameters=[HUB_SLUG],
        responses=page_of(HubInvitationSerializer),
    )
    def get(self, request: Request, slug: str) -> Response:
        """Own invitations to the hub that wait."""
        waiting = invitations_waiting(actor(request), hub_of(slug))
        return Response(page(request, map(_invitation_json, waiting)))

    @extend_schema(
        operation_id="hub_invitations_make",
        tags=["hubs"],
        parameters=[HUB_SLUG, REQUEST_KEY],
        request=None,
        responses={201: NewHubInvitationSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Invite one household, as a member. The same key again gives the same link."""
        hub, key = hub_of(slug), request_key(request)
        made, token = invite_to_hub(hub=hub, request_key=key, by=actor(request))
        link = request.build_absolute_uri(reverse("hub_join_invited", args=[hub.slug, token]))
        answer = {**_invitation_json(made), "token": token, "link": link}
        return Response(answer, status=status.HTTP_201_CREATED)


class HubInvitationFacts(PublicView):
    @extend_schema(
        operation_id="hub_invitations_get", tags=["hubs"], parameters=[TOKEN], responses=HubInvitationFactsSerializer
    )
    def get(self, request: Request, token: str) -> Response:
        """Who invites to which hub, for whoever holds the link. It is used by joining with it."""
        found = hub_invitation(token)
        facts = {"by": found.by.name, "hub": hub_json(found.hub), "expires_at": instant(found.expires_at)}
        return Response(facts)
