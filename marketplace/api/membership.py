"""How the own household stands at hubs: joining, leaving, ending the trial."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import household_of
from marketplace.actions.membership.become_member import become_member
from marketplace.actions.membership.join_hub import join_hub
from marketplace.actions.membership.leave_hub import leave_hub
from marketplace.api.asking import HUB_SLUG, household_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, sent
from marketplace.api.fields import CodeField
from marketplace.api.paging import page, page_of
from marketplace.api.rounds import HubNameSerializer, hub_name_json
from marketplace.api.schema import HOUSEHOLD
from marketplace.api.values import instant, instant_or_none
from marketplace.models import HubMembership
from marketplace.queries.membership import hub_of, membership_of, memberships_of
from marketplace.rules.money import format_minor
from marketplace.rules.states import MembershipState


class StandingAtHubSerializer(serializers.Serializer[Any]):
    """How a household stands at a hub. `reason` is why the hub refused it."""

    state = CodeField("MembershipState", MembershipState)
    trial_orders_left = serializers.IntegerField()
    credit_limit = serializers.CharField()
    fee = serializers.CharField()
    fee_received_at = serializers.DateTimeField(allow_null=True)
    message = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    asked_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class MembershipSerializer(StandingAtHubSerializer):
    hub = HubNameSerializer()
    household_id = serializers.IntegerField()


class JoinBody(Body):
    """`invitation` is the token of a member's link."""

    message = serializers.CharField(max_length=1000, allow_blank=True, default="")
    invitation = serializers.CharField(max_length=64, allow_blank=True, default="")


def membership_json(held: HubMembership) -> Json:
    """A membership with its hub loaded."""
    return {"hub": hub_name_json(held.hub), "household_id": held.household_id, **standing_at_hub_json(held)}


def standing_at_hub_json(held: HubMembership) -> Json:
    currency = held.hub.currency
    return {
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
