"""Signing in and out with tokens, and who one is."""

from typing import Any, ClassVar

from django.contrib.auth import authenticate, user_logged_in
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework import serializers, status
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.api.authentication import TokenAuthentication
from marketplace.api.base import MarketView, PublicView, actor
from marketplace.api.fields import CodeField
from marketplace.api.refusals import WrongCredentials
from marketplace.api.throttles import SignInsPerAccount, SignInsPerAddress
from marketplace.api.values import instant_or_none
from marketplace.queries.own_roles import Person, person
from marketplace.rules.roles import Role

Json = dict[str, Any]
SCOPES = ("household", "pickup_point", "merchant", "hub", "platform")


class LoginSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False, max_length=4096)


class TokenSerializer(serializers.Serializer[Any]):
    """Send it as `Authorization: Token …`. It is shown once and kept as a hash."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField(allow_null=True)


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


class Login(PublicView):
    authentication_classes: ClassVar[list[type[BaseAuthentication]]] = []  # type: ignore[misc]
    throttle_classes = [SignInsPerAddress, SignInsPerAccount]

    @extend_schema(operation_id="login", tags=["account"], request=LoginSerializer, responses=TokenSerializer)
    def post(self, request: Request) -> Response:
        """Get a token of this device for e-mail address and password."""
        body = LoginSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        email, password = body.validated_data["email"], body.validated_data["password"]
        user = authenticate(request._request, username=email, password=password)
        if user is None:
            raise WrongCredentials
        made, token = AuthToken.objects.create(user=user)  # type: ignore[no-untyped-call]
        user_logged_in.send(sender=type(user), request=request._request, user=user)
        return Response({"token": token, "expires_at": instant_or_none(made.expiry)})


class Logout(MarketView):
    authentication_classes: ClassVar[list[type[BaseAuthentication]]] = [TokenAuthentication]  # type: ignore[misc]

    @extend_schema(operation_id="logout", tags=["account"], request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Give back the token of this device."""
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class LogoutEverywhere(MarketView):
    @extend_schema(operation_id="logout_everywhere", tags=["account"], request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Give back the tokens of all devices."""
        AuthToken.objects.filter(user=actor(request)).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class Me(MarketView):
    @extend_schema(operation_id="me", tags=["account"], responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Who the token belongs to: households, groups and roles."""
        return Response(me_json(person(actor(request))))
