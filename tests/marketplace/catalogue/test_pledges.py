"""Pledges while a window is open: they change the offer at once, by the rules of every change, and households hear."""

from dataclasses import replace
from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.actions.offers.change_offer import change_offer
from marketplace.actions.pledging.pledge_price import pledge_price
from marketplace.actions.pledging.pledge_supply import pledge_supply
from marketplace.actions.pledging.tell_demand import ExpectedDemand, tell_demand
from marketplace.actions.pledging.withdraw_pledge import withdraw_pledge
from marketplace.errors import IllegalMove, InvalidInput, NotFound, WindowClosed
from marketplace.models import DemandSignal, Notice, Offer, OfferChange, Pledge, ReservationLine
from marketplace.queries.offer_changes import terms_now
from marketplace.rules.notices import NoticeKind
from marketplace.rules.states import WindowState
from tests.delivering import deliver_all
from tests.factories import NOON, make_household, make_merchant, make_merchant_member
from tests.marketplace.catalogue.ground import stock_of
from tests.marketplace.reserving_ground import Shop, want

pytestmark = pytest.mark.django_db
LADDER = ((1, 200, 300), (10, 180, 270))
CLOSES_AT = NOON + timedelta(hours=6)


class Ground(Shop):
    """A shop whose merchant has a member at its desk."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.member = make_merchant_member(self.merchant)

    def line(self, offer: Offer, units: int) -> ReservationLine:
        """Another household's line; each one placed a minute after the one before."""
        self.later(minutes=1)
        household = make_household()
        self.reserve(want(offer, units), by=household.members.get())
        return ReservationLine.objects.get(offer=offer, reservation__household=household)


@pytest.fixture
def market() -> Ground:
    return Ground()


def on_offer(market: Ground, *, cap: int | None = None) -> tuple[Offer, Ground]:
    """An offer in the open window."""
    return market.offer(ladder=LADDER, cap=cap), market


def ladder(offer: Offer) -> list[tuple[int, int, int]]:
    return list(offer.steps.order_by("from_quantity").values_list("from_quantity", "cost_minor", "unit_price_minor"))


def told(kind: NoticeKind) -> list[dict[str, object]]:
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("facts", flat=True))


@pytest.mark.slow
def test_more_supply_counts_at_once_and_everybody_hears_of_it(market: Ground) -> None:
    offer, shop = on_offer(market, cap=10)
    market.line(offer, 8)
    with clock.frozen(market.at):
        pledge = pledge_supply(offer_id=offer.pk, units=40, reason="a second field is ripe", by=shop.member)
        deliver_all()
    offer.refresh_from_db()
    assert (stock_of(offer), offer.version, offer.agreement_version) == (40, 2, 1)
    assert (pledge.state, pledge.units, pledge.before["cap"], pledge.after["cap"]) == ("standing", 40, 10, 40)
    assert [facts["needs_agreement"] for facts in told(NoticeKind.CHANGED)] == [False]


@pytest.mark.slow
def test_less_supply_than_is_reserved_is_shared_out_at_once_and_told(market: Ground) -> None:
    offer, shop = on_offer(market)
    lines = [market.line(offer, 6), market.line(offer, 4)]
    with clock.frozen(market.at):
        pledge_supply(offer_id=offer.pk, units=6, by=shop.member)
        deliver_all()
    for line in lines:
        line.refresh_from_db()
    assert [line.firm for line in lines] == [3, 3]
    assert [(facts["units_before"], facts["units"]) for facts in told(NoticeKind.CUT)] == [(6, 3), (4, 3)]


@pytest.mark.slow
def test_a_lower_price_is_a_step_that_is_better_for_everybody(market: Ground) -> None:
    offer, shop = on_offer(market)
    market.line(offer, 5)
    with clock.frozen(market.at):
        pledge = pledge_price(offer_id=offer.pk, units=5, cost=170, by=shop.member)
        deliver_all()
    # The dearer step at 10 is pointless now; the price fell by as much as the cost did.
    assert ladder(offer) == [(1, 200, 300), (5, 170, 270)]
    assert (pledge.cost_minor, pledge.unit_price_minor) == (170, 270)
    offer.refresh_from_db()
    assert offer.agreement_version == 1
    assert len(told(NoticeKind.CHANGED)) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("units", "cost", "price", "place"),
    [(10, 180, None, "cost"), (10, 190, None, "cost"), (20, 170, 270, "price"), (0, 100, None, "units")],
)
def test_a_price_that_is_no_less_is_no_pledge(
    market: Ground, units: int, cost: int, price: int | None, place: str
) -> None:
    offer, shop = on_offer(market)
    with clock.frozen(market.at), pytest.raises(InvalidInput) as refused:
        pledge_price(offer_id=offer.pk, units=units, cost=cost, unit_price=price, by=shop.member)
    assert refused.value.facts["problems"][0]["place"] == place
    assert ladder(offer) == list(LADDER)
    assert not Pledge.objects.exists()


