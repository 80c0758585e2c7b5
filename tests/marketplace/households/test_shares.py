"""A line shared with another household in stated parts."""

from datetime import timedelta
from typing import Any

import pytest

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.sharing.answer_share import answer_share
from marketplace.actions.sharing.end_open_shares import end_open_shares
from marketplace.actions.sharing.offer_share import offer_share
from marketplace.actions.sharing.withdraw_share import withdraw_share
from marketplace.errors import IllegalMove, InvalidInput, InvitationSpent, NotFound, WindowClosed
from marketplace.models import DepositType, Group, GroupMember, Household, LineShare, Notice, Offer, Product
from marketplace.queries.shares import shares_of_households, shares_of_reservation, shares_taken
from marketplace.views.sharing import notes_taken
from tests.factories import NOON, make_household
from tests.marketplace.reserving_ground import Shop, want

pytestmark = pytest.mark.django_db


class Sack:
    """Ana reserved one sack at 24.71; Bo is in her group, Zoe is not."""

    def __init__(self) -> None:
        self.shop = Shop()
        self.offer: Offer = self.shop.offer("Flour, 25 kg", ladder=((1, 2000, 2471),))
        self.ana, self.bo, self.zoe = self.shop.household, make_household("Bo"), make_household("Zoe")
        group = Group.objects.create(hub=self.shop.hub, name="Street", host=self.shop.ana, invitation="x")
        for household in (self.ana, self.bo):
            GroupMember.objects.create(group=group, household=household)
        self.shop.reserve(want(self.offer, 1))

    def share(
        self, to: Household | None = None, parts: int = 1, total: int = 2, at: Any = NOON
    ) -> tuple[LineShare, str]:
        with clock.frozen(at):
            return offer_share(
                round_id=self.shop.round.pk, offer_id=self.offer.pk, parts=parts, total_parts=total,
                to_household_id=to.pk if to else None, by=self.shop.ana,
            )  # fmt: skip

    def answer(self, who: Household, accept: bool = True, at: Any = NOON, **named: Any) -> LineShare:
        with clock.frozen(at):
            return answer_share(accept=accept, by=who.members.get(), **named)

    def close(self) -> None:
        with clock.frozen(self.shop.window.closes_at + timedelta(seconds=1)):
            assert close_window(window_id=self.shop.window.pk) is not None
            end_open_shares(window_id=self.shop.window.pk)


@pytest.fixture
def sack() -> Sack:
    return Sack()


def test_both_households_are_told_their_exact_part_after_the_close(sack: Sack) -> None:
    share, _ = sack.share(sack.bo)
    sack.answer(sack.bo, share_id=share.pk)
    sack.close()
    (mine,) = shares_of_reservation(share.reservation_id)[sack.offer.pk]
    (theirs,) = shares_taken(sack.bo.pk, sack.shop.round.pk)
    assert mine.bill is not None
    assert (mine.bill.quantity, mine.bill.charged_minor) == (1, 2471)
    assert (mine.ours, theirs.theirs) == ((1236, 0), (1235, 0))  # the odd cent goes to the smaller household id


def test_a_deposit_is_split_like_the_charge(sack: Sack) -> None:
    crate = DepositType.objects.create(name="crate", amount_minor=301)
    Product.objects.filter(pk=sack.offer.product_id).update(deposit_type=crate)
    share, _ = sack.share(sack.bo)
    sack.answer(sack.bo, share_id=share.pk)
    sack.close()
    (theirs,) = shares_taken(sack.bo.pk, sack.shop.round.pk)
    assert theirs.theirs == (1235, 150)


def test_the_page_says_your_half(sack: Sack) -> None:
    share, _ = sack.share(sack.bo)
    sack.answer(sack.bo, share_id=share.pk)
    sack.close()
    with clock.frozen(NOON + timedelta(days=1)):
        (note,) = notes_taken(sack.bo.pk, sack.shop.round.pk)
    assert (note.pay, note.part, note.ends) == ("your half: €12.35", "a half", False)


def test_three_households_split_a_sack_and_the_parts_add_up(sack: Sack) -> None:
    first, token_a = sack.share(parts=1, total=3)
    _second, token_b = sack.share(parts=1, total=3)
    sack.answer(sack.bo, token=token_a)
    sack.answer(sack.zoe, token=token_b)
    sack.close()
    found = shares_of_reservation(first.reservation_id)[sack.offer.pk]
    parts = [shared.theirs[0] for shared in found if shared.theirs]
    assert found[0].ours is not None
    assert sum(parts) + found[0].ours[0] == 2471
    assert sorted([*parts, found[0].ours[0]]) == [823, 824, 824]


