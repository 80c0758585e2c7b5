"""Changed offers: an improvement applies at once, anything else by agreement, a lower cap is shared out at once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from marketplace import clock
from marketplace.actions.close_window import close_window
from marketplace.actions.offers.agree_to_change import agree_to_change
from marketplace.actions.offers.change_offer import change_offer
from marketplace.actions.offers.decline_change import decline_change
from marketplace.actions.offers.tell_change import tell_change
from marketplace.actions.offers.tell_released import tell_released
from marketplace.actions.reserve import LineReason, LineStatus
from marketplace.errors import IllegalMove, InvalidInput, NotFound, PriceChanged, WindowClosed
from marketplace.models import (
    Allocation,
    ClearingRun,
    Household,
    Notice,
    Offer,
    OfferChange,
    OrderingWindow,
    PriceStep,
    PurchaseOrderLine,
    Reservation,
    ReservationLine,
    ReservationVersion,
    User,
    Via,
)
from marketplace.queries.demand import demand_groups
from marketplace.queries.offer_changes import changes_for, effect_of, terms_now
from marketplace.queries.reservations import basket, outcome_lines, own_lines
from marketplace.rules.clearing.terms import PriceStep as Step
from marketplace.rules.offer_changes import Terms
from tests.factories import (
    make_handover,
    make_household,
    make_hub_staff,
    make_merchant,
    make_merchant_member,
    make_user,
)
from tests.marketplace.reserving_ground import Shop, everything, line_of, taken, want

pytestmark = pytest.mark.django_db

DEARER = (Step(1, 195, 250),)


class Ground(Shop):
    """A shop whose coordinator and merchant change offers."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.carla = make_hub_staff(self.hub)

    def terms(self, offer: Offer) -> Terms:
        return terms_now(Offer.objects.select_related("capacity").get(pk=offer.pk))

    def changes(self, offer: Offer, by: User | None = None, reason: str = "Frost", **change: Any) -> OfferChange | None:
        with clock.frozen(self.at):
            terms = replace(self.terms(offer), **change)
            return change_offer(offer_id=offer.pk, terms=terms, reason=reason, by=by or self.carla)

    def agree(self, offer: Offer, version: int = 2, by: User | None = None) -> Any:
        with clock.frozen(self.at):
            return agree_to_change(round_id=self.round.pk, offer_id=offer.pk, version=version, by=by or self.ana)

    def decline(self, offer: Offer, version: int = 2, by: User | None = None) -> Any:
        with clock.frozen(self.at):
            return decline_change(round_id=self.round.pk, offer_id=offer.pk, version=version, by=by or self.ana)

    def pending(self, by: User | None = None) -> list[Any]:
        with clock.frozen(self.at):
            return changes_for(by or self.ana, self.round.pk)

    def close(self) -> None:
        with clock.frozen(self.window.closes_at):
            assert close_window(window_id=self.window.pk) is not None

    def firm_that_counts(self, offer: Offer) -> int:
        return sum(group.firm for group in demand_groups([offer.pk]).get(offer.pk, []))


@pytest.fixture
def shop() -> Ground:
    return Ground()


def agreed(household: Household) -> int:
    return ReservationLine.objects.get(reservation__household=household).agreed_version


def test_before_opening_everything_may_change_and_nobody_is_asked(shop: Ground) -> None:
    offer = shop.offer(case=6)
    OrderingWindow.objects.update(state="scheduled")
    change = shop.changes(offer, reason="", ladder=DEARER, case=4, cap=20)
    assert change is not None
    offer.refresh_from_db()
    assert (offer.version, offer.case, offer.capacity and offer.capacity.limit) == (2, 4, 20)
    assert list(PriceStep.objects.filter(offer=offer).values_list("from_quantity", "unit_price_minor")) == [(1, 250)]


def test_an_improvement_applies_at_once_to_everybody(shop: Ground) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    change = shop.changes(offer, ladder=(Step(1, 180, 230),))
    assert change is not None
    assert (change.version, change.needs_agreement, change.before["ladder"], change.after["ladder"]) == (
        2, False, [[1, 240]], [[1, 230]],
    )  # fmt: skip
    assert (shop.firm_that_counts(offer), shop.pending()) == (3, [])
    with clock.frozen(shop.at):
        told = basket(shop.household.pk, shop.round.pk)
    assert told is not None
    assert (told.lines[0].needs_agreement, told.lines[0].price_at_most_minor) == (False, 230)


