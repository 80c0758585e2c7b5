"""A link that two people open at the same moment lets one of them in."""

from threading import Barrier

import pytest

from marketplace import clock
from marketplace.actions.households.accept_household_invitation import accept_household_invitation
from marketplace.actions.households.invite_to_household import invite_to_household
from marketplace.actions.households.remove_household_member import remove_household_member
from marketplace.errors import InvitationSpent, LastOfHousehold
from marketplace.models import Household, HouseholdInvitation, HouseholdMember, User
from tests.factories import make_household, make_user
from tests.races.reserving_threads import at_once

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_control_looking_first_and_then_joining_lets_both_in() -> None:
    household, people = make_household("Ana"), [make_user("Bo"), make_user("Cy")]
    invite_to_household(by=household.members.get())
    both_have_looked = Barrier(2)

    def naive(person: User) -> None:
        invitation = HouseholdInvitation.objects.get()
        is_open = invitation.is_open(clock.now())
        both_have_looked.wait(10)
        if is_open:
            HouseholdInvitation.objects.filter(pk=invitation.pk).update(used_at=clock.now())
            HouseholdMember.objects.create(household=household, user=person)

    assert at_once([lambda person=person: naive(person) for person in people]) == [None] * 2  # type: ignore[misc]
    assert household.members.count() == 3


def test_of_eight_who_open_one_link_at_once_one_gets_in() -> None:
    household, people = make_household("Ana"), [make_user(f"P{n}") for n in range(8)]
    _, token = invite_to_household(by=household.members.get())
    acts = [lambda person=person: accept_household_invitation(token=token, by=person) for person in people]
    answers = at_once(acts)
    assert [answer for answer in answers if isinstance(answer, Household)] == [household]
    assert sum(isinstance(answer, InvitationSpent) for answer in answers) == 7
    assert household.members.count() == 2


def test_of_two_who_leave_at_once_one_stays() -> None:
    household = make_household("Ana")
    people = [household.members.get(), make_user("Bo")]
    HouseholdMember.objects.create(household=household, user=people[1])

    def leave(person: User) -> None:
        remove_household_member(household_id=household.pk, user_id=person.pk, by=person)

    answers = at_once([lambda person=person: leave(person) for person in people])  # type: ignore[misc]
    assert sum(isinstance(answer, LastOfHousehold) for answer in answers) == 1
    assert household.members.count() == 1