def test_what_nobody_accepted_is_the_offerers_and_it_is_told(sack: Sack) -> None:
    share, _ = sack.share(sack.bo)
    sack.close()
    share.refresh_from_db()
    assert share.state == "withdrawn"
    assert [n.facts["what"] for n in Notice.objects.filter(user=sack.shop.ana, kind="invitation")] == [
        "share_unaccepted"
    ]
    assert shares_of_reservation(share.reservation_id) == {}
    with pytest.raises(WindowClosed):
        sack.answer(sack.bo, share_id=share.pk, at=sack.shop.window.closes_at)


def test_ending_twice_or_in_a_window_that_is_open_again_ends_nothing(sack: Sack) -> None:
    share, _ = sack.share(sack.bo)
    assert end_open_shares(window_id=sack.shop.window.pk) == 0
    share.refresh_from_db()
    assert share.state == "offered"
    sack.close()
    assert end_open_shares(window_id=sack.shop.window.pk) == 0


def test_an_answer_after_the_close_is_refused_and_changes_nothing(sack: Sack) -> None:
    share, _ = sack.share(sack.bo)
    with pytest.raises(WindowClosed):
        sack.answer(sack.bo, share_id=share.pk, at=sack.shop.window.closes_at)
    share.refresh_from_db()
    assert (share.state, share.answered_at) == ("offered", None)


def test_a_link_is_used_up_by_the_first_who_takes_it(sack: Sack) -> None:
    share, token = sack.share()
    assert sack.answer(sack.zoe, token=token).household == sack.zoe
    with pytest.raises(InvitationSpent):
        sack.answer(sack.bo, token=token)
    share.refresh_from_db()
    assert share.household == sack.zoe


def test_a_household_takes_one_part_of_a_line_only(sack: Sack) -> None:
    _first, token = sack.share(parts=1, total=3)
    sack.answer(sack.bo, token=token)
    _second, other = sack.share(parts=1, total=3)
    with pytest.raises(InvitationSpent):
        sack.answer(sack.bo, token=other)


def test_ones_own_line_cannot_be_taken(sack: Sack) -> None:
    _share, token = sack.share()
    with pytest.raises(NotFound):
        sack.answer(sack.ana, token=token)


def test_a_household_of_no_common_group_cannot_be_named(sack: Sack) -> None:
    with pytest.raises(NotFound):
        sack.share(sack.zoe)
    assert not LineShare.objects.exists()


@pytest.mark.parametrize(("parts", "total"), [(2, 2), (0, 2), (1, 1), (1, 101)])
def test_at_least_one_part_stays_the_offerers(sack: Sack, parts: int, total: int) -> None:
    with pytest.raises(InvalidInput):
        sack.share(sack.bo, parts, total)
    assert not LineShare.objects.exists()


def test_shares_of_one_line_use_the_same_parts_and_never_exceed_it(sack: Sack) -> None:
    sack.share(sack.bo, 1, 3)
    with pytest.raises(InvalidInput):
        sack.share(None, 1, 4)
    with pytest.raises(InvalidInput):
        sack.share(None, 2, 3)
    assert LineShare.objects.count() == 1


def test_a_stranger_can_neither_answer_nor_end_it(sack: Sack) -> None:
    share, _ = sack.share(sack.bo)
    with pytest.raises(NotFound):
        sack.answer(sack.zoe, share_id=share.pk)
    with clock.frozen(NOON), pytest.raises(NotFound):
        withdraw_share(share_id=share.pk, by=sack.bo.members.get())
    share.refresh_from_db()
    assert share.state == "offered"


def test_an_accepted_part_is_given_back_before_the_close_and_both_hear_of_it(sack: Sack) -> None:
    share, _ = sack.share(sack.bo)
    sack.answer(sack.bo, share_id=share.pk)
    sack.answer(sack.bo, accept=False, share_id=share.pk)
    with pytest.raises(IllegalMove):
        sack.answer(sack.bo, share_id=share.pk)
    assert [n.facts["what"] for n in Notice.objects.filter(user=sack.shop.ana).order_by("pk")] == [
        "share_accepted",
        "share_declined",
    ]


def test_a_share_outlives_a_line_that_is_taken_out_but_then_costs_nothing(sack: Sack) -> None:
    share, _ = sack.share(sack.bo)
    sack.answer(sack.bo, share_id=share.pk)
    sack.shop.reserve(want(sack.offer, 0))
    (theirs,) = shares_taken(sack.bo.pk, sack.shop.round.pk)
    assert (theirs.line, theirs.bill) == (None, None)


@pytest.mark.parametrize("many", [1, 20])
def test_the_list_costs_the_same_for_one_and_for_twenty(sack: Sack, many: int, django_assert_num_queries: Any) -> None:
    for _ in range(many):
        sack.share(None, 1, 50)
    with django_assert_num_queries(4):
        assert len(shares_of_households([sack.ana.pk])) == many
