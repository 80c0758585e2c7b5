"""A household: who belongs to it, inviting, moving in and out, acting as one of several."""

from datetime import timedelta
from typing import Any

import pytest

from marketplace import clock
from marketplace.access import household_of
from marketplace.actions.households.accept_household_invitation import accept_household_invitation
from marketplace.actions.households.change_household import change_household
from marketplace.actions.households.choose_household import choose_household
from marketplace.actions.households.invite_to_household import MOST_OPEN, VALID_FOR, invite_to_household
from marketplace.actions.households.remove_household_member import remove_household_member
from marketplace.actions.households.withdraw_household_invitation import withdraw_household_invitation
from marketplace.errors import InvalidInput, InvitationSpent, LastOfHousehold, NotFound
from marketplace.models import Household, HouseholdInvitation, HouseholdMember, Notice, ReservationLine, StateChange
from marketplace.queries.households import household_page, open_reservations
from tests.factories import NOON, make_household, make_user
from tests.marketplace.reserving_ground import Shop, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> Household:
    return make_household("Ana")


def members(household: Household) -> list[str]:
    return sorted(household.members.values_list("name", flat=True))


def invited(household: Household, email: str = "") -> str:
    return invite_to_household(email=email, by=household.members.order_by("pk")[0])[1]


def test_the_link_of_an_invitation_is_kept_as_a_hash_only(ana: Household) -> None:
    token = invited(ana)
    row = HouseholdInvitation.objects.get()
    assert len(token) == 32
    assert token not in str(HouseholdInvitation.objects.values().get())
    assert row.expires_at - row.created_at == VALID_FOR


def test_whoever_accepts_belongs_and_acts_as_the_household_from_then_on(ana: Household) -> None:
    bo = make_household("Bo").members.get()
    assert accept_household_invitation(token=invited(ana), by=bo) == ana
    bo.refresh_from_db()
    assert members(ana) == ["Ana", "Bo"]
    assert household_of(bo) == ana


def test_a_household_of_one_that_was_never_used_goes_when_its_person_moves_in(ana: Household) -> None:
    bo = make_household("Bo").members.get()
    accept_household_invitation(token=invited(ana), by=bo)
    assert list(Household.objects.all()) == [ana]


def test_what_somebody_reserved_alone_stays_readable_and_open_after_moving_in(ana: Household) -> None:
    shop = Shop(make_household("Bo"))
    shop.reserve(want(shop.offer(), 3))
    with clock.frozen(NOON):
        accept_household_invitation(token=invited(ana), by=shop.ana)
        bo = make_household("x").members.model.objects.get(pk=shop.ana.pk)
        assert [h.name for h in household_page(bo).all_mine] == ["Ana", "Bo"]
        assert [r.household.name for r in open_reservations([shop.household.pk])] == ["Bo"]
        assert household_of(bo, shop.household.pk) == shop.household
    assert list(ReservationLine.objects.values_list("reservation__household__name", "firm")) == [("Bo", 3)]


def test_a_household_with_an_address_is_kept_too(ana: Household) -> None:
    alone = make_household("Bo")
    Household.objects.filter(pk=alone.pk).update(address="Rua do Sol 3")
    accept_household_invitation(token=invited(ana), by=alone.members.get())
    assert Household.objects.count() == 2


def test_an_invitation_works_once(ana: Household) -> None:
    token = invited(ana)
    accept_household_invitation(token=token, by=make_user("Bo"))
    with pytest.raises(InvitationSpent):
        accept_household_invitation(token=token, by=make_user("Cy"))
    assert members(ana) == ["Ana", "Bo"]


def test_a_member_who_opens_the_link_uses_nothing_up(ana: Household) -> None:
    token = invited(ana)
    accept_household_invitation(token=token, by=ana.members.get())
    accept_household_invitation(token=token, by=make_user("Bo"))
    assert members(ana) == ["Ana", "Bo"]


def test_an_invitation_ends_after_seven_days_and_changes_nothing(ana: Household) -> None:
    with clock.frozen(NOON):
        token = invited(ana)
    with clock.frozen(NOON + VALID_FOR), pytest.raises(InvitationSpent):
        accept_household_invitation(token=token, by=make_user("Bo"))
    with clock.frozen(NOON + VALID_FOR - timedelta(seconds=1)):
        accept_household_invitation(token=token, by=make_user("Cy"))
    assert members(ana) == ["Ana", "Cy"]


def test_a_withdrawn_or_unknown_invitation_lets_nobody_in(ana: Household) -> None:
    token = invited(ana)
    withdraw_household_invitation(invitation_id=HouseholdInvitation.objects.get().pk, by=ana.members.get())
    with pytest.raises(InvitationSpent):
        accept_household_invitation(token=token, by=make_user("Bo"))
    with pytest.raises(NotFound):
        accept_household_invitation(token="guessed", by=make_user("Cy"))
    assert members(ana) == ["Ana"]


def test_an_invitation_of_others_cannot_be_withdrawn(ana: Household) -> None:
    invited(ana)
    with pytest.raises(NotFound):
        withdraw_household_invitation(invitation_id=HouseholdInvitation.objects.get().pk, by=make_user("Bo"))
    assert HouseholdInvitation.objects.get().withdrawn_at is None


