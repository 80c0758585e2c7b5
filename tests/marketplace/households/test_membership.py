"""Joining a hub: open, by approval, by invitation; trial, fee, refusal, leaving."""

from typing import Any

import pytest
from django.db import transaction

from marketplace.actions.membership.admit_household import admit_household
from marketplace.actions.membership.become_member import become_member
from marketplace.actions.membership.change_hub_terms import change_hub_terms
from marketplace.actions.membership.invite_to_hub import invite_to_hub
from marketplace.actions.membership.join_hub import join_hub
from marketplace.actions.membership.leave_hub import leave_hub
from marketplace.actions.membership.mark_fee_received import mark_fee_received
from marketplace.actions.membership.refuse_household import refuse_household
from marketplace.actions.membership.use_trial_order import use_trial_order
from marketplace.errors import IllegalMove, InvalidInput, InvitationSpent, NotAllowed, NotFound
from marketplace.models import Hub, HubInvitation, HubMembership, Notice, StateChange, User
from marketplace.rules.states import MembershipState
from tests.factories import NOON, make_household, make_hub, make_hub_staff, make_user

pytestmark = pytest.mark.django_db


def a_hub(**terms: Any) -> Hub:
    hub = make_hub()
    Hub.objects.filter(pk=hub.pk).update(**terms)
    hub.refresh_from_db()
    return hub


@pytest.fixture
def ana() -> User:
    return make_household("Ana").members.get()


def moves(membership: HubMembership) -> list[tuple[str, str]]:
    changes = StateChange.objects.filter(kind="membership", object_id=membership.pk).order_by("pk")
    return list(changes.values_list("from_state", "to_state"))


def told(user: User) -> list[str]:
    return [notice.facts["what"] for notice in Notice.objects.filter(user=user).order_by("pk")]


def test_an_open_hub_takes_a_household_in_at_once_with_its_fee_and_first_limit(ana: User) -> None:
    held = join_hub(hub=a_hub(membership_fee_minor=1500, first_credit_limit_minor=5000), by=ana)
    assert (held.state, held.fee_minor, held.credit_limit_minor) == ("member", 1500, 5000)
    assert moves(held) == [("", "member")]
    assert told(ana) == ["member"]


def test_a_hub_with_a_trial_gives_the_trial_first(ana: User) -> None:
    held = join_hub(hub=a_hub(trial_orders=3, membership_fee_minor=1500), by=ana)
    assert (held.state, held.trial_orders_left, held.fee_minor) == ("trial", 3, 0)


def test_joining_twice_is_once(ana: User) -> None:
    hub = a_hub()
    assert join_hub(hub=hub, by=ana) == join_hub(hub=hub, by=ana)
    assert StateChange.objects.count() == 1


def test_by_approval_a_household_asks_and_those_who_admit_are_told(ana: User) -> None:
    hub = a_hub(join_policy="approval")
    carla = make_hub_staff(hub)
    held = join_hub(hub=hub, message="We live next door.", by=ana)
    assert (held.state, held.message) == ("asked", "We live next door.")
    assert (told(carla), told(ana)) == (["asked"], [])
    admitted = admit_household(membership_id=held.pk, to=MembershipState.MEMBER, by=carla)
    assert (admitted.state, admitted.decided_by) == ("member", carla)
    assert moves(held) == [("", "asked"), ("asked", "member")]
    assert told(ana) == ["member"]


def test_another_hubs_coordinator_finds_nothing_to_decide(ana: User) -> None:
    held = join_hub(hub=a_hub(join_policy="approval"), by=ana)
    stranger = make_hub_staff(make_hub())
    with pytest.raises(NotFound):
        admit_household(membership_id=held.pk, to=MembershipState.MEMBER, by=stranger)
    with pytest.raises(NotFound):
        refuse_household(membership_id=held.pk, reason="no", by=stranger)
    held.refresh_from_db()
    assert held.state == "asked"


def test_a_refusal_needs_a_reason_which_the_household_reads(ana: User) -> None:
    hub = a_hub(join_policy="approval")
    carla = make_hub_staff(hub)
    held = join_hub(hub=hub, by=ana)
    with pytest.raises(InvalidInput):
        refuse_household(membership_id=held.pk, reason="  ", by=carla)
    held.refresh_from_db()
    assert held.state == "asked"
    refused = refuse_household(membership_id=held.pk, reason="We are full until May.", by=carla)
    assert (refused.state, refused.reason) == ("refused", "We are full until May.")
    assert Notice.objects.get(user=ana).facts["reason"] == "We are full until May."


def test_who_was_refused_can_only_ask_again_even_where_everybody_may_join(ana: User) -> None:
    hub = a_hub()
    held = join_hub(hub=hub, by=ana)
    refuse_household(membership_id=held.pk, reason="Never collected.", by=make_hub_staff(hub))
    assert join_hub(hub=hub, message="Sorry.", by=ana).state == "asked"


def test_two_decisions_at_once_are_one(ana: User) -> None:
    hub = a_hub(join_policy="approval")
    carla = make_hub_staff(hub)
    held = join_hub(hub=hub, by=ana)
    admit_household(membership_id=held.pk, to=MembershipState.MEMBER, by=carla)
    with pytest.raises(IllegalMove):
        admit_household(membership_id=held.pk, to=MembershipState.TRIAL, by=carla)
    assert len(moves(held)) == 2