def test_anything_else_waits_for_each_household(shop: Ground) -> None:
    offer, bea = shop.offer(), make_household("Bea")
    shop.reserve(want(offer, 3))
    shop.reserve(want(offer, 2), by=bea.members.get())
    shop.changes(offer, ladder=DEARER)
    assert shop.firm_that_counts(offer) == 0
    assert own_lines(shop.household.pk, shop.round.pk)[offer.pk].needs_agreement
    [pending] = shop.pending()
    assert (pending.offer_id, pending.product_name, pending.version, pending.firm) == (offer.pk, "Tomatoes", 2, 3)
    assert (pending.before.ladder[0].unit_price, pending.after.ladder[0].unit_price) == (240, 250)
    assert (pending.reasons, pending.closes_at, pending.currency) == (("Frost",), shop.window.closes_at, "EUR")
    answer = shop.agree(offer)
    assert (line_of(answer, offer).status, line_of(answer, offer).firm) == (LineStatus.SURE, 3)
    assert (shop.firm_that_counts(offer), shop.pending(), agreed(shop.household), agreed(bea)) == (3, [], 2, 1)


def test_without_an_agreement_the_line_is_released_at_the_close(shop: Ground) -> None:
    offer, bea = shop.offer(), make_household("Bea")
    shop.reserve(want(offer, 3))
    shop.reserve(want(offer, 2), by=bea.members.get())
    shop.changes(offer, ladder=DEARER)
    shop.agree(offer, by=bea.members.get())
    shop.close()
    assert PurchaseOrderLine.objects.get().ordered == 2
    assert list(Allocation.objects.values_list("quantity", "charged_minor", "reason")) == [(0, 0, "not_agreed")]
    [mine] = outcome_lines(Reservation.objects.get(household=shop.household))
    assert (mine.asked, mine.quantity, mine.charged_minor, mine.reason) == (3, 0, 0, "not_agreed")
    [hers] = outcome_lines(Reservation.objects.get(household=bea))
    assert (hers.quantity, hers.charged_minor, hers.reason) == (2, 500, "in_full")
    assert tell_released(window_id=shop.window.pk, run_id=ClearingRun.objects.get().pk) == 1
    notice = Notice.objects.get()
    assert (notice.user, notice.kind, notice.facts["lines"]) == (
        shop.ana, "released", [{"product": "Tomatoes", "units": 3}],
    )  # fmt: skip


def test_an_offer_that_is_not_reached_without_the_released_lines_says_so_to_them(shop: Ground) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    shop.changes(offer, ladder=DEARER)
    shop.close()
    [mine] = outcome_lines(Reservation.objects.get())
    assert (mine.quantity, mine.reason, mine.reached, Allocation.objects.count()) == (0, "not_agreed", False, 0)


def test_a_line_that_waits_keeps_its_place_and_gives_it_back_when_declined(shop: Ground) -> None:
    offer = shop.offer(cap=10)
    shop.reserve(want(offer, 3))
    shop.changes(offer, ladder=DEARER)
    assert taken(offer.capacity) == 3
    answer = shop.decline(offer)
    assert (answer.state, shop.lines(), taken(offer.capacity)) == ("cancelled", {}, 0)
    assert shop.decline(offer) == answer


def test_agreeing_twice_is_one_version(shop: Ground) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    shop.changes(offer, ladder=DEARER)
    assert shop.agree(offer) == shop.agree(offer)
    assert ReservationVersion.objects.count() == 2


def test_in_the_last_stretch_agreeing_and_declining_are_in_time(shop: Ground) -> None:
    sack, offer = shop.offer("Sack", case=6), shop.offer(case=6)
    shop.reserve(want(offer, 3), want(sack, 3))
    shop.changes(offer, ladder=DEARER)
    shop.changes(sack, ladder=DEARER)
    shop.to_filling()
    shop.agree(offer)
    shop.decline(sack)
    assert (shop.lines(), shop.firm_that_counts(offer)) == ({offer.pk: 3}, 3)


