"""Who orders at a hub and who asked to, for whoever admits households there."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.membership.admit_household import admit_household
from marketplace.actions.membership.mark_fee_received import mark_fee_received
from marketplace.actions.membership.refuse_household import refuse_household
from marketplace.api.accounts import HouseholdSerializer
from marketplace.api.asking import HUB_SLUG, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, sent
from marketplace.api.fields import CodeField
from marketplace.api.filters import MemberFilter
from marketplace.api.membership import StandingAtHubSerializer, standing_at_hub_json
from marketplace.api.paging import KeyPages
from marketplace.models import HubMembership
from marketplace.queries.membership import decisions_for, member_of_hub, members_of_hub
from marketplace.rules.states import MembershipState

MEMBERSHIP_ID = path_id("membership_id")
_ADMITTED = (MembershipState.TRIAL, MembershipState.MEMBER)


class HubMemberSerializer(StandingAtHubSerializer):
    """A household at the hub; `people` are those who order for it. `decisions`: what it can be made now."""

    id = serializers.IntegerField()
    household = HouseholdSerializer()
    people = serializers.ListField(child=serializers.CharField())
    currency = serializers.CharField()
    decisions = serializers.ListField(child=CodeField("MembershipState", MembershipState))


class AdmitBody(Body):
    """`trial` only where the hub gives trial orders."""

    to = CodeField("AdmittedState", _ADMITTED)


class RefuseBody(Body):
    """The household reads why."""

    reason = serializers.CharField(max_length=200)


def _json(held: HubMembership) -> Json:
    """A membership with its hub, its household and the household's people loaded."""
    return {
        "id": held.pk,
        "household": {"id": held.household_id, "name": held.household.name},
        "people": sorted(person.name for person in held.household.members.all()),
        "currency": held.hub.currency,
        "decisions": [state.value for state in decisions_for(held)],
        **standing_at_hub_json(held),
    }


class Members(MarketView, GenericAPIView[HubMembership]):
    queryset = HubMembership.objects.none()
    serializer_class = HubMemberSerializer
    pagination_class = KeyPages
    filterset_class = MemberFilter

    @extend_schema(
        operation_id="hub_members_list",
        tags=["hub desk"],
        parameters=[HUB_SLUG],
        responses=HubMemberSerializer(many=True),
    )
    def get(self, request: Request, slug: str) -> Response:
        """Households of an own hub, the first ones first; `?state=asked`: those that wait for an answer."""
        found = self.paginate_queryset(self.filter_queryset(members_of_hub(actor(request), slug))) or []
        return self.get_paginated_response([_json(held) for held in found])


class OneMember(MarketView):
    @extend_schema(
        operation_id="hub_members_get",
        tags=["hub desk"],
        parameters=[HUB_SLUG, MEMBERSHIP_ID],
        responses=HubMemberSerializer,
    )
    def get(self, request: Request, slug: str, membership_id: int) -> Response:
        """How one household stands at an own hub."""
        return Response(_json(member_of_hub(actor(request), slug, membership_id)))


class _Deciding(MarketView):
    def decided(self, request: Request, slug: str, held: HubMembership) -> Response:
        return Response(_json(member_of_hub(actor(request), slug, held.pk)))


class MemberAdmitted(_Deciding):
    @extend_schema(
        operation_id="hub_members_admit",
        tags=["hub desk"],
        parameters=[HUB_SLUG, MEMBERSHIP_ID],
        request=AdmitBody,
        responses=HubMemberSerializer,
    )
    def post(self, request: Request, slug: str, membership_id: int) -> Response:
        """Take it in, on trial or as a member; it is told."""
        user, to = actor(request), MembershipState(sent(request, AdmitBody)["to"])
        held = member_of_hub(user, slug, membership_id)
        return self.decided(request, slug, admit_household(membership_id=held.pk, to=to, by=user))


class MemberRefused(_Deciding):
    @extend_schema(
        operation_id="hub_members_refuse",
        tags=["hub desk"],
        parameters=[HUB_SLUG, MEMBERSHIP_ID],
        request=RefuseBody,
        responses=HubMemberSerializer,
    )
    def post(self, request: Request, slug: str, membership_id: int) -> Response:
        """Refuse it, or end what it had; it is told why. What it reserved stays."""
        user, reason = actor(request), sent(request, RefuseBody)["reason"]
        held = member_of_hub(user, slug, membership_id)
        return self.decided(request, slug, refuse_household(membership_id=held.pk, reason=reason, by=user))


class FeeReceived(_Deciding):
    @extend_schema(
        operation_id="hub_members_fee_received",
        tags=["hub desk"],
        parameters=[HUB_SLUG, MEMBERSHIP_ID],
        request=None,
        responses=HubMemberSerializer,
    )
    def post(self, request: Request, slug: str, membership_id: int) -> Response:
        """Note that its fee came in."""
        user = actor(request)
        held = member_of_hub(user, slug, membership_id)
        return self.decided(request, slug, mark_fee_received(membership_id=held.pk, by=user))
