"""The own households: profile and presets, who belongs to them, moving in and out."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import household_of, households_of
from marketplace.actions.households.change_household import change_household
from marketplace.actions.households.choose_household import choose_household
from marketplace.actions.households.remove_household_member import remove_household_member
from marketplace.api.asking import matched, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, sent
from marketplace.api.fields import CodeField
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import page, page_of
from marketplace.api.values import instant
from marketplace.models import Household, User
from marketplace.queries.households import PROFILE, HouseholdPage, household_page, profile_tag
from marketplace.rules.goods import ALLERGENS, DIETS

Json = dict[str, Any]
HOUSEHOLD_ID, PERSON_ID = path_id("household_id"), path_id("person_id")
THIS_PROFILE = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the profile that the change is meant for, or * for any; 412 when it changed meanwhile.",
)
PROFILE_TAG = OpenApiParameter(
    "ETag", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200], description="The state of the profile."
)


class ProfileSerializer(serializers.Serializer[Any]):
    """What a household says of itself. `avoids` and `diets` only preset what is shown."""

    name = serializers.CharField(max_length=120)
    address = serializers.CharField(max_length=500, allow_blank=True)
    delivery_notes = serializers.CharField(max_length=500, allow_blank=True)
    avoids = serializers.ListField(child=CodeField("Allergen", ALLERGENS), max_length=len(ALLERGENS))
    diets = serializers.ListField(child=CodeField("Diet", DIETS), max_length=len(DIETS))


class ProfileBody(Body, ProfileSerializer):
    """What is left out stays as it is."""

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class OwnHouseholdSerializer(ProfileSerializer):
    """`acts`: the one that reserves when none is named."""

    id = serializers.IntegerField()
    preferred_point_id = serializers.IntegerField(allow_null=True)
    acts = serializers.BooleanField()


class PersonOfHouseholdSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    joined_at = serializers.DateTimeField()
    is_me = serializers.BooleanField()


class HouseholdDetailSerializer(OwnHouseholdSerializer):
    people = PersonOfHouseholdSerializer(many=True)


def household_json(household: Household, *, acts: bool) -> Json:
    profile = {name: getattr(household, name) for name in PROFILE}
    return {"id": household.pk, **profile, "preferred_point_id": household.preferred_point_id, "acts": acts}


def page_json(found: HouseholdPage) -> Json:
    people = [
        {
            "id": member.user_id,
            "name": member.name,
            "email": member.email,
            "joined_at": instant(member.joined_at),
            "is_me": member.is_me,
        }
        for member in found.members
    ]
    return {**household_json(found.household, acts=found.household == found.all_mine[0]), "people": people}


class Households(MarketView):
    @extend_schema(operation_id="households_list", tags=["households"], responses=page_of(OwnHouseholdSerializer))
    def get(self, request: Request) -> Response:
        """The own households, the one that reserves first."""
        mine = list(households_of(actor(request)))
        return Response(page(request, (household_json(found, acts=found == mine[0]) for found in mine)))


class OneHousehold(MarketView):
    """Its profile's state is the ETag."""

    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="households_get",
        tags=["households"],
        parameters=[HOUSEHOLD_ID, PROFILE_TAG],
        responses=HouseholdDetailSerializer,
    )
    def get(self, request: Request, household_id: int) -> Response:
        """One own household with its people."""
        return household_told(actor(request), household_id)

    @extend_schema(
        operation_id="households_change",
        tags=["households"],
        parameters=[HOUSEHOLD_ID, THIS_PROFILE, PROFILE_TAG],
        request=ProfileBody,
        responses=HouseholdDetailSerializer,
    )
    def patch(self, request: Request, household_id: int) -> Response:
        """Change the named parts of the profile. If-Match is needed (428 without), so that nobody's words are lost."""
        user, tags = actor(request), matched(request)
        held = household_of(user, household_id)
        wanted = {name: getattr(held, name) for name in PROFILE} | sent(request, ProfileBody)
        change_household(household_id=household_id, expected=tags, by=user, **wanted)
        return household_told(user, household_id)


def household_told(user: User, household_id: int) -> Response:
    found = household_page(user, household_id)
    return Response(page_json(found), headers={"ETag": f'"{profile_tag(found.household)}"'})


class ChosenHousehold(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="households_choose",
        tags=["households"],
        parameters=[HOUSEHOLD_ID],
        request=None,
        responses=OwnHouseholdSerializer,
    )
    def post(self, request: Request, household_id: int) -> Response:
        """Reserve as this household from now on, where none is named."""
        return Response(household_json(choose_household(household_id=household_id, by=actor(request)), acts=True))


class PersonOfHousehold(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="households_remove_person",
        tags=["households"],
        parameters=[HOUSEHOLD_ID, PERSON_ID],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, household_id: int, person_id: int) -> Response:
        """Take a person out, or leave; what was reserved stays the household's."""
        remove_household_member(household_id=household_id, user_id=person_id, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