def test_by_invitation_only_a_members_link_lets_a_household_in_and_once(ana: User) -> None:
    hub = a_hub(join_policy="invitation")
    with pytest.raises(NotAllowed):
        join_hub(hub=hub, by=ana)
    with pytest.raises(NotAllowed):
        invite_to_hub(hub=hub, by=ana)
    member = make_household("Mia").members.get()
    HubMembership.objects.create(hub=hub, household=member.households.get(), state="member", asked_at=NOON)
    link, token = invite_to_hub(hub=hub, by=member)
    assert token not in str(HubInvitation.objects.values().get())
    assert join_hub(hub=hub, invitation=token, by=ana).invited_by == member
    with pytest.raises(InvitationSpent):
        join_hub(hub=hub, invitation=token, by=make_household("Bo").members.get())
    assert HubMembership.objects.count() == 2
    link.refresh_from_db()
    assert link.used_by == ana.households.get()


def test_a_link_of_who_has_left_lets_nobody_in(ana: User) -> None:
    hub = a_hub()
    mia = make_household("Mia").members.get()
    join_hub(hub=hub, by=mia)
    token = invite_to_hub(hub=hub, by=mia)[1]
    leave_hub(hub=hub, by=mia)
    with pytest.raises(InvitationSpent):
        join_hub(hub=hub, invitation=token, by=ana)
    assert HubMembership.objects.count() == 1


def test_a_link_of_another_hub_is_not_found_here(ana: User) -> None:
    mia = make_household("Mia").members.get()
    other = a_hub()
    join_hub(hub=other, by=mia)
    token = invite_to_hub(hub=other, by=mia)[1]
    with pytest.raises(NotFound):
        join_hub(hub=a_hub(join_policy="invitation"), invitation=token, by=ana)


def test_the_last_trial_order_tells_what_comes_next(ana: User) -> None:
    hub = a_hub(trial_orders=2)
    held = join_hub(hub=hub, by=ana)
    with transaction.atomic():
        assert use_trial_order(household_id=held.household_id, hub_id=hub.pk)
    assert told(ana) == ["trial"]
    with transaction.atomic():
        assert use_trial_order(household_id=held.household_id, hub_id=hub.pk)
        assert not use_trial_order(household_id=held.household_id, hub_id=hub.pk)
    assert told(ana) == ["trial", "trial_used"]


def test_after_the_trial_a_household_becomes_a_member_itself_where_the_hub_leaves_it_so(ana: User) -> None:
    hub = a_hub(trial_orders=1, membership_fee_minor=900)
    join_hub(hub=hub, by=ana)
    held = become_member(hub=hub, by=ana)
    assert (held.state, held.fee_minor) == ("member", 900)


def test_where_the_hub_approves_the_household_cannot_admit_itself(ana: User) -> None:
    hub = a_hub(trial_orders=1, join_policy="approval")
    held = join_hub(hub=hub, by=ana)
    admit_household(membership_id=held.pk, to=MembershipState.TRIAL, by=make_hub_staff(hub))
    with pytest.raises(NotAllowed):
        become_member(hub=hub, by=ana)
    held.refresh_from_db()
    assert held.state == "trial"


def test_leaving_and_coming_back_gives_no_second_trial(ana: User) -> None:
    hub = a_hub(trial_orders=2)
    held = join_hub(hub=hub, by=ana)
    with transaction.atomic():
        use_trial_order(household_id=held.household_id, hub_id=hub.pk)
    assert leave_hub(hub=hub, by=ana).state == "left"
    again = join_hub(hub=hub, by=ana)
    assert (again.state, again.trial_orders_left) == ("trial", 1)


def test_a_fee_is_noted_once(ana: User) -> None:
    hub = a_hub(membership_fee_minor=900)
    carla, held = make_hub_staff(hub), join_hub(hub=hub, by=ana)
    assert mark_fee_received(membership_id=held.pk, by=carla).fee_received_at is not None
    with pytest.raises(IllegalMove):
        mark_fee_received(membership_id=held.pk, by=carla)
    assert ("fee due", "fee received") in moves(held)


def test_terms_are_checked_and_change_nobodys_standing(ana: User) -> None:
    hub = a_hub()
    carla, held = make_hub_staff(hub), join_hub(hub=hub, by=ana)
    with pytest.raises(InvalidInput) as refused:
        change_hub_terms(
            hub_id=hub.pk, join_policy="lottery", trial_orders=99, membership_fee_minor=-1,
            first_credit_limit_minor=0, by=carla,
        )  # fmt: skip
    assert [p["place"] for p in refused.value.facts["problems"]] == ["join_policy", "trial_orders", "membership_fee"]
    change_hub_terms(
        hub_id=hub.pk, join_policy="approval", trial_orders=2, membership_fee_minor=1000,
        first_credit_limit_minor=3000, by=carla,
    )  # fmt: skip
    hub.refresh_from_db()
    held.refresh_from_db()
    assert (hub.join_policy, hub.trial_orders, held.state, held.fee_minor) == ("approval", 2, "member", 0)


def test_only_those_who_admit_change_the_terms() -> None:
    hub = a_hub()
    with pytest.raises(NotFound):
        change_hub_terms(
            hub_id=hub.pk, join_policy="open", trial_orders=0, membership_fee_minor=0, first_credit_limit_minor=0,
            by=make_user("Zoe"),
        )  # fmt: skip
