"""Who may reserve at a hub: everybody, members, and households on trial as long as that lasts."""

import pytest

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.closing.use_trials import use_trials
from marketplace.errors import InvalidLines, LimitExceeded, MembershipNeeded, StockShort
from marketplace.models import HubMembership, JoinPolicy, ReservationLine, TrialUse
from marketplace.problems import problem_for
from marketplace.rules.states import MembershipState, WindowState
from tests.factories import NOON, make_round, make_window
from tests.marketplace.reserving_ground import Shop, everything, line_of, want

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def by_approval(shop: Shop, *, trial_orders: int = 0) -> None:
    shop.hub.join_policy, shop.hub.trial_orders = JoinPolicy.APPROVAL, trial_orders
    shop.hub.save()


def stands(shop: Shop, state: MembershipState, left: int = 0) -> HubMembership:
    membership, _ = HubMembership.objects.update_or_create(
        household=shop.household,
        hub=shop.hub,
        defaults={"state": state.value, "trial_orders_left": left, "asked_at": NOON},
    )
    return membership


@pytest.mark.parametrize("state", [None, *(s for s in MembershipState if s is not MembershipState.MEMBER)])
def test_at_a_hub_by_approval_others_than_members_are_refused_and_nothing_changes(
    shop: Shop, state: MembershipState | None
) -> None:
    offer = shop.offer(cap=9)
    by_approval(shop)
    if state is not None:
        stands(shop, state)
    before = everything()
    with pytest.raises(MembershipNeeded) as refused:
        shop.reserve(want(offer, 2))
    assert refused.value.facts == {"hub": shop.hub.slug, "join_policy": "approval"}
    assert (problem_for(refused.value).status, problem_for(refused.value).type) == (409, "membership-needed")
    assert everything() == before


def test_members_reserve(shop: Shop) -> None:
    offer = shop.offer()
    by_approval(shop)
    stands(shop, MembershipState.MEMBER)
    assert line_of(shop.reserve(want(offer, 2)), offer).firm == 2


def test_at_an_open_hub_everybody_reserves_but_those_who_were_sent_away(shop: Shop) -> None:
    offer = shop.offer()
    assert line_of(shop.reserve(want(offer, 2)), offer).firm == 2
    stands(shop, MembershipState.REFUSED)
    with pytest.raises(MembershipNeeded):
        shop.change(want(offer, 3))


def test_an_open_hub_with_trial_orders_is_joined_first(shop: Shop) -> None:
    offer = shop.offer()
    shop.hub.trial_orders = 1
    shop.hub.save()
    with pytest.raises(MembershipNeeded):
        shop.reserve(want(offer, 2))


def test_who_may_order_no_more_may_still_order_less(shop: Shop) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    stands(shop, MembershipState.REFUSED)
    shop.change(want(offer, 1))
    assert shop.lines() == {offer.pk: 1}
    shop.cancel()
    assert shop.lines() == {}


def test_on_trial_a_round_that_was_begun_may_be_finished(shop: Shop) -> None:
    offer = shop.offer()
    by_approval(shop, trial_orders=1)
    membership = stands(shop, MembershipState.TRIAL, left=1)
    shop.reserve(want(offer, 2))
    HubMembership.objects.filter(pk=membership.pk).update(trial_orders_left=0)
    assert line_of(shop.change(want(offer, 3)), offer).firm == 3


def test_a_round_uses_one_trial_order_when_its_first_window_closes(shop: Shop) -> None:
    offer = shop.offer()
    dry = make_window(shop.round, [shop.supply], name="Dry")
    rice = shop.offer("Rice", window=dry)
    by_approval(shop, trial_orders=2)
    membership = stands(shop, MembershipState.TRIAL, left=2)
    shop.reserve(want(offer, 2), want(rice, 1))
    assert use_trials(window_id=shop.window.pk) == 0  # still open
    for window in (shop.window, dry):
        with clock.frozen(window.closes_at):
            assert close_window(window_id=window.pk) is not None
            use_trials(window_id=window.pk)
            use_trials(window_id=window.pk)
    membership.refresh_from_db()
    assert (membership.trial_orders_left, membership.state, TrialUse.objects.count()) == (1, "trial", 1)


def test_without_a_trial_order_left_the_next_round_is_refused(shop: Shop) -> None:
    by_approval(shop, trial_orders=1)
    stands(shop, MembershipState.TRIAL, left=0)
    later = make_window(make_round(shop.hub), [shop.supply], state=WindowState.OPEN)
    with pytest.raises(MembershipNeeded):
        shop.reserve(want(shop.offer(window=later), 1), round_id=later.round_id)


# Whole refusals, where they are asked for, and substitutes.


def test_where_nothing_is_left_the_whole_request_is_refused_if_that_is_asked_for(shop: Shop) -> None:
    gone, bread = shop.offer("Eggs", cap=0), shop.offer("Bread")
    before = everything()
    with pytest.raises(StockShort) as refused:
        shop.reserve(want(gone, 2), keeps_something=True)
    assert refused.value.facts == {"offer_id": gone.pk, "asked": 2, "kept": 0}
    assert (problem_for(refused.value).status, problem_for(refused.value).type) == (409, "stock-short")
    assert everything() == before
    assert len(shop.reserve(want(gone, 2), want(bread, 1), keeps_something=True).lines) == 2


def test_in_the_last_stretch_a_rise_that_only_opens_a_case_is_refused_as_a_whole_if_asked_for(shop: Shop) -> None:
    offer = shop.offer(case=6)
    shop.reserve(want(offer, 6))
    shop.to_filling()
    shop.others_reserve(offer, 6)
    before = everything()
    with pytest.raises(LimitExceeded) as refused:
        shop.change(want(offer, 7), keeps_something=True)
    assert refused.value.facts == {"offer_id": offer.pk, "at_most": 0}
    assert problem_for(refused.value).type == "limit-exceeded"
    assert everything() == before


def test_substitutes_are_kept_in_their_order(shop: Shop) -> None:
    offer, plum, cherry = shop.offer(), shop.offer("Plum tomatoes"), shop.offer("Cherry tomatoes")
    chosen = (cherry.product_id, plum.product_id)
    shop.reserve(want(offer, 2, substitutes=chosen))
    assert ReservationLine.objects.get().substitutes == list(chosen)
    shop.change(want(offer, 3, substitutes=(plum.product_id,)))
    assert ReservationLine.objects.get().substitutes == [plum.product_id]


def test_what_cannot_be_a_substitute_is_named_and_changes_nothing(shop: Shop) -> None:
    offer, other = shop.offer(), shop.offer("Plum tomatoes")
    elsewhere = shop.offer("Kale", window=make_window(make_round(shop.hub), [shop.supply]))
    before = everything()
    for substitutes, code in [
        ((offer.product_id,), "own_substitute"),
        ((elsewhere.product_id,), "no_such_substitute"),
        ((other.product_id, other.product_id), "no_such_substitute"),
        ((1, 2, 3, 4, 5, 6), "too_many_substitutes"),
        (("1",), "no_integer"),
    ]:
        with pytest.raises(InvalidLines) as refused:
            shop.reserve(want(offer, 2, substitutes=substitutes))
        assert [(p["place"], p["code"]) for p in refused.value.facts["problems"]] == [("lines[0].substitutes", code)]
    assert everything() == before