def test_an_agreement_to_what_has_changed_again_is_refused_and_changes_nothing(shop: Ground) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    shop.changes(offer, ladder=DEARER)
    shop.changes(offer, ladder=(Step(1, 195, 260),))
    before = everything()
    with pytest.raises(PriceChanged) as refused:
        shop.agree(offer, 2)
    assert refused.value.facts["version"] == 3
    assert everything() == before
    [pending] = shop.pending()
    assert (pending.before.ladder[0].unit_price, pending.after.ladder[0].unit_price) == (240, 260)


def test_taking_a_change_back_asks_nobody_who_never_agreed_to_it(shop: Ground) -> None:
    offer, bea = shop.offer(), make_household("Bea")
    shop.reserve(want(offer, 3))
    shop.reserve(want(offer, 2), by=bea.members.get())
    shop.changes(offer, ladder=DEARER)
    shop.agree(offer, by=bea.members.get())
    shop.changes(offer, ladder=(Step(1, 195, 240),))
    assert (shop.firm_that_counts(offer), shop.pending()) == (5, [])


def test_what_became_cheaper_and_then_dearer_again_needs_an_agreement(shop: Ground) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    shop.changes(offer, ladder=(Step(1, 180, 230),))
    shop.changes(offer, ladder=(Step(1, 195, 240),))
    assert shop.firm_that_counts(offer) == 0


def test_a_wish_for_the_old_terms_is_refused_and_changes_nothing(shop: Ground) -> None:
    offer = shop.offer()
    shop.changes(offer, ladder=DEARER)
    before = everything()
    with pytest.raises(PriceChanged) as refused:
        shop.reserve(want(offer, 3, seen_version=1))
    facts = refused.value.facts
    assert (facts["offer_id"], facts["seen"], facts["version"]) == (offer.pk, 1, 2)
    assert (facts["before"]["ladder"], facts["after"]["ladder"]) == ([[1, 240]], [[1, 250]])
    assert everything() == before
    assert line_of(shop.reserve(want(offer, 3, seen_version=2)), offer).firm == 3
    assert agreed(shop.household) == 2


def test_beside_lines_that_are_kept_the_outdated_one_is_refused_alone(shop: Ground) -> None:
    offer, bread = shop.offer(), shop.offer("Bread")
    shop.changes(offer, ladder=DEARER)
    answer = shop.reserve(want(offer, 3, seen_version=1), want(bread, 1, seen_version=1))
    line = line_of(answer, offer)
    assert (line.firm, line.status, line.reason) == (0, LineStatus.REFUSED, LineReason.PRICE_CHANGED)
    assert shop.lines() == {bread.pk: 1}


def test_a_page_from_before_an_improvement_is_good_enough(shop: Ground) -> None:
    offer = shop.offer()
    shop.changes(offer, ladder=(Step(1, 180, 230),))
    shop.reserve(want(offer, 3, seen_version=1))
    assert agreed(shop.household) == 2


def test_changing_a_line_without_having_seen_the_new_terms_is_no_agreement(shop: Ground) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    shop.changes(offer, ladder=DEARER)
    line = line_of(shop.reserve(want(offer, 4)), offer)
    assert (line.firm, line.status, line.reason) == (4, LineStatus.WAITING, LineReason.NEEDS_AGREEMENT)
    assert line_of(shop.reserve(want(offer, 2, seen_version=1)), offer).firm == 2
    assert (agreed(shop.household), shop.firm_that_counts(offer)) == (1, 0)
    shop.reserve(want(offer, 5, seen_version=2))
    assert (agreed(shop.household), shop.firm_that_counts(offer)) == (2, 5)


def test_an_unchanged_line_in_a_whole_basket_is_no_agreement(shop: Ground) -> None:
    offer, bread = shop.offer(), shop.offer("Bread")
    shop.reserve(want(offer, 3))
    shop.changes(offer, ladder=DEARER)
    shop.change(want(offer, 3, seen_version=2), want(bread, 1), replace=True)
    assert ReservationLine.objects.get(offer=offer).agreed_version == 1


