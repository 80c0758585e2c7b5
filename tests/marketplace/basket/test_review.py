"""The basket's page: by merchant, its sums to the cent, place, group and address."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace import clock
from marketplace.actions.reserve import reserve
from marketplace.models import (
    Capacity,
    DepositType,
    Group,
    GroupMember,
    Handover,
    Household,
    Reservation,
    ReservationLine,
    User,
)
from marketplace.rules.wanted import WantedLine
from tests.factories import NOON, make_handover, make_merchant, make_offer, make_product, make_supply, make_window
from tests.marketplace.pages_ground import CLOSES_AT, Shop, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
def shop() -> Shop:
    return Shop()


def hold(shop: Shop, user: User, *lines: WantedLine, key: str = "k", handover: Handover | None = None) -> None:
    chosen = handover or shop.round.handovers.order_by("pk")[0]
    reserve(round_id=shop.round.pk, lines=lines, request_key=key, handover_id=chosen.pk, by=user)


def delivery(shop: Shop, fee: int = 300) -> Handover:
    starts = NOON + timedelta(days=4)
    return Handover.objects.create(
        round=shop.round, starts_at=starts, ends_at=starts + timedelta(hours=2), fee_minor=fee
    )


def test_the_worst_case_is_right_to_the_cent_with_its_parts_apart(shop: Shop) -> None:
    client, user = signed_in()
    deposit = DepositType.objects.create(name="jar", amount_minor=25)
    milk, leeks = shop.offer("Milk", ladder=((1, 100, 119),)), shop.offer("Leeks")
    milk.product.deposit_type = deposit
    milk.product.save()
    lines = [
        WantedLine(offer_id=milk.pk, firm=4, flexible=2, flexible_for="order"),
        WantedLine(offer_id=leeks.pk, firm=3, max_unit_price_minor=233),
    ]
    hold(shop, user, *lines, handover=delivery(shop))
    page = client.get(f"{shop.address}basket/")
    # 4 × 1.19 + 3 × 2.33 now; 6 × 1.19 + 3 × 2.33 at most; 6 jars at 0.25; delivery 3.00
    told = {name: page.context[f"{name}_sum"] for name in ("now", "goods", "deposit", "fee", "worst")}
    assert told == {"now": "€11.75", "goods": "€14.13", "deposit": "€1.50", "fee": "€3.00", "worst": "€18.63"}
    assert page.context["fee_name"] == "Delivery"


def test_lines_stand_by_merchant_and_cut_off_each_with_its_own_clock(shop: Shop) -> None:
    client, user = signed_in()
    baker = make_merchant("Padaria")
    later = make_window(shop.round, [make_supply(baker, shop.hub)], closes_at=CLOSES_AT + timedelta(hours=4))
    bread = make_offer(later, make_product(baker, "Bread"))
    leeks, carrots = shop.offer("Leeks"), shop.offer("Carrots")
    hold(shop, user, *(WantedLine(offer_id=o.pk, firm=1) for o in (bread, leeks, carrots)))
    parts = client.get(f"{shop.address}basket/").context["parts"]
    assert [[line.card.name for line in part.lines] for part in parts] == [["Carrots", "Leeks"], ["Bread"]]
    assert [part.clock.until for part in parts] == [
        "until today 18:00, Lisbon time",
        "until today 22:00, Lisbon time",
    ]


def test_a_merchant_below_its_minimum_says_what_is_to_go(shop: Shop) -> None:
    client, user = signed_in()
    shop.window.supplies.update(minimum_order_value_minor=5_000)
    leeks = shop.offer("Leeks")
    hold(shop, user, WantedLine(offer_id=leeks.pk, firm=2))
    part = client.get(f"{shop.address}basket/").context["parts"][0]
    assert part.minimum.sentence.startswith("€50.00 to go or this order is not placed.")
    assert part.minimum.short


def test_the_page_takes_as_many_queries_for_one_line_as_for_twenty(shop: Shop) -> None:
    client, user = signed_in()
    shop.window.supplies.update(minimum_order_value_minor=5_000)

    def queries(lines: int, key: str) -> int:
        offers = [shop.offer(f"P{n:02}{key}") for n in range(lines)]
        hold(shop, user, *(WantedLine(offer_id=o.pk, firm=1) for o in offers), key=key)
        client.get(f"{shop.address}basket/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{shop.address}basket/").status_code == 200
        return len([q for q in captured.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))])

    assert queries(1, "a") == queries(19, "b")


def test_full_places_stay_visible_and_cannot_be_chosen(shop: Shop) -> None:
    client, user = signed_in()
    make_handover(shop.round, capacity=1)
    Capacity.objects.update(taken=1)
    hold(shop, user, WantedLine(offer_id=shop.offer().pk, firm=1))
    places = client.get(f"{shop.address}basket/").context["places"]
    assert [(place.full, place.note) for place in places] == [
        (False, "Rua das Flores 12"),
        (True, "full; choose another"),
    ]


def test_a_delivery_asks_for_the_address_and_keeps_it_on_the_household(shop: Shop) -> None:
    client, user = signed_in()
    hold(shop, user, WantedLine(offer_id=shop.offer().pk, firm=1))
    slot, version = delivery(shop), Reservation.objects.get().version
    form = {"request_key": "r", "version": version, "handover": slot.pk, "address": " "}
    refused = client.post(f"{shop.address}basket/", form)
    assert refused.status_code == 422
    assert "Write where it is brought: street, number, floor, place." in refused.content.decode()
    assert [place.chosen for place in refused.context["places"]] == [True, False]  # the delivery is the earlier one
    assert Reservation.objects.get().handover != slot
    kept = client.post(f"{shop.address}basket/", {**form, "address": "Rua Nova 7, 2.º"})
    assert kept.status_code == 302
    assert Reservation.objects.get().handover == slot
    assert Household.objects.get().address == "Rua Nova 7, 2.º"


def test_a_known_address_is_not_asked_for_again(shop: Shop) -> None:
    client, user = signed_in()
    Household.objects.update(address="Rua Nova 7")
    hold(shop, user, WantedLine(offer_id=shop.offer().pk, firm=1))
    slot = delivery(shop)
    form = {"request_key": "r", "version": 1, "handover": slot.pk, "address": ""}
    assert client.post(f"{shop.address}basket/", form).status_code == 302
    assert Household.objects.get().address == "Rua Nova 7"


def test_a_foreign_handover_is_refused_and_changes_nothing(shop: Shop) -> None:
    client, user = signed_in()
    hold(shop, user, WantedLine(offer_id=shop.offer().pk, firm=1))
    elsewhere = make_handover(Shop().round)
    before = Reservation.objects.get().handover
    answer = client.post(f"{shop.address}basket/", {"request_key": "r", "version": 1, "handover": elsewhere.pk})
    assert answer.status_code == 422
    assert Reservation.objects.get().handover == before


def test_the_basket_can_be_ordered_with_a_group_of_ones_own(shop: Shop) -> None:
    client, user = signed_in()
    group = Group.objects.create(hub=shop.hub, name="Coro", host=user, invitation="i")
    GroupMember.objects.create(group=group, household=user.households.get())
    hold(shop, user, WantedLine(offer_id=shop.offer().pk, firm=1))
    page = client.get(f"{shop.address}basket/")
    assert [(choice["name"], choice["chosen"]) for choice in page.context["groups"]] == [
        ("On our own", True),
        ("Coro", False),
    ]
    handover = Reservation.objects.get().handover_id
    form = {"request_key": "r", "version": 1, "handover": handover, "group": group.pk}
    assert client.post(f"{shop.address}basket/", form).status_code == 302
    assert Reservation.objects.get().group == group
    form = {"request_key": "alone", "version": 2, "handover": handover, "group": 0}
    assert client.post(f"{shop.address}basket/", form).status_code == 302
    assert Reservation.objects.get().group is None


def test_a_foreign_group_is_refused(shop: Shop) -> None:
    client, user = signed_in()
    group = Group.objects.create(hub=shop.hub, name="Others", host=user, invitation="i")
    hold(shop, user, WantedLine(offer_id=shop.offer().pk, firm=1))
    handover = Reservation.objects.get().handover_id
    form = {"request_key": "r", "version": 1, "handover": handover, "group": group.pk}
    assert client.post(f"{shop.address}basket/", form).status_code == 422
    assert Reservation.objects.get().group is None


def test_what_is_reserved_is_said_with_its_deadline(shop: Shop) -> None:
    client, user = signed_in()
    hold(shop, user, WantedLine(offer_id=shop.offer().pk, firm=1))
    assert "Reserved. Change it until today 18:00." in client.get(f"{shop.address}basket/").content.decode()
    assert ReservationLine.objects.count() == 1


def test_somebody_who_is_not_signed_in_is_asked_to(shop: Shop) -> None:
    assert Client().get(f"{shop.address}basket/").status_code == 302
