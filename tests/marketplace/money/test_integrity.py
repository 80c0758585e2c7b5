"""`check_integrity` finds what does not fit, and says where."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from marketplace import clock
from marketplace.actions.claims.accept_claim import accept_claim
from marketplace.integrity.frame import findings, registered
from marketplace.models import (
    Claim,
    LedgerAccount,
    LedgerEntry,
    OfferOutcome,
    OrderingWindow,
    PurchaseOrder,
    PurchaseOrderLine,
    Reservation,
    ReservationLine,
    Settlement,
    SettlementLine,
)
from tests import books
from tests.marketplace.money.ground import HANDED_OVER_AT, Till
from tests.marketplace.reserving_ground import Shop, want

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def found(*areas: str) -> list[str]:
    return [f"{one.area}.{one.check}" for one in findings(areas or None)]


@pytest.fixture
def till() -> Till:
    till = Till()
    till.handed_over([(till.offer(till.merchant()), 4)])
    return till


def test_a_life_that_went_as_it_should_leaves_nothing_to_find(till: Till) -> None:
    out = StringIO()
    call_command("check_integrity", stdout=out)
    count = sum(len(checks) for checks in registered().values())
    assert out.getvalue() == f"Everything fits ({count} checks).\n"


def test_an_amount_that_somebody_changed_is_found(till: Till) -> None:
    with books.open_books():
        entry = LedgerEntry.objects.filter(source__household__isnull=False).order_by("pk")[0]
        LedgerEntry.objects.filter(pk=entry.pk).update(amount_minor=F("amount_minor") + 1)
        assert set(found("books", "settlements")) == {
            "books.bookings_hold_what_was_booked",
            "settlements.charges_are_what_was_handed_over",
            "settlements.settlements_say_what_is_booked",
        }
        with pytest.raises(CommandError) as refused:
            call_command("check_integrity", "books", stdout=StringIO())
        assert refused.value.returncode == 1


def test_an_account_of_another_hub_is_found(till: Till) -> None:
    other = Till()
    with books.open_books():
        account = LedgerAccount.objects.create(hub=other.hub, code="fees", kind="fees", currency="CHF")
        LedgerEntry.objects.filter(destination__kind="hub_margin").update(destination=account)
        assert "books.entries_stay_within_a_hub" in found("books")
        assert "books.accounts_are_named_by_what_they_are_about" in found("books")


def test_a_settlement_that_tells_something_else_is_found(till: Till) -> None:
    SettlementLine.objects.update(amount_minor=F("amount_minor") - 1)
    assert found("settlements") == ["settlements.settlements_say_what_is_booked"]


def test_a_settled_window_with_somebody_who_waits_is_found(till: Till) -> None:
    Settlement.objects.update(stands=False)
    assert "settlements.settled_windows_are_settled" in found("settlements")


def test_a_delivery_that_is_not_booked_as_it_came_is_found(till: Till) -> None:
    PurchaseOrderLine.objects.update(received=3)
    assert "settlements.merchants_are_owed_what_came" in found("settlements")
    assert "closing.nobody_gets_more_than_comes" in found("closing")


def test_a_claim_without_its_booking_is_found(till: Till) -> None:
    claim = Claim.objects.create(
        reservation=Reservation.objects.get(),
        line=ReservationLine.objects.get(),
        kind="damaged",
        request_key="k",
        by=till.treasurer,
        made_at=HANDED_OVER_AT,
    )
    with clock.frozen(HANDED_OVER_AT):
        accept_claim(claim_id=claim.pk, amount_minor=100, by=till.coordinator)
    assert found("settlements") == []
    Claim.objects.update(accepted_minor=101)
    assert found("settlements") == ["settlements.accepted_claims_are_given_back"]


def test_an_order_that_is_not_what_the_close_decided_is_found(till: Till) -> None:
    OfferOutcome.objects.update(ordered=5)
    assert set(found("closing")) == {
        "closing.what_was_ordered_is_what_everybody_got",
        "closing.first_revisions_order_what_the_close_decided",
    }
    PurchaseOrder.objects.update(goods_minor=1, total_minor=1)
    OrderingWindow.objects.update(state="open")
    assert {"closing.orders_add_up", "closing.closed_windows_were_counted"} <= set(found("closing"))


def test_reservations_that_are_not_what_their_version_says_are_found() -> None:
    shop = Shop()
    offer = shop.offer(cap=9)
    shop.reserve(want(offer, 2))
    assert found("reserving") == []
    ReservationLine.objects.update(firm=3)
    assert found("reserving") == [
        "reserving.reservations_stand_as_their_newest_version_says",
        "reserving.caps_count_what_is_reserved",
    ]
    Reservation.objects.update(state="cancelled")
    assert "reserving.cancelled_reservations_are_empty" in found("reserving")


def test_an_unknown_area_is_named_with_those_there_are() -> None:
    with pytest.raises(CommandError, match="There is no area tills; there are reserving, closing, books"):
        call_command("check_integrity", "tills")


def test_checks_can_be_listed_without_running() -> None:
    out = StringIO()
    call_command("check_integrity", "books", list=True, stdout=out)
    assert "books.opposites_are_opposite\n" in out.getvalue()