def test_only_so_many_invitations_wait_at_once(ana: Household) -> None:
    for _ in range(MOST_OPEN):
        invited(ana)
    with pytest.raises(InvalidInput):
        invited(ana)
    assert HouseholdInvitation.objects.count() == MOST_OPEN


def test_the_others_are_told_who_moved_in(ana: Household) -> None:
    accept_household_invitation(token=invited(ana), by=make_user("Bo"))
    told = Notice.objects.get()
    assert told.user == ana.members.order_by("pk")[0]
    assert told.facts == {"what": "household_joined", "person": "Bo", "household": "Ana"}


def test_the_last_person_cannot_leave(ana: Household) -> None:
    person = ana.members.get()
    with pytest.raises(LastOfHousehold):
        remove_household_member(household_id=ana.pk, user_id=person.pk, by=person)
    assert members(ana) == ["Ana"]
    assert not StateChange.objects.exists()


def test_who_leaves_begins_anew_with_a_household_of_one(ana: Household) -> None:
    bo = make_household("Bo").members.get()
    accept_household_invitation(token=invited(ana), by=bo)
    remove_household_member(household_id=ana.pk, user_id=bo.pk, by=bo)
    bo.refresh_from_db()
    assert household_of(bo).name == "Bo"
    assert household_of(bo) != ana
    assert members(ana) == ["Ana"]


def test_who_is_removed_is_told_by_whom(ana: Household) -> None:
    bo, anas = make_user("Bo"), ana.members.get()
    accept_household_invitation(token=invited(ana), by=bo)
    remove_household_member(household_id=ana.pk, user_id=bo.pk, by=anas)
    assert Notice.objects.get(user=bo).facts["by"] == "Ana"


def test_a_stranger_can_neither_remove_nor_rename(ana: Household) -> None:
    stranger = make_household("Zoe").members.get()
    with pytest.raises(NotFound):
        remove_household_member(household_id=ana.pk, user_id=ana.members.get().pk, by=stranger)
    with pytest.raises(NotFound):
        change_household(
            household_id=ana.pk, name="Mine", address="", delivery_notes="", avoids=[], diets=[], by=stranger
        )
    ana.refresh_from_db()
    assert (members(ana), ana.name) == (["Ana"], "Ana")


def test_presets_are_codes_in_their_order_and_a_new_address_forgets_the_coordinates(ana: Household) -> None:
    Household.objects.filter(pk=ana.pk).update(address="Old", latitude=38.7, longitude=-9.1)
    change_household(
        household_id=ana.pk, name=" We ", address="New", delivery_notes="Ring twice", avoids=["nuts", "gluten"],
        diets=["vegan"], by=ana.members.get(),
    )  # fmt: skip
    ana.refresh_from_db()
    assert (ana.name, ana.address, ana.latitude, ana.avoids, ana.diets) == (
        "We",
        "New",
        None,
        ["gluten", "nuts"],
        ["vegan"],
    )


def test_an_unknown_allergen_is_refused_and_changes_nothing(ana: Household) -> None:
    with pytest.raises(InvalidInput) as refused:
        change_household(
            household_id=ana.pk,
            name="",
            address="New",
            delivery_notes="",
            avoids=["dust"],
            diets=[],
            by=ana.members.get(),
        )
    assert [problem["place"] for problem in refused.value.facts["problems"]] == ["name", "avoids"]
    ana.refresh_from_db()
    assert (ana.name, ana.address) == ("Ana", "")


def test_somebody_in_two_households_reserves_as_the_chosen_one(ana: Household) -> None:
    shop = Shop(make_household("Bo"))
    offer, bo = shop.offer(), shop.ana
    HouseholdMember.objects.create(household=ana, user=bo)
    shop.reserve(want(offer, 1), by=bo)
    choose_household(household_id=ana.pk, by=bo)
    shop.reserve(want(offer, 2), by=bo, household_id=household_of(bo).pk)
    assert (shop.lines(), shop.lines(ana)) == ({offer.pk: 1}, {offer.pk: 2})


def test_a_choice_of_a_household_that_was_left_counts_no_more(ana: Household) -> None:
    bo = make_household("Bo").members.get()
    HouseholdMember.objects.create(household=ana, user=bo)
    choose_household(household_id=ana.pk, by=bo)
    HouseholdMember.objects.filter(household=ana, user=bo).delete()
    assert household_of(bo).name == "Bo"
    with pytest.raises(NotFound):
        choose_household(household_id=ana.pk, by=bo)


@pytest.mark.parametrize("many", [1, 20])
def test_the_page_costs_the_same_for_one_and_for_twenty(
    ana: Household, many: int, django_assert_num_queries: Any
) -> None:
    for n in range(many):
        HouseholdMember.objects.create(household=ana, user=make_user(f"P{n}"))
    person = ana.members.order_by("pk")[0]
    with clock.frozen(NOON), django_assert_num_queries(4):
        assert len(household_page(person).members) == many + 1
