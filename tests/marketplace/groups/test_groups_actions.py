"""Groups: places of their own, hosts who hand over, links that are renewed, members who go."""

import pytest

from marketplace.actions.groups.change_group import change_group
from marketplace.actions.groups.hand_over_group import hand_over_group
from marketplace.actions.groups.remove_member import remove_member
from marketplace.actions.groups.renew_invitation import renew_invitation
from marketplace.actions.join_group import join_group
from marketplace.actions.leave_group import leave_group
from marketplace.actions.start_group import start_group
from marketplace.errors import HostStays, InvalidInput, NotAllowed, NotFound
from marketplace.models import Group, Household, Hub, Notice, PickupPoint, PickupPointHost, User
from tests.factories import make_hub, make_hub_staff
from tests.marketplace.groups.ground import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub() -> Hub:
    return make_hub()


@pytest.fixture
def ana() -> User:
    return person("Ana")


@pytest.fixture
def bea() -> User:
    return person("Bea")


@pytest.fixture
def group(hub: Hub, ana: User, bea: User) -> Group:
    """Ana's, with Bea in it."""
    made = start_group(hub=hub, name="Rua da Bica", pickup_point=None, by=ana)
    join_group(invitation=made.invitation, by=bea)
    return made


def home_of(user: User) -> Household:
    return user.households.get()


def told(user: User) -> list[object]:
    return [notice.facts["what"] for notice in Notice.objects.filter(user=user, kind="group").order_by("pk")]


def test_an_own_place_waits_for_the_hub_which_is_told(hub: Hub, ana: User) -> None:
    carla = make_hub_staff(hub)
    made = start_group(
        hub=hub, name="Rua da Bica", pickup_point=None, own_place="Rua da Bica 4", instructions="Ring twice", by=ana
    )
    assert made.pickup_point is not None
    point = PickupPoint.objects.get(pk=made.pickup_point.pk)
    assert (point.name, point.address, point.instructions, point.is_active) == (
        "Rua da Bica",
        "Rua da Bica 4",
        "Ring twice",
        False,
    )
    assert PickupPointHost.objects.get(pickup_point=point).user == ana
    assert told(carla) == ["place"]


def test_two_places_for_one_group_are_refused(hub: Hub, ana: User) -> None:
    point = PickupPoint.objects.create(hub=hub, name="Café", address="Rua Nova 1")
    with pytest.raises(InvalidInput):
        start_group(hub=hub, name="Rua da Bica", pickup_point=point, own_place="Rua da Bica 4", by=ana)
    assert not Group.objects.exists()


def test_a_name_that_is_taken_is_said_and_nothing_is_made(group: Group, bea: User) -> None:
    with pytest.raises(InvalidInput):
        start_group(hub=group.hub, name="Rua da Bica", pickup_point=None, own_place="Elsewhere 1", by=bea)
    assert Group.objects.count() == 1
    assert not PickupPoint.objects.exists()


def test_the_host_is_told_once_of_who_joined(group: Group, ana: User, bea: User) -> None:
    join_group(invitation=group.invitation, by=bea)
    assert told(ana) == ["joined"]
    assert told(bea) == []


def test_a_household_may_be_in_several_groups(group: Group, hub: Hub, bea: User) -> None:
    start_group(hub=hub, name="Rua Nova", pickup_point=None, by=bea)
    assert sorted(home_of(bea).groups.values_list("name", flat=True)) == ["Rua Nova", "Rua da Bica"]


def test_the_host_hands_over_to_a_member_who_is_told(group: Group, ana: User, bea: User) -> None:
    hand_over_group(group_id=group.pk, to_user_id=bea.pk, by=ana)
    assert Group.objects.get().host == bea
    assert told(bea) == ["host"]


def test_with_the_group_goes_its_own_place(hub: Hub, ana: User, bea: User) -> None:
    made = start_group(hub=hub, name="Rua da Bica", pickup_point=None, own_place="Rua da Bica 4", by=ana)
    join_group(invitation=made.invitation, by=bea)
    hand_over_group(group_id=made.pk, to_user_id=bea.pk, by=ana)
    hosts = PickupPointHost.objects.order_by("is_deputy").values_list("user__name", "is_deputy")
    assert list(hosts) == [("Bea", False), ("Ana", True)]


def test_nobody_outside_the_group_can_be_made_its_host(group: Group, ana: User) -> None:
    with pytest.raises(NotFound):
        hand_over_group(group_id=group.pk, to_user_id=person("Rita").pk, by=ana)
    assert Group.objects.get().host == ana


def test_a_member_who_is_not_the_host_changes_nothing(group: Group, ana: User, bea: User) -> None:
    before = list(Group.objects.values())
    for act in (
        lambda: hand_over_group(group_id=group.pk, to_user_id=bea.pk, by=bea),
        lambda: remove_member(group_id=group.pk, household_id=home_of(ana).pk, by=bea),
        lambda: renew_invitation(group_id=group.pk, by=bea),
        lambda: change_group(group_id=group.pk, name="Ours", welcome="", late_words="", by=bea),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert list(Group.objects.values()) == before
    assert group.members.count() == 2


def test_for_a_stranger_the_group_is_not_found(group: Group) -> None:
    with pytest.raises(NotFound):
        renew_invitation(group_id=group.pk, by=person("Rita"))
    assert Group.objects.get().invitation == group.invitation


def test_the_host_takes_a_household_out_and_it_is_told(group: Group, ana: User, bea: User) -> None:
    remove_member(group_id=group.pk, household_id=home_of(bea).pk, by=ana)
    assert list(group.members.values_list("name", flat=True)) == ["Ana"]
    assert told(bea) == ["removed"]


def test_a_renewed_link_replaces_the_old_one(group: Group, ana: User) -> None:
    renewed = renew_invitation(group_id=group.pk, by=ana)
    rita = person("Rita")
    with pytest.raises(NotFound):
        join_group(invitation=group.invitation, by=rita)
    join_group(invitation=renewed.invitation, by=rita)
    assert group.members.count() == 3


def test_the_host_stays_as_long_as_others_are_in_it(group: Group, ana: User, bea: User) -> None:
    with pytest.raises(HostStays):
        leave_group(group_id=group.pk, by=ana)
    with pytest.raises(HostStays):
        remove_member(group_id=group.pk, household_id=home_of(ana).pk, by=ana)
    assert group.members.count() == 2
    leave_group(group_id=group.pk, by=bea)
    leave_group(group_id=group.pk, by=ana)
    assert group.members.count() == 0


def test_a_group_is_renamed_but_not_to_another_ones_name(group: Group, hub: Hub, ana: User) -> None:
    start_group(hub=hub, name="Rua Nova", pickup_point=None, by=ana)
    change_group(group_id=group.pk, name="Bica", welcome="Come in", late_words="Please call", by=ana)
    with pytest.raises(InvalidInput):
        change_group(group_id=group.pk, name="Rua Nova", welcome="", late_words="", by=ana)
    assert Group.objects.values_list("name", "welcome", "late_words").get(pk=group.pk) == (
        "Bica",
        "Come in",
        "Please call",
    )
