"""Orders by phone and on paper: a coordinator speaks for a household of the hub, and the household is told."""

from typing import Any

import pytest

from marketplace import clock
from marketplace.actions.on_behalf.cancel_on_behalf import cancel_on_behalf
from marketplace.actions.on_behalf.change_on_behalf import change_on_behalf
from marketplace.actions.on_behalf.reserve_on_behalf import reserve_on_behalf
from marketplace.actions.reserve import ReservationAnswer
from marketplace.errors import InvalidInput, MembershipNeeded, NotFound
from marketplace.models import Group, GroupMember, Household, HubMembership, Notice, ReservationVersion
from marketplace.queries.on_behalf import find_households, phone_rows
from marketplace.rules.roles import Role
from marketplace.rules.states import MembershipState
from marketplace.rules.wanted import WantedLine
from tests.factories import NOON, make_household, make_hub, make_hub_staff, make_user
from tests.marketplace.reserving_ground import Shop, everything, want

pytestmark = pytest.mark.django_db


class Ground(Shop):
    """A shop with a coordinator at the phone, and Ana's household a member of the hub."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.carla = make_hub_staff(self.hub)
        self.joins(self.household)

    def joins(self, household: Household) -> None:
        HubMembership.objects.create(
            household=household, hub=self.hub, state=MembershipState.MEMBER.value, asked_at=NOON
        )

    def phones(self, *lines: WantedLine, act: Any = reserve_on_behalf, **named: Any) -> ReservationAnswer:
        asked = {"household_id": self.household.pk, "via": "phone", "request_key": "call", "by": self.carla}
        with clock.frozen(self.at):
            more = {} if act is cancel_on_behalf else {"lines": lines}
            answer: ReservationAnswer = act(round_id=self.round.pk, **{**asked, **more, **named})
            return answer


@pytest.fixture
def shop() -> Ground:
    return Ground()


def test_an_order_by_phone_is_marked_and_confirmed_to_the_household(shop: Ground) -> None:
    offer = shop.offer()
    answer = shop.phones(want(offer, 3))
    assert (shop.lines(), answer.state) == ({offer.pk: 3}, "placed")
    version = ReservationVersion.objects.get()
    assert (version.via, version.by, version.household) == ("phone", shop.carla, shop.household)
    notice = Notice.objects.get()
    assert (notice.user, notice.kind) == (shop.ana, "on_behalf")
    assert (notice.facts["lines"], notice.facts["by"], notice.facts["via"]) == (
        [{"product": "Tomatoes", "units": 3}], "Carla", "phone",
    )  # fmt: skip
    assert shop.phones(want(offer, 3)) == answer
    assert (ReservationVersion.objects.count(), Notice.objects.count()) == (1, 1)


def test_changing_and_cancelling_by_phone_are_told_too(shop: Ground) -> None:
    offer = shop.offer(cap=9)
    shop.reserve(want(offer, 3))
    shop.phones(want(offer, 5), act=change_on_behalf, request_key="second call", via="paper")
    assert shop.lines() == {offer.pk: 5}
    shop.phones(act=cancel_on_behalf, request_key="third call")
    assert shop.lines() == {}
    assert list(Notice.objects.order_by("pk").values_list("facts__via", "facts__state")) == [
        ("paper", "placed"), ("phone", "cancelled"),
    ]  # fmt: skip


def test_who_takes_no_orders_at_the_hub_finds_nothing_and_changes_nothing(shop: Ground) -> None:
    offer = shop.offer()
    before = everything()
    others = [make_hub_staff(make_hub()), make_hub_staff(shop.hub, Role.TREASURER), make_user("Eve"), shop.ana]
    for nobody in others:
        with pytest.raises(NotFound):
            shop.phones(want(offer, 3), by=nobody)
    assert everything() == before


def test_a_household_that_the_hub_does_not_know_is_not_found(shop: Ground) -> None:
    offer, stranger = shop.offer(), make_household("Stranger")
    before = everything()
    with pytest.raises(NotFound):
        shop.phones(want(offer, 3), household_id=stranger.pk)
    with pytest.raises(InvalidInput):
        shop.phones(want(offer, 3), via="self")
    assert (everything(), Notice.objects.count()) == (before, 0)


def test_who_may_not_order_may_not_order_by_phone_either(shop: Ground) -> None:
    offer = shop.offer()
    shop.hub.join_policy = "approval"
    shop.hub.save()
    HubMembership.objects.update(state=MembershipState.ASKED.value)
    with pytest.raises(MembershipNeeded):
        shop.phones(want(offer, 3))


def test_households_are_found_by_name_and_address_within_the_hub(shop: Ground) -> None:
    here, elsewhere = shop.hub, make_hub()
    grouped, reserved = make_household("Matos"), make_household("Matias")
    group = Group.objects.create(hub=here, name="Stairs", host=make_user("Host"), invitation="x")
    GroupMember.objects.create(group=group, household=grouped)
    offer = shop.offer()
    shop.reserve(want(offer, 1), by=reserved.members.get())
    make_household("Matilde")
    HubMembership.objects.create(
        household=make_household("Mateus"), hub=elsewhere, state=MembershipState.MEMBER.value, asked_at=NOON
    )
    assert [found.name for found in find_households(here.pk, "mat")] == ["Matias", "Matos"]
    [ana] = find_households(here.pk, shop.ana.email)
    assert (ana.household_id, ana.people) == (shop.household.pk, (f"Ana · {shop.ana.email}",))
    assert find_households(here.pk, "a") == []


@pytest.mark.parametrize("offers", [1, 20])
def test_the_form_takes_the_same_queries_whatever_the_round_offers(
    shop: Ground, offers: int, django_assert_num_queries: Any
) -> None:
    for number in range(offers):
        shop.offer(f"Product {number:02}")
    with clock.frozen(shop.at), django_assert_num_queries(5):
        rows = phone_rows(shop.round.pk, shop.household.pk)
    assert (len(rows), rows[0].product, rows[0].price_at_most_minor, rows[0].firm) == (offers, "Product 00", 240, 0)