def test_declining_what_is_agreed_is_refused_and_changes_nothing(shop: Ground) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    before = everything()
    with pytest.raises(IllegalMove):
        shop.decline(offer)
    with pytest.raises(NotFound):
        shop.agree(shop.offer("Bread"))
    assert everything() == before


def test_after_the_deadline_nothing_changes(shop: Ground) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    shop.changes(offer, ladder=DEARER)
    shop.at = shop.window.closes_at
    before = everything()
    for act in (shop.agree, shop.decline):
        with pytest.raises(WindowClosed):
            act(offer)
    with pytest.raises(WindowClosed):
        shop.changes(offer, ladder=(Step(1, 195, 260),))
    assert (everything(), OfferChange.objects.count()) == (before, 1)


# A lower cap.


def test_a_cap_below_what_is_reserved_is_shared_out_at_once(shop: Ground) -> None:
    offer, bea = shop.offer(cap=20), make_household("Bea")
    shop.reserve(want(offer, 8))
    shop.reserve(want(offer, 4), by=bea.members.get())
    change = shop.changes(offer, cap=6)
    assert change is not None
    assert not change.needs_agreement
    assert (shop.lines(), shop.lines(bea), taken(offer.capacity)) == ({offer.pk: 3}, {offer.pk: 3}, 6)
    assert (shop.firm_that_counts(offer), shop.pending()) == (6, [])
    cut = ReservationVersion.objects.filter(via=Via.CUT).order_by("pk")
    assert [version.answer["cut"]["after"] for version in cut] == [3, 3]
    assert [version.by for version in cut] == [shop.carla, shop.carla]


def test_who_reserved_first_keeps_it_where_the_offer_says_so(shop: Ground) -> None:
    offer, bea = shop.offer(cap=20, shortage_rule="first_come"), make_household("Bea")
    place = make_handover(shop.round, capacity=3)
    shop.reserve(want(offer, 8), handover_id=shop.handover.pk)
    shop.later(minutes=1)
    shop.reserve(want(offer, 4), by=bea.members.get(), handover_id=place.pk)
    shop.changes(offer, cap=8)
    assert (shop.lines(), shop.lines(bea), taken(offer.capacity)) == ({offer.pk: 8}, {}, 8)
    assert (Reservation.objects.get(household=bea).state, taken(place.capacity)) == ("cancelled", 0)
    assert Reservation.objects.get(household=shop.household).version == 1


def test_all_or_nothing_lines_lose_all_rather_than_a_part(shop: Ground) -> None:
    offer, bea = shop.offer(cap=20), make_household("Bea")
    shop.reserve(want(offer, 8, whole_only=True))
    shop.reserve(want(offer, 4), by=bea.members.get())
    shop.changes(offer, cap=6)
    assert (shop.lines(), shop.lines(bea), taken(offer.capacity)) == ({}, {offer.pk: 4}, 4)


def test_a_cap_that_was_not_there_counts_what_is_reserved(shop: Ground) -> None:
    offer = shop.offer()
    shop.reserve(want(offer, 3))
    shop.changes(offer, cap=10)
    offer.refresh_from_db()
    assert (taken(offer.capacity), offer.agreement_version) == (3, 1)
    shop.changes(offer, cap=None)
    offer.refresh_from_db()
    assert offer.capacity is None
    assert line_of(shop.reserve(want(offer, 30)), offer).firm == 30


def test_those_concerned_are_told_once_each_with_what_could_come_instead(shop: Ground) -> None:
    offer, bea = shop.offer(cap=20), make_household("Bea")
    shop.offer("Plum tomatoes")
    shop.reserve(want(offer, 8))
    shop.later(minutes=1)
    shop.reserve(want(offer, 2), by=bea.members.get())
    change = shop.changes(offer, cap=6)
    assert change is not None
    assert tell_change(offer_id=offer.pk, version=2) == 1
    assert tell_change(offer_id=offer.pk, version=2) == 0
    notice = Notice.objects.get()
    assert (notice.user, notice.kind) == (shop.ana, "cut")
    assert (notice.facts["units_before"], notice.facts["units"], notice.facts["substitutes"]) == (
        8,
        4,
        ["Plum tomatoes"],
    )


