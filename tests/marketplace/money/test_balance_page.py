"""What a household sees of its books: page, API, and the settled sum with its reservation."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.claims.accept_claim import accept_claim
from marketplace.actions.ledger.post import post
from marketplace.actions.ledger.return_deposits import return_deposits
from marketplace.models import Claim, Household, HubMembership, LineShare, ReservationLine
from marketplace.queries.movements import movements_of
from marketplace.rules.ledger.accounts import AccountKind, AccountRef, household
from marketplace.rules.ledger.entries import Entry, TransactionKind
from tests.factories import NOON, make_household, make_hub
from tests.marketplace.money.ground import HANDED_OVER_AT, Till

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def till() -> Till:
    return Till()


def reader(of: Household) -> Client:
    client = Client()
    client.force_login(of.members.get())
    return client


def page(client: Client, address: str = "/me/balance/") -> str:
    with clock.frozen(HANDED_OVER_AT + timedelta(hours=1)):
        answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def pay(till: Till, payer: Household, amount: int, key: str = "transfer") -> None:
    with clock.frozen(HANDED_OVER_AT):
        post(
            hub_id=till.hub.pk,
            kind=TransactionKind.PAYMENT,
            key=key,
            entries=[Entry(AccountRef(AccountKind.BANK), household(payer.pk), amount, "payment")],
            at=HANDED_OVER_AT,
            by=till.treasurer,
        )


def lived(till: Till) -> ReservationLine:
    """Charged 6.60 with four bottles, one of which broke and two of which came back."""
    offer = till.offer(till.merchant())
    bottle = till.bottled(offer.product, 15)
    line = till.handed_over([(offer, 4)])
    claim = Claim.objects.create(
        reservation=line.reservation,
        line=line,
        kind="damaged",
        request_key="k",
        by=till.coordinator,
        made_at=HANDED_OVER_AT,
    )
    with clock.frozen(HANDED_OVER_AT):
        accept_claim(claim_id=claim.pk, amount_minor=150, answer="Sorry", by=till.coordinator)
        return_deposits(
            reservation_id=line.reservation_id, packages={bottle.pk: 2}, request_key="tap", by=till.coordinator
        )
    return line


def test_every_movement_is_told_in_plain_words_with_what_was_left(till: Till) -> None:
    line = lived(till)
    pay(till, line.reservation.household, 1000)
    told = page(reader(line.reservation.household))
    assert "You have" in told
    assert "€5.20" in told
    for words in (
        "Thursday&#x27;s round, handed over",
        "−€6.60",
        "Given back: Tomatoes, Thursday&#x27;s round",
        "€1.50",
        "Packages brought back, 2 × bottle of 15",
        "€0.30",
        "Paid in",
        "−€4.80 then",
    ):
        assert words in told, words


def test_what_is_reserved_is_told_until_it_is_charged(till: Till) -> None:
    line = till.line(till.offer(till.merchant(), ladder=((1, 100, 150), (4, 90, 120))), 4)
    client = reader(line.reservation.household)
    assert "at most, not counted yet" in page(client)
    assert "€6.00" in page(client)
    till.close()
    told = page(client)
    assert "charged when it is handed over" in told
    assert "€4.80" in told
    till.tick(line)
    assert "Reserved and not charged yet" not in page(client)


def test_the_limit_is_told_where_the_hub_has_one(till: Till) -> None:
    till.terms(limits_credit=True)
    line = till.line(till.offer(till.merchant()), 4)
    HubMembership.objects.create(
        hub=till.hub, household=line.reservation.household, state="member", asked_at=NOON, credit_limit_minor=1000
    )
    told = page(reader(line.reservation.household))
    assert "You can still reserve for" in told
    assert "€4.00" in told
    pay(till, line.reservation.household, 1)
    HubMembership.objects.update(credit_limit_minor=0)
    assert "What you reserved passes your limit." in page(reader(line.reservation.household))


def test_who_shares_a_line_reads_of_its_part_and_nothing_of_the_others(till: Till) -> None:
    offer = till.offer(till.merchant(), ladder=((1, 100, 900),))
    line, bea = till.line(offer, 1), make_household("Bea")
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
    told = page(reader(bea))
    assert "Thursday&#x27;s round: your part of a shared line" in told
    assert "−€3.00" in told
    assert "€6.00" not in told
    assert "/reservation/" not in told


def test_each_hub_has_a_page_of_its_own_and_nothing_adds_across(till: Till) -> None:
    ana = lived(till).reservation.household
    abroad = Till(hub=make_hub("Zürich", currency="CHF"))
    pay(abroad, ana, 12345)
    told = page(reader(ana), f"/me/balance/{abroad.hub.slug}/")
    assert "123.45 CHF" in told or "CHF 123.45" in told
    assert "€" not in told
    assert f"/me/balance/{till.hub.slug}/" in told


def test_a_hub_without_books_of_the_household_is_not_found(till: Till) -> None:
    ana = lived(till).reservation.household
    elsewhere = make_hub()
    client = reader(ana)
    assert client.get(f"/me/balance/{elsewhere.slug}/").status_code == 404
    assert client.get(f"/api/v1/hubs/{elsewhere.slug}/balance/movements/").status_code == 404
    assert client.get("/me/balance/?before=9" * 1).status_code == 200
    assert "Nothing here yet" in page(reader(make_household("New")))


def test_older_movements_are_a_page_further(till: Till) -> None:
    ana = make_household("Ana")
    for number in range(51):
        pay(till, ana, number + 1, key=f"transfer {number}")
    first = movements_of(ana.pk, till.hub.pk)
    assert (len(first.movements), first.movements[0].after_minor, first.before is None) == (50, 51 * 26, False)
    second = movements_of(ana.pk, till.hub.pk, before=first.before)
    assert [(row.amount_minor, row.after_minor) for row in second.movements] == [(1, 1)]
    client = reader(ana)
    assert "Older ones" in page(client)
    assert "There is nothing older." in page(client, f"/me/balance/{till.hub.slug}/?before=1")


def test_the_api_tells_the_same(till: Till) -> None:
    line = lived(till)
    client = reader(line.reservation.household)
    with clock.frozen(HANDED_OVER_AT):
        (balance,) = client.get("/api/v1/balances/").json()["results"]
        moved = client.get(f"/api/v1/hubs/{till.hub.slug}/balance/movements/").json()
    assert (balance["balance"], balance["reserved"], balance["credit_limit"], balance["available"]) == (
        "-4.80",
        "0.00",
        None,
        None,
    )
    assert [(row["kind"], row["amount"], row["balance_after"]) for row in moved["results"]] == [
        ("deposit_return", "0.30", "-4.80"),
        ("claim", "1.50", "-5.10"),
        ("settlement", "-6.60", "-6.60"),
    ]
    assert {row["reservation_id"] for row in moved["results"]} == {line.reservation_id}
    assert moved["next"] is None


def test_the_reservation_tells_what_was_charged(till: Till) -> None:
    line = lived(till)
    told = page(reader(line.reservation.household), f"/rounds/{till.round.pk}/reservation/")
    assert "€6.60 charged on Mon 23 Nov, 18:00." in told


def test_movements_cost_the_same_for_one_and_for_twenty(till: Till) -> None:
    counts = []
    for many in (1, 20):
        ana = make_household("Ana")
        for number in range(many):
            pay(till, ana, 100, key=f"{ana.pk} {number}")
        with CaptureQueriesContext(connection) as queries:
            assert len(movements_of(ana.pk, till.hub.pk).movements) == many
        counts.append(len(queries))
    assert counts == [5, 5]
