"""Hubs as newcomers read them, and how the own household stands there."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import household_of
from marketplace.actions.membership.become_member import become_member
from marketplace.actions.membership.invite_to_hub import invite_to_hub
from marketplace.actions.membership.join_hub import join_hub
from marketplace.actions.membership.leave_hub import leave_hub
from marketplace.api.asking import HUB_SLUG, TOKEN, household_id
from marketplace.api.base import MarketView, PublicView, actor
from marketplace.api.bodies import Body, sent
from marketplace.api.fields import CodeField
from marketplace.api.headers import request_key
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import page, page_of
from marketplace.api.rounds import HubNameSerializer
from marketplace.api.schema import HOUSEHOLD, REQUEST_KEY
from marketplace.api.throttles import InvitationsPerUser
from marketplace.api.values import instant, instant_or_none
from marketplace.models import Hub, HubInvitation, HubMembership, JoinPolicy, NoShowRule
from marketplace.queries.invitations import hub_invitation
from marketplace.queries.membership import hub_of, invitations_waiting, membership_of, memberships_of
from marketplace.rules.money import format_minor
from marketplace.rules.states import MembershipState

Json = dict[str, Any]


class HubSerializer(HubNameSerializer):
    """How one comes to order here. Amounts in `currency`; `trial_orders` before the membership, 0 for none."""

    join_policy = CodeField("JoinPolicy", JoinPolicy.values)
    trial_orders = serializers.IntegerField()
    membership_fee = serializers.CharField()
    claim_days = serializers.IntegerField()
    no_show_rule = CodeField("NoShowRule", NoShowRule.values)


class MembershipSerializer(serializers.Serializer[Any]):
    """How a household stands at a hub. `reason` is why the hub refused it."""

    hub = HubNameSerializer()
    household_id = serializers.IntegerField()
    state = CodeField("MembershipState", MembershipState)
    trial_orders_left = serializers.IntegerField()
    credit_limit = serializers.CharField()
    fee = serializers.CharField()
    fee_received_at = serializers.DateTimeField(allow_null=True)
    message = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    asked_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class JoinBody(Body):
    """`invitation` is the token of a member's link."""

    message = serializers.CharField(max_length=1000, allow_blank=True, default="")
    invitation = serializers.CharField(max_length=64, allow_blank=True, default="")


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


def hub_name_json(hub: Hub) -> Json:
    return {name: getattr(hub, name) for name in ("id", "slug", "name", "currency", "time_zone")}


def hub_json(hub: Hub) -> Json:
    return {
        **hub_name_json(hub),
        "join_policy": hub.join_policy,
        "trial_orders": hub.trial_orders,
        "membership_fee": format_minor(hub.membership_fee_minor, hub.currency),
        "claim_days": hub.claim_days,
        "no_show_rule": hub.no_show_rule,
    }


def membership_json(held: HubMembership) -> Json:
    """A membership with its hub loaded."""
    currency = held.hub.currency
    return {
        "hub": hub_name_json(held.hub),
        "household_id": held.household_id,
        "state": held.state,
        "trial_orders_left": held.trial_orders_left,
        "credit_limit": format_minor(held.credit_limit_minor, currency),
        "fee": format_minor(held.fee_minor, currency),
        "fee_received_at": instant_or_none(held.fee_received_at),
        "message": held.message,
        "reason": held.reason,
        "asked_at": instant(held.asked_at),
        "decided_at": instant_or_none(held.decided_at),
    }


def _invitation_json(invitation: HubInvitation) -> Json:
    return {"id": invitation.pk, "expires_at": instant(invitation.expires_at)}


class OneHub(PublicView):
    @extend_schema(operation_id="hubs_get", tags=["hubs"], parameters=[HUB_SLUG], responses=HubSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """What a hub is and how one joins it."""
        return Response(hub_json(hub_of(slug)))


class Memberships(MarketView):
    @extend_schema(
        operation_id="memberships_list", tags=["hubs"], parameters=[HOUSEHOLD], responses=page_of(MembershipSerializer)
    )
    def get(self, request: Request) -> Response:
        """Where the household orders, or asked to."""
        held = memberships_of(household_of(actor(request), household_id(request)))
        return Response(page(request, map(membership_json, held)))


class OwnMembership(MarketView):
    """The own household's standing at one hub."""

    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="membership_get",
        tags=["hubs"],
        parameters=[HUB_SLUG, HOUSEHOLD],
        responses=MembershipSerializer,
    )
    def get(self, request: Request, slug: str) -> Response:
        """How the household stands; not found before it joined or asked."""
        household = household_of(actor(request), household_id(request))
        return Response(membership_json(membership_of(household, hub_of(slug))))

    @extend_schema(
        operation_id="membership_join",
        tags=["hubs"],
        parameters=[HUB_SLUG, HOUSEHOLD],
        request=JoinBody,
        responses=MembershipSerializer,
    )
    def post(self, request: Request, slug: str) -> Response:
        """Join, by invitation or where everybody may; else ask to. Twice changes nothing."""
        wanted = sent(request, JoinBody)
        held = join_hub(hub=hub_of(slug), household_id=household_id(request), by=actor(request), **wanted)
        return Response(membership_json(held))

    @extend_schema(
        operation_id="membership_leave",
        tags=["hubs"],
        parameters=[HUB_SLUG, HOUSEHOLD],
        request=None,
        responses={200: MembershipSerializer},
    )
    def delete(self, request: Request, slug: str) -> Response:
        """Leave, or take the question back; what is reserved stays reserved."""
        held = leave_hub(hub=hub_of(slug), household_id=household_id(request), by=actor(request))
        return Response(membership_json(held))


class FullMembership(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="membership_become_member",
        tags=["hubs"],
        parameters=[HUB_SLUG, HOUSEHOLD],
        request=None,
        responses=MembershipSerializer,
    )
    def post(self, request: Request, slug: str) -> Response:
        """From trial to member, where the hub leaves it to the household; the fee is due."""
        held = become_member(hub=hub_of(slug), household_id=household_id(request), by=actor(request))
        return Response(membership_json(held))


class HubInvitations(MarketView):
    throttle_classes = [WritesPerUser, InvitationsPerUser]

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