def test_a_change_is_told_to_everybody_who_reserved(shop: Ground) -> None:
    offer, bea = shop.offer(), make_household("Bea")
    shop.reserve(want(offer, 8))
    shop.changes(offer, ladder=DEARER)
    shop.reserve(want(offer, 2), by=bea.members.get())
    assert tell_change(offer_id=offer.pk, version=2) == 1
    shop.changes(offer, ladder=(Step(1, 190, 245),))
    assert tell_change(offer_id=offer.pk, version=3) == 2
    told = Notice.objects.order_by("pk").values_list("user__name", "key", "facts__needs_agreement")
    assert list(told) == [
        ("Ana", f"offer:{offer.pk}:2", True),
        ("Ana", f"offer:{offer.pk}:3", True),
        ("Bea", f"offer:{offer.pk}:3", False),
    ]


# Who, and what is refused.


def test_the_offers_merchant_may_and_others_may_not(shop: Ground) -> None:
    offer = shop.offer()
    marta, stranger = make_merchant_member(shop.merchant), make_merchant_member(make_merchant())
    for nobody in (stranger, make_user("Eve"), shop.ana):
        with pytest.raises(NotFound):
            shop.changes(offer, by=nobody, ladder=DEARER)
    assert OfferChange.objects.count() == 0
    change = shop.changes(offer, by=marta, ladder=DEARER)
    assert change is not None
    assert change.by == marta


def test_a_stock_offer_is_the_hubs_to_change(shop: Ground) -> None:
    offer = shop.offer(cap=5, from_stock=True)
    with pytest.raises(NotFound):
        shop.changes(offer, by=make_merchant_member(shop.merchant), cap=6)
    with pytest.raises(InvalidInput):
        shop.changes(offer, cap=None)
    assert shop.changes(offer, cap=6) is not None


def test_the_same_terms_are_no_change_and_wrong_ones_are_named(shop: Ground) -> None:
    offer = shop.offer()
    assert shop.changes(offer) is None
    with pytest.raises(InvalidInput) as refused:
        shop.changes(offer, reason=" ", ladder=(Step(1, 195, 250), Step(2, 195, 260)), cap=-1)
    assert [problem["place"] for problem in refused.value.facts["problems"]] == ["ladder", "cap", "reason"]
    with clock.frozen(shop.at), pytest.raises(IllegalMove):
        change_offer(
            offer_id=offer.pk,
            terms=replace(shop.terms(offer), ladder=DEARER),
            reason="Frost",
            expected_version=7,
            by=shop.carla,
        )
    assert OfferChange.objects.count() == 0


def test_what_a_change_would_mean_is_told_before_it_is_made(shop: Ground) -> None:
    offer, bea = shop.offer(cap=20), make_household("Bea")
    shop.reserve(want(offer, 8))
    shop.reserve(want(offer, 4), by=bea.members.get())
    offer = Offer.objects.select_related("capacity", "window").get(pk=offer.pk)
    terms = shop.terms(offer)
    dearer = effect_of(offer, replace(terms, ladder=DEARER))
    assert (dearer.needs_agreement, dearer.households, dearer.waiting, dearer.cut) == (True, 2, 2, 0)
    lower = effect_of(offer, replace(terms, cap=6))
    assert (lower.needs_agreement, lower.waiting, lower.cut, lower.cut_units) == (False, 0, 2, 6)
    better = effect_of(offer, replace(terms, ladder=(Step(1, 180, 230),)))
    assert (better.improves, better.waiting, better.cut) == (True, 0, 0)
    assert effect_of(offer, terms).changes is False


def test_the_queries_do_not_depend_on_how_many_changes_wait(shop: Ground, django_assert_num_queries: Any) -> None:
    for number in range(6):
        offer = shop.offer(f"Product {number}")
        shop.reserve(want(offer, 1))
        shop.changes(offer, ladder=DEARER)
    ana = shop.ana
    with clock.frozen(shop.at), django_assert_num_queries(3):
        assert len(changes_for(ana, shop.round.pk)) == 6
    shop.at += timedelta(days=2)
    assert shop.pending() == []
