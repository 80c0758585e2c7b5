"""What households are given back: for claims, shortages and packages; and what they owe for belonging to a hub."""

import pytest

from marketplace import clock
from marketplace.actions.claims.accept_claim import accept_claim
from marketplace.actions.ledger.credit_shortage import credit_shortage
from marketplace.actions.ledger.refund_claim import refund_claim
from marketplace.actions.ledger.return_deposits import return_deposits, send_deposits_back
from marketplace.actions.membership.join_hub import join_hub
from marketplace.actions.membership.leave_hub import leave_hub
from marketplace.actions.membership.mark_fee_received import mark_fee_received
from marketplace.errors import IllegalMove, InvalidInput, LedgerKeyReused, NotFound
from marketplace.models import (
    Allocation,
    Claim,
    ClearingRun,
    Household,
    Hub,
    LedgerTransaction,
    LineShare,
    ReservationLine,
    User,
)
from marketplace.queries.claims import charge_of
from marketplace.rules.ledger.splitting import Bearer
from tests.factories import NOON, make_household, make_hub, make_hub_staff, make_merchant, make_user
from tests.marketplace.money.ground import HANDED_OVER_AT, Till, entries

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def till() -> Till:
    return Till()


def claimed(line: ReservationLine, *, whole: bool = False) -> Claim:
    return Claim.objects.create(
        reservation=line.reservation,
        line=None if whole else line,
        kind="damaged",
        units=1,
        request_key=f"claim {Claim.objects.count()}",
        by=line.reservation.household.members.get(),
        made_at=HANDED_OVER_AT,
    )


def accept(till: Till, claim: Claim, amount: int, borne_by: str = "hub") -> Claim:
    with clock.frozen(HANDED_OVER_AT):
        return accept_claim(claim_id=claim.pk, amount_minor=amount, borne_by=borne_by, by=till.coordinator)


def test_an_accepted_claim_is_on_the_balance_at_the_hubs_cost(till: Till) -> None:
    line = till.handed_over([(till.offer(till.merchant()), 4)])
    claim = accept(till, claimed(line), 159)
    assert (claim.state, claim.borne_by, till.balance(line.reservation.household)) == ("accepted", "hub", -600 + 159)
    # The tax in it is no longer due: 159 = 150 + 9.
    books = till.accounts()
    assert (books["goodwill"], books["vat_due:600"]) == (-150, 34 - 9)
    booked = LedgerTransaction.objects.get(kind="claim")
    assert (booked.claim, booked.by, booked.key) == (claim, till.coordinator, f"claim:{claim.pk}")


@pytest.mark.parametrize(("bearer", "account"), [("merchant", "Quinta"), ("courier", "courier")])
def test_a_claim_is_borne_by_whom_the_hub_names(bearer: str, account: str, till: Till) -> None:
    line = till.handed_over([(till.offer(till.merchant()), 4)])
    before = till.accounts().get(account, 0)
    accept(till, claimed(line), 159, bearer)
    assert till.accounts()[account] == before - 150


def test_where_the_merchant_sells_itself_the_tax_is_its_own(till: Till) -> None:
    quinta = till.merchant()
    till.agent(quinta)
    line = till.handed_over([(till.offer(quinta), 4)])
    before = till.accounts()["Quinta"]
    accept(till, claimed(line), 159, "merchant")
    assert (till.accounts()["Quinta"], "vat_due:600" in till.accounts()) == (before - 159, False)


def test_households_that_shared_a_line_share_what_comes_back(till: Till) -> None:
    offer = till.offer(till.merchant(), ladder=((1, 100, 900),))
    line = till.line(offer, 1)
    bea = make_household("Bea")
    LineShare.objects.create(
        reservation=line.reservation,
        offer=offer,
        household=bea,
        parts=1,
        total_parts=3,
        state="accepted",
        by=till.coordinator,
        offered_at=NOON,
    )
    till.close()
    till.tick(line)
    accept(till, claimed(line), 90)
    assert (till.balance(line.reservation.household), till.balance(bea)) == (-600 + 60, -300 + 30)


def test_a_claim_about_the_whole_order_has_no_merchant_to_bear_it(till: Till) -> None:
    line = till.handed_over([(till.offer(till.merchant()), 4)])
    claim, before = claimed(line, whole=True), entries()
    with pytest.raises(InvalidInput):
        accept(till, claim, 100, "merchant")
    with pytest.raises(InvalidInput):
        accept(till, claim, 100, "nobody")
    claim.refresh_from_db()
    assert (claim.state, entries()) == ("open", before)
    accept(till, claim, 100, "hub")
    assert till.balance(line.reservation.household) == -500


def test_no_more_comes_back_than_was_charged(till: Till) -> None:
    till.terms(prices_include_tax=False)
    line = till.handed_over([(till.offer(till.merchant()), 4)])
    assert charge_of(claimed(line)) == 636
    with pytest.raises(InvalidInput):
        accept(till, claimed(line), 637)


def test_a_claim_is_booked_once_and_only_when_it_is_accepted(till: Till) -> None:
    line = till.handed_over([(till.offer(till.merchant()), 4)])
    claim = claimed(line)
    with pytest.raises(IllegalMove):
        refund_claim(claim_id=claim.pk, borne_by=Bearer.HUB, by=till.coordinator)
    accept(till, claim, 100)
    before = entries()
    with clock.frozen(HANDED_OVER_AT):
        refund_claim(claim_id=claim.pk, borne_by=Bearer.HUB, by=till.coordinator)
        with pytest.raises(LedgerKeyReused):
            refund_claim(claim_id=claim.pk, borne_by=Bearer.COURIER, by=till.coordinator)
    assert entries() == before