@pytest.mark.slow
def test_of_a_kind_one_pledge_stands_and_the_others_are_kept(market: Ground) -> None:
    offer, shop = on_offer(market, cap=10)
    with clock.frozen(market.at):
        first = pledge_supply(offer_id=offer.pk, units=20, by=shop.member)
        second = pledge_supply(offer_id=offer.pk, units=30, by=shop.member)
    first.refresh_from_db()
    assert (first.state, second.state) == ("replaced", "standing")
    assert list(OfferChange.objects.order_by("version").values_list("version", "by")) == [
        (2, shop.member.pk),
        (3, shop.member.pk),
    ]


@pytest.mark.slow
def test_a_pledge_taken_back_is_a_worse_promise_and_asks_those_who_reserved(market: Ground) -> None:
    offer, shop = on_offer(market)
    line = market.line(offer, 5)
    with clock.frozen(market.at):
        pledge = pledge_price(offer_id=offer.pk, units=5, cost=150, by=shop.member)
        with pytest.raises(InvalidInput):
            withdraw_pledge(pledge_id=pledge.pk, reason=" ", by=shop.member)
        assert ladder(offer)[-1] == (5, 150, 250)
        taken_back = withdraw_pledge(pledge_id=pledge.pk, reason="frost", by=shop.member)
        with pytest.raises(IllegalMove):
            withdraw_pledge(pledge_id=pledge.pk, reason="frost", by=shop.member)
    assert taken_back.state == "withdrawn"
    assert ladder(offer) == list(LADDER)
    offer.refresh_from_db()
    line.refresh_from_db()
    assert line.agreed_version < offer.agreement_version


@pytest.mark.slow
def test_a_supply_taken_back_is_what_it_was_and_less_is_shared_out(market: Ground) -> None:
    offer, shop = on_offer(market, cap=10)
    with clock.frozen(market.at):
        pledge = pledge_supply(offer_id=offer.pk, units=40, by=shop.member)
        lines = [market.line(offer, 8), market.line(offer, 8)]
        withdraw_pledge(pledge_id=pledge.pk, reason="frost", by=shop.member)
    for line in lines:
        line.refresh_from_db()
    assert [line.firm for line in lines] == [5, 5]


@pytest.mark.slow
def test_where_the_offer_was_changed_since_there_is_nothing_to_take_back(market: Ground) -> None:
    offer, shop = on_offer(market, cap=10)
    with clock.frozen(market.at):
        pledge = pledge_supply(offer_id=offer.pk, units=40, by=shop.member)
        offer.refresh_from_db()
        terms = terms_now(Offer.objects.select_related("capacity").get(pk=offer.pk))
        change_offer(offer_id=offer.pk, terms=replace(terms, cap=50), reason="more", by=shop.member)
        with pytest.raises(IllegalMove):
            withdraw_pledge(pledge_id=pledge.pk, reason="frost", by=shop.member)
    pledge.refresh_from_db()
    assert pledge.state == "standing"
    assert stock_of(offer) == 50


@pytest.mark.slow
def test_a_form_that_showed_an_older_offer_pledges_nothing(market: Ground) -> None:
    offer, shop = on_offer(market, cap=10)
    with clock.frozen(market.at), pytest.raises(IllegalMove):
        pledge_supply(offer_id=offer.pk, units=20, expected_version=7, by=shop.member)
    assert not Pledge.objects.exists()


def test_there_is_no_pledge_before_the_opening_nor_after_the_close(market: Ground) -> None:
    offer, shop = on_offer(market, cap=10)
    with clock.frozen(CLOSES_AT), pytest.raises(WindowClosed):
        pledge_supply(offer_id=offer.pk, units=20, by=shop.member)
    market.window.state = WindowState.SCHEDULED.value
    market.window.save()
    with clock.frozen(market.at), pytest.raises(IllegalMove):
        pledge_supply(offer_id=offer.pk, units=20, by=shop.member)
    assert stock_of(offer) == 10
    assert not Pledge.objects.exists()


@pytest.mark.slow
def test_foreign_offers_and_pledges_are_not_found(market: Ground) -> None:
    offer, shop = on_offer(market, cap=10)
    stranger = make_merchant_member(make_merchant("Other"))
    with clock.frozen(market.at):
        pledge = pledge_supply(offer_id=offer.pk, units=20, by=shop.member)
        with pytest.raises(NotFound):
            pledge_supply(offer_id=offer.pk, units=1, by=stranger)
        with pytest.raises(NotFound):
            withdraw_pledge(pledge_id=pledge.pk, reason="mine", by=stranger)
    assert stock_of(offer) == 20


@pytest.mark.slow
def test_a_signal_is_told_by_the_newest_forecast_and_has_to_rise(market: Ground) -> None:
    offer, _shop = on_offer(market)

    def expect(p50: int, hours: int) -> ExpectedDemand:
        return ExpectedDemand(
            offer_id=offer.pk, units_p10=1, units_p50=p50, units_p90=30, as_of=NOON + timedelta(hours=hours)
        )

    assert tell_demand(offers=[expect(10, 2)]) == 1
    assert tell_demand(offers=[expect(20, 1)]) == 0
    assert DemandSignal.objects.get().units_p50 == 10
    with pytest.raises(InvalidInput):
        tell_demand(offers=[expect(40, 3)])
