"""Groups: one's own, starting one, their members and links, and what they gather in a round."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import group_for, pickup_point_in_use
from marketplace.actions.groups.change_group import change_group
from marketplace.actions.groups.hand_over_group import hand_over_group
from marketplace.actions.groups.remove_member import remove_member
from marketplace.actions.groups.renew_invitation import renew_invitation
from marketplace.actions.leave_group import leave_group
from marketplace.actions.start_group import start_group
from marketplace.api.accounts import HouseholdSerializer, OwnGroupSerializer
from marketplace.api.asking import IdField, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, sent
from marketplace.api.headers import request_key
from marketplace.api.limits import WritesPerUser
from marketplace.api.paging import page, page_of
from marketplace.api.schema import REQUEST_KEY
from marketplace.models import Group, User
from marketplace.queries import groups as read
from marketplace.queries.membership import hub_of

Json = dict[str, Any]
GROUP_ID, HOUSEHOLD_ID = path_id("group_id"), path_id("household_id")


class StartGroupBody(Body):
    """`hub` is its short name. The place is a pickup point of the hub, or an own one by its address, which the hub
    looks at before goods go there."""

    hub = serializers.SlugField(max_length=50)
    name = serializers.CharField(max_length=120)
    pickup_point_id = IdField(allow_null=True, default=None)
    own_place = serializers.CharField(max_length=300, allow_blank=True, default="")
    instructions = serializers.CharField(max_length=300, allow_blank=True, default="")
    welcome = serializers.CharField(max_length=500, allow_blank=True, default="")

    def validate(self, attrs: Json) -> Json:
        if attrs["pickup_point_id"] is None and not attrs["own_place"]:
            raise serializers.ValidationError({"pickup_point_id": _("Choose a pickup point, or write an own place.")})
        return attrs


class GroupBody(Body):
    """What a group says of itself; what is left out stays. `late_words` are read by who steps back from a shift late,
    empty for the usual ones."""

    name = serializers.CharField(max_length=120, required=False)
    welcome = serializers.CharField(max_length=500, allow_blank=True, required=False)
    late_words = serializers.CharField(max_length=200, allow_blank=True, required=False)


class HandOverGroupBody(Body):
    user_id = IdField()


class OwnGroupRowSerializer(OwnGroupSerializer):
    """`households` counts its members; `hosted`: by whoever asks."""

    households = serializers.IntegerField()
    hosted = serializers.BooleanField()


class PersonNameSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class GroupMemberSerializer(HouseholdSerializer):
    """A household of the group, with the people who could host it next."""

    people = PersonNameSerializer(many=True)


class GroupSerializer(OwnGroupRowSerializer):
    """`members` are told to its host alone."""

    host_name = serializers.CharField()
    welcome = serializers.CharField(allow_blank=True)
    late_words = serializers.CharField(allow_blank=True)
    invitation = serializers.CharField()
    link = serializers.CharField()
    members = GroupMemberSerializer(many=True, allow_null=True)


def group_row_json(found: read.OwnGroup) -> Json:
    """A group with its hub and pickup point loaded."""
    group = found.group
    return {
        "id": group.pk,
        "name": group.name,
        "hub_id": group.hub_id,
        "hub_name": group.hub.name,
        "pickup_point_id": group.pickup_point_id,
        "pickup_point_name": group.pickup_point.name if group.pickup_point else None,
        "households": found.households,
        "hosted": found.hosted,
    }


def _group_told(request: Request, group: Group) -> Json:
    """One group: one query, for its host three."""
    user: User = actor(request)
    hosted = group.host_id == user.pk
    members = [
        {
            "id": member.household.pk,
            "name": member.household.name,
            "people": [{"id": person.pk, "name": person.name} for person in member.people],
        }
        for member in (read.members_of(group) if hosted else ())
    ]
    return {
        **group_row_json(read.OwnGroup(group, read.households_in(group), hosted)),
        "host_name": group.host.name,
        "welcome": group.welcome,
        "late_words": group.late_words,
        "invitation": group.invitation,
        "link": request.build_absolute_uri(reverse("join", args=[group.invitation])),
        "members": members if hosted else None,
    }


class Groups(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(operation_id="groups_list", tags=["groups"], responses=page_of(OwnGroupRowSerializer))
    def get(self, request: Request) -> Response:
        """The groups of the own households, and those that one hosts."""
        return Response(page(request, map(group_row_json, read.own_groups(actor(request)))))

    @extend_schema(
        operation_id="groups_start",
        tags=["groups"],
        parameters=[REQUEST_KEY],
        request=StartGroupBody,
        responses={201: GroupSerializer},
    )
    def post(self, request: Request) -> Response:
        """Start a group as its host and first member. The same key again gives the same group."""
        user, key = actor(request), request_key(request)
        wanted = sent(request, StartGroupBody)
        hub, point_id = hub_of(wanted.pop("hub")), wanted.pop("pickup_point_id")
        point = pickup_point_in_use(hub, point_id) if point_id is not None else None
        made = start_group(hub=hub, pickup_point=point, request_key=key, by=user, **wanted)
        return Response(_group_told(request, group_for(user, made.pk)), status=status.HTTP_201_CREATED)


class OneGroup(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(operation_id="groups_get", tags=["groups"], parameters=[GROUP_ID], responses=GroupSerializer)
    def get(self, request: Request, group_id: int) -> Response:
        """One own group with its link, for its host with its members."""
        return Response(_group_told(request, group_for(actor(request), group_id)))

    @extend_schema(
        operation_id="groups_change",
        tags=["groups"],
        parameters=[GROUP_ID],
        request=GroupBody,
        responses=GroupSerializer,
    )
    def patch(self, request: Request, group_id: int) -> Response:
        """Its host changes name and words."""
        user = actor(request)
        held = group_for(user, group_id)
        words = {name: getattr(held, name) for name in ("name", "welcome", "late_words")} | sent(request, GroupBody)
        return Response(_group_told(request, change_group(group_id=group_id, by=user, **words)))


class GroupMembership(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="groups_leave", tags=["groups"], parameters=[GROUP_ID], request=None, responses={204: None}
    )
    def delete(self, request: Request, group_id: int) -> Response:
        """Leave; what is reserved stays."""
        leave_group(group_id=group_id, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MemberOfGroup(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="groups_remove_member",
        tags=["groups"],
        parameters=[GROUP_ID, HOUSEHOLD_ID],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, group_id: int, household_id: int) -> Response:
        """Its host takes a household out, which is told."""
        remove_member(group_id=group_id, household_id=household_id, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class GroupHandedOver(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="groups_hand_over",
        tags=["groups"],
        parameters=[GROUP_ID],
        request=HandOverGroupBody,
        responses=GroupSerializer,
    )
    def post(self, request: Request, group_id: int) -> Response:
        """Its host hands it over to somebody of a member household."""
        user = actor(request)
        hand_over_group(group_id=group_id, to_user_id=sent(request, HandOverGroupBody)["user_id"], by=user)
        return Response(_group_told(request, group_for(user, group_id)))


class GroupLink(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="groups_renew_link",
        tags=["groups"],
        parameters=[GROUP_ID],
        request=None,
        responses=GroupSerializer,
    )
    def post(self, request: Request, group_id: int) -> Response:
        """A new link; the old one opens nothing any more."""
        return Response(_group_told(request, renew_invitation(group_id=group_id, by=actor(request))))