def short(till: Till, line: ReservationLine, units: int) -> ClearingRun:
    """A later run: the line gets so many units."""
    run = ClearingRun.objects.create(
        window=till.window,
        number=2,
        kind="confirmation",
        closes_at=till.window.closes_at,
        computed_at=HANDED_OVER_AT,
        input_hash="",
    )
    Allocation.objects.create(run=run, line=line, quantity=units, charged_minor=units * 150, reason="short_supply")
    return run


def test_a_shortage_before_the_handover_lowers_what_is_charged(till: Till) -> None:
    line = till.line(till.offer(till.merchant()), 4)
    till.close()
    assert credit_shortage(run_id=short(till, line, 3).pk, by=till.coordinator) == []
    assert entries() == []
    till.tick(line)
    assert till.balance(line.reservation.household) == -450


def test_a_shortage_that_shows_after_the_handover_is_given_back(till: Till) -> None:
    line = till.handed_over([(till.offer(till.merchant()), 4)])
    run = short(till, line, 3)
    with clock.frozen(HANDED_OVER_AT):
        (settled,) = credit_shortage(run_id=run.pk, by=till.coordinator)
        assert credit_shortage(run_id=run.pk, by=till.coordinator) == []
    assert (settled.cause, settled.total_minor, till.balance(line.reservation.household)) == ("shortage", 450, -450)
    assert LedgerTransaction.objects.get(kind="shortage").reservation == line.reservation


def test_packages_come_back_from_households_and_go_back_to_merchants(till: Till) -> None:
    quinta = till.merchant()
    offer = till.offer(quinta)
    bottle = till.bottled(offer.product, 15)
    line = till.handed_over([(offer, 4)])
    code, owed = f"deposits:{bottle.pk}", till.accounts()["Quinta"]

    def bring(bottles: int) -> None:
        return_deposits(
            reservation_id=line.reservation_id,
            packages={bottle.pk: bottles},
            request_key="tap",
            by=till.coordinator,
        )

    with clock.frozen(HANDED_OVER_AT):
        bring(6)
        bring(6)
        # Six bottles are at the hub, worth 0.90 to it.
        assert (till.balance(line.reservation.household), till.accounts()[code]) == (-660 + 90, -90)
        with pytest.raises(LedgerKeyReused):
            bring(5)
        send_deposits_back(
            hub_id=till.hub.pk,
            merchant_id=quinta.pk,
            packages={bottle.pk: 6},
            request_key="van",
            by=till.treasurer,
        )
    assert (till.accounts().get(code, 0), till.accounts()["Quinta"]) == (0, owed - 90)


def test_packages_are_taken_back_by_those_who_hand_out_alone(till: Till) -> None:
    offer = till.offer(till.merchant())
    bottle = till.bottled(offer.product)
    line = till.handed_over([(offer, 1)])
    before = entries()
    for stranger in (make_user(), line.reservation.household.members.get(), make_hub_staff(make_hub())):
        with pytest.raises(NotFound):
            return_deposits(reservation_id=line.reservation_id, packages={bottle.pk: 1}, request_key="tap", by=stranger)
    with pytest.raises(NotFound):
        send_deposits_back(
            hub_id=till.hub.pk,
            merchant_id=make_merchant().pk,
            packages={bottle.pk: 1},
            request_key="van",
            by=till.treasurer,
        )
    assert entries() == before


@pytest.mark.parametrize("packages", [{}, {0: 1}, {"bottle": 0}, {"bottle": -1}, {"bottle": 501}])
def test_packages_have_to_be_counted(packages: dict[object, int], till: Till) -> None:
    offer = till.offer(till.merchant())
    bottle = till.bottled(offer.product)
    line = till.handed_over([(offer, 1)])
    counted = {bottle.pk if kind == "bottle" else 0: count for kind, count in packages.items()}
    with pytest.raises(InvalidInput):
        return_deposits(reservation_id=line.reservation_id, packages=counted, request_key="tap", by=till.coordinator)


@pytest.fixture
def club() -> Hub:
    """A hub with a fee of 12.30, its tax contained."""
    hub = make_hub()
    Hub.objects.filter(pk=hub.pk).update(membership_fee_minor=1230, service_tax_basis_points=2300)
    hub.refresh_from_db()
    return hub


def person(household: Household) -> User:
    return household.members.get()


def test_joining_puts_the_fee_on_the_balance_once(club: Hub) -> None:
    till, ana = Till(hub=club), make_household("Ana")
    with clock.frozen(NOON):
        membership = join_hub(hub=club, by=person(ana))
        assert till.accounts() == {"Ana": -1230, "membership": 1000, "vat_due:2300": 230}
        mark_fee_received(membership_id=membership.pk, by=till.coordinator)
        assert till.accounts() == {"membership": 1000, "vat_due:2300": 230, "cash": -1230}
        leave_hub(hub=club, by=person(ana))
        join_hub(hub=club, by=person(ana))
    assert till.balance(ana) == 0


def test_without_a_fee_nothing_is_booked() -> None:
    till = Till()
    join_hub(hub=till.hub, by=person(make_household()))
    assert entries() == []
