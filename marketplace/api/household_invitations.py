"""Invitations to a household: made by one of its people, looked at and used by whoever holds the link."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.households.accept_household_invitation import accept_household_invitation
from marketplace.actions.households.invite_to_household import invite_to_household
from marketplace.actions.households.mail_link import mail_link
from marketplace.actions.households.withdraw_household_invitation import withdraw_household_invitation
from marketplace.api.asking import TOKEN, path_id
from marketplace.api.base import MarketView, PublicView, actor
from marketplace.api.bodies import Body, sent
from marketplace.api.headers import request_key
from marketplace.api.households import HOUSEHOLD_ID, HouseholdDetailSerializer, household_told
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import page, page_of
from marketplace.api.schema import REQUEST_KEY
from marketplace.api.throttles import InvitationsPerUser
from marketplace.api.values import instant
from marketplace.models import HouseholdInvitation
from marketplace.queries.households import household_page
from marketplace.queries.invitations import household_invitation

Json = dict[str, Any]


class InviteToHouseholdBody(Body):
    """With an address the link goes there by mail as well."""

    email = serializers.EmailField(allow_blank=True, default="")


class HouseholdInvitationSerializer(serializers.Serializer[Any]):
    """An invitation that waits; its link was told once."""

    id = serializers.IntegerField()
    email = serializers.CharField(allow_blank=True)
    by = serializers.CharField()
    expires_at = serializers.DateTimeField()


class NewHouseholdInvitationSerializer(HouseholdInvitationSerializer):
    """`token` and `link` are told here and never again; `mailed`: whether a mail with the link went out."""

    token = serializers.CharField()
    link = serializers.CharField()
    mailed = serializers.BooleanField()


class InvitationFactsSerializer(serializers.Serializer[Any]):
    """What whoever holds the link may read."""

    by = serializers.CharField()
    household = serializers.CharField()
    expires_at = serializers.DateTimeField()


def invitation_json(invitation: HouseholdInvitation) -> Json:
    return {
        "id": invitation.pk,
        "email": invitation.email,
        "by": invitation.by.name,
        "expires_at": instant(invitation.expires_at),
    }


class HouseholdInvitations(MarketView):
    throttle_classes = [WritesPerUser, InvitationsPerUser]

    @extend_schema(
        operation_id="household_invitations_list",
        tags=["households"],
        parameters=[HOUSEHOLD_ID],
        responses=page_of(HouseholdInvitationSerializer),
    )
    def get(self, request: Request, household_id: int) -> Response:
        """Invitations that wait."""
        held = household_page(actor(request), household_id)
        return Response(page(request, map(invitation_json, held.invitations)))

    @extend_schema(
        operation_id="household_invitations_make",
        tags=["households"],
        parameters=[HOUSEHOLD_ID, REQUEST_KEY],
        request=InviteToHouseholdBody,
        responses={201: NewHouseholdInvitationSerializer},
    )
    def post(self, request: Request, household_id: int) -> Response:
        """Invite a partner or flatmate. The same key again gives the same link and no second mail."""
        key = request_key(request)
        email, user = sent(request, InviteToHouseholdBody)["email"], actor(request)
        made, token = invite_to_household(household_id=household_id, email=email, request_key=key, by=user)
        link = request.build_absolute_uri(reverse("household_join", args=[token]))
        facts = {"by": user.name, "household": made.household.name, "link": link}
        mails = bool(email) and not made.was_there
        mailed = mails and mail_link(to=email, template="household_invitation", facts=facts)
        answer = {**invitation_json(made), "token": token, "link": link, "mailed": mailed}
        return Response(answer, status=status.HTTP_201_CREATED)


class OneHouseholdInvitation(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="household_invitations_withdraw",
        tags=["households"],
        parameters=[HOUSEHOLD_ID, path_id("invitation_id")],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, household_id: int, invitation_id: int) -> Response:
        """Take an invitation back; its link opens nothing any more."""
        withdraw_household_invitation(household_id=household_id, invitation_id=invitation_id, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class HouseholdInvitationFacts(PublicView):
    @extend_schema(
        operation_id="household_invitations_get",
        tags=["households"],
        parameters=[TOKEN],
        responses=InvitationFactsSerializer,
    )
    def get(self, request: Request, token: str) -> Response:
        """Who invites into what, for whoever holds the link."""
        found = household_invitation(token)
        facts = {"by": found.by.name, "household": found.household.name, "expires_at": instant(found.expires_at)}
        return Response(facts)


class HouseholdInvitationAccepted(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="household_invitations_accept",
        tags=["households"],
        parameters=[TOKEN],
        request=None,
        responses=HouseholdDetailSerializer,
    )
    def post(self, request: Request, token: str) -> Response:
        """Move in, and reserve as this household from now on."""
        user = actor(request)
        return household_told(user, accept_household_invitation(token=token, by=user).pk)
