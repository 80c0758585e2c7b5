"""Hubs as newcomers read them, being told when a round opens there, and the terms of joining as the hub sets them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.membership.change_hub_terms import change_hub_terms
from marketplace.actions.remind.follow_hub import follow_hub
from marketplace.api.asking import HUB_SLUG
from marketplace.api.base import MarketView, PublicView, actor
from marketplace.api.bodies import Body, Json, amount_sent, sent
from marketplace.api.fields import CodeField
from marketplace.api.filters import HubFilter
from marketplace.api.headers import expected_states, with_state
from marketplace.api.paging import KeyPages
from marketplace.api.rounds import HubNameSerializer, hub_name_json
from marketplace.api.schema import IF_MATCH_STATE, STATE_TAG
from marketplace.models import Hub, JoinPolicy, NoShowRule
from marketplace.queries.membership import HUB_TERMS, follows, hub_admitting, hub_of, hubs_known
from marketplace.rules.money import format_minor


class HubSerializer(HubNameSerializer):
    """How one comes to order here. Amounts in `currency`; `trial_orders` before the membership, 0 for none."""

    join_policy = CodeField("JoinPolicy", JoinPolicy.values)
    trial_orders = serializers.IntegerField()
    membership_fee = serializers.CharField()
    claim_days = serializers.IntegerField()
    no_show_rule = CodeField("NoShowRule", NoShowRule.values)


class FollowingSerializer(serializers.Serializer[Any]):
    """`follows`: one is told of every opening of the hub."""

    hub_id = serializers.IntegerField()
    follows = serializers.BooleanField()


class HubTermsBody(Body):
    """How households come to the hub from now on. Amounts are decimal texts in its currency."""

    join_policy = CodeField("JoinPolicy", JoinPolicy.values)
    trial_orders = serializers.IntegerField()
    membership_fee = serializers.CharField(max_length=20)
    first_credit_limit = serializers.CharField(max_length=20)


class HubTermsSerializer(serializers.Serializer[Any]):
    """`first_credit_limit` is what a new member may owe."""

    join_policy = CodeField("JoinPolicy", JoinPolicy.values)
    trial_orders = serializers.IntegerField()
    membership_fee = serializers.CharField()
    first_credit_limit = serializers.CharField()
    currency = serializers.CharField()


def hub_json(hub: Hub) -> Json:
    return {
        **hub_name_json(hub),
        "join_policy": hub.join_policy,
        "trial_orders": hub.trial_orders,
        "membership_fee": format_minor(hub.membership_fee_minor, hub.currency),
        "claim_days": hub.claim_days,
        "no_show_rule": hub.no_show_rule,
    }


def _terms_told(hub: Hub) -> Response:
    told = {
        "join_policy": hub.join_policy,
        "trial_orders": hub.trial_orders,
        "membership_fee": format_minor(hub.membership_fee_minor, hub.currency),
        "first_credit_limit": format_minor(hub.first_credit_limit_minor, hub.currency),
        "currency": hub.currency,
    }
    return with_state(told, hub, HUB_TERMS)


class Hubs(PublicView, GenericAPIView[Hub]):
    """Hubs that have announced a round, in the order of their ids."""

    queryset = Hub.objects.none()
    serializer_class = HubSerializer
    pagination_class = KeyPages
    filterset_class = HubFilter

    @extend_schema(operation_id="hubs_list", tags=["hubs"], responses=HubSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The hubs of this installation, with how one joins each."""
        found = self.paginate_queryset(self.filter_queryset(hubs_known())) or []
        return self.get_paginated_response([hub_json(hub) for hub in found])


class OneHub(PublicView):
    @extend_schema(operation_id="hubs_get", tags=["hubs"], parameters=[HUB_SLUG], responses=HubSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """What a hub is and how one joins it."""
        return Response(hub_json(hub_of(slug)))


class Following(MarketView):
    """Being told of every opening of a hub."""

    @extend_schema(operation_id="hub_follows", tags=["hubs"], parameters=[HUB_SLUG], responses=FollowingSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Whether one follows it."""
        hub = hub_of(slug)
        return Response({"hub_id": hub.pk, "follows": follows(actor(request), hub)})

    @extend_schema(
        operation_id="hub_follow",
        tags=["hubs"],
        parameters=[HUB_SLUG],
        request=None,
        responses={200: FollowingSerializer},
    )
    def put(self, request: Request, slug: str) -> Response:
        """Be told from now on; only of a hub that has announced a round."""
        return self._set(request, slug, wanted=True)

    @extend_schema(
        operation_id="hub_unfollow",
        tags=["hubs"],
        parameters=[HUB_SLUG],
        request=None,
        responses={200: FollowingSerializer},
    )
    def delete(self, request: Request, slug: str) -> Response:
        """Be told no longer."""
        return self._set(request, slug, wanted=False)

    def _set(self, request: Request, slug: str, *, wanted: bool) -> Response:
        hub = hub_of(slug)
        return Response({"hub_id": hub.pk, "follows": follow_hub(hub_id=hub.pk, wanted=wanted, by=actor(request))})


class Terms(MarketView):
    """Their state is the ETag."""

    @extend_schema(
        operation_id="hub_terms", tags=["hub desk"], parameters=[HUB_SLUG, STATE_TAG], responses=HubTermsSerializer
    )
    def get(self, request: Request, slug: str) -> Response:
        """How households come to an own hub, for whoever admits them."""
        return _terms_told(hub_admitting(actor(request), slug))

    @extend_schema(
        operation_id="hub_terms_change",
        tags=["hub desk"],
        parameters=[HUB_SLUG, IF_MATCH_STATE, STATE_TAG],
        request=HubTermsBody,
        responses={200: HubTermsSerializer},
    )
    def put(self, request: Request, slug: str) -> Response:
        """Set them for who joins from now on; nobody's standing changes. Needs If-Match, else 428."""
        user, expected = actor(request), expected_states(request)
        hub, wanted = hub_admitting(user, slug), sent(request, HubTermsBody)
        fees = ("membership_fee", "first_credit_limit")
        wanted |= {f"{name}_minor": amount_sent(name, wanted.pop(name), hub.currency) for name in fees}
        return _terms_told(change_hub_terms(hub_id=hub.pk, expected=expected, by=user, **wanted))
