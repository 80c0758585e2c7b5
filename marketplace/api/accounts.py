"""Who one is. Signing in and out is allauth's headless API (urls.py)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.base import MarketView, actor
from marketplace.api.fields import CodeField
from marketplace.queries.own_roles import Person, person
from marketplace.rules.roles import Role

Json = dict[str, Any]
SCOPES = ("household", "pickup_point", "merchant", "hub", "platform")


class HouseholdSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class OwnGroupSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    hub_id = serializers.IntegerField()
    hub_name = serializers.CharField()
    pickup_point_id = serializers.IntegerField(allow_null=True)
    pickup_point_name = serializers.CharField(allow_null=True)


class OwnRoleSerializer(serializers.Serializer[Any]):
    """A role and the one thing that it is held for."""

    role = CodeField("Role", Role)
    scope = CodeField("RoleScope", SCOPES)
    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(allow_blank=True)


class MeSerializer(serializers.Serializer[Any]):
    """The first household is the one that reserves when none is named."""

    id = serializers.IntegerField()
    email = serializers.CharField()
    name = serializers.CharField()
    language = serializers.CharField(allow_blank=True)
    households = HouseholdSerializer(many=True)
    groups = OwnGroupSerializer(many=True)
    roles = OwnRoleSerializer(many=True)


def me_json(found: Person) -> Json:
    user = found.user
    return {
        "id": user.pk,
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "households": [{"id": household.pk, "name": household.name} for household in found.households],
        "groups": [
            {
                "id": group.pk,
                "name": group.name,
                "hub_id": group.hub_id,
                "hub_name": group.hub.name,
                "pickup_point_id": group.pickup_point_id,
                "pickup_point_name": group.pickup_point.name if group.pickup_point else None,
            }
            for group in found.groups
        ],
        "roles": [
            {"role": held.role.value, "scope": held.scope, "id": held.id, "name": held.name} for held in found.roles
        ],
    }


class Me(MarketView):
    @extend_schema(operation_id="me", tags=["account"], responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Who the token belongs to: households, groups and roles."""
        return Response(me_json(person(actor(request))))
