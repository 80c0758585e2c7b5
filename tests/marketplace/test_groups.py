"""Groups: started, joined by the link, left again."""

import pytest

from marketplace.actions.join_group import join_group
from marketplace.actions.leave_group import leave_group
from marketplace.actions.start_group import start_group
from marketplace.errors import NotFound
from marketplace.models import Group, PickupPoint, User
from tests.factories import make_household, make_hub, make_user

pytestmark = pytest.mark.django_db


def neighbour(name: str) -> User:
    person = make_user(name)
    make_household(name, person)
    return person


@pytest.fixture
def ana() -> User:
    return neighbour("Ana")


@pytest.fixture
def group(ana: User) -> Group:
    return start_group(hub=make_hub(), name="Rua da Bica", pickup_point=None, by=ana)


def names(group: Group) -> list[str]:
    return sorted(group.members.values_list("name", flat=True))


def test_who_starts_a_group_is_its_host_and_first_member(group: Group, ana: User) -> None:
    assert (group.host, names(group)) == (ana, ["Ana"])


def test_a_group_is_not_started_at_another_hubs_pickup_point(ana: User) -> None:
    elsewhere = PickupPoint.objects.create(hub=make_hub(), name="Café", address="Rua Nova 1")
    with pytest.raises(NotFound):
        start_group(hub=make_hub(), name="Rua da Bica", pickup_point=elsewhere, by=ana)
    assert not Group.objects.exists()


def test_the_invitation_lets_a_household_in_once_however_often_it_is_used(group: Group) -> None:
    bea = neighbour("Bea")
    assert [join_group(invitation=group.invitation, by=bea) for _ in range(2)] == [group, group]
    assert names(group) == ["Ana", "Bea"]


def test_a_guessed_invitation_is_not_found(group: Group) -> None:
    with pytest.raises(NotFound):
        join_group(invitation=group.invitation[:-1], by=neighbour("Bea"))
    assert names(group) == ["Ana"]


def test_a_household_leaves_only_groups_that_it_is_in(group: Group) -> None:
    bea = neighbour("Bea")
    with pytest.raises(NotFound):
        leave_group(group_id=group.pk, by=bea)
    join_group(invitation=group.invitation, by=bea)
    leave_group(group_id=group.pk, by=bea)
    assert names(group) == ["Ana"]
