"""A price list: first what it would change, then exactly that, all of it or nothing."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.actions.catalogue.drop_price_list import drop_price_list
from marketplace.actions.catalogue.read_price_list import read_price_list, reread_price_list
from marketplace.actions.catalogue.take_price_list import take_price_list
from marketplace.errors import CatalogueChanged, IllegalMove, InvalidInput, NotFound
from marketplace.models import CatalogueChange, CatalogueImport, Product, PurchaseOrderLine, SearchWord
from marketplace.queries.catalogue import catalogue_of
from marketplace.rules.catalogue.options import BNN3, ListOptions, options_from
from marketplace.rules.catalogue.writing import as_csv, as_xlsx, table_rows
from tests.factories import make_merchant_member
from tests.marketplace.catalogue.ground import Shop
from tests.marketplace.closing_ground import Market
from tests.rules.test_price_lists import bnn, bnn_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def take(shop: Shop, shown: CatalogueImport, **named: Any) -> Any:
    return take_price_list(import_id=shown.pk, fingerprint=shown.fingerprint, by=shop.member, **named)


def refused(shown: CatalogueImport) -> list[tuple[int, str, str]]:
    """(row, our column, text) of each refused cell."""
    return [(row["row"], row["column"], row["given"]) for row in shown.difference["refused"]]


def test_a_list_shows_new_changed_and_unchanged_products_and_changes_nothing(shop: Shop) -> None:
    shop.priced("Tomatoes", sku="A1", ladder=((1, 150, 210),), case=6)
    shop.priced("Kale", sku="A2", ladder=((1, 100, 150),))
    shown = shop.read(
        "A1;Tomatoes;vegetables;food;4;1,60;2,20;6\nA2;Kale;vegetables;food;4;1.00;1.50;1\n"
        "A3;Leek;Vegetables;6%;7;0,80;1,20;10\n"
    )
    told = shown.difference
    assert [(row["sku"], row["before"], row["after"]) for row in told["changed"]] == [
        ("A1", {"ladder": [[1, 150, 210]]}, {"ladder": [[1, 160, 220]]})
    ]
    assert [(row["row"], row["sku"], row["values"]["name"]) for row in told["new"]] == [(4, "A3", "Leek")]
    assert told["unchanged"] == 1
    assert told["refused"] == []
    assert told["gone"] == []
    assert Product.objects.filter(merchant=shop.merchant).count() == 2
    assert shop.ladder(Product.objects.get(sku="A1")) == [(1, 150, 210)]


@pytest.mark.slow
def test_what_was_shown_is_taken_with_its_history_and_search(shop: Shop) -> None:
    tomatoes = shop.priced("Tomatoes", sku="A1")
    shown = shop.read("A1;Tomatoes;vegetables;food;4;1,60;2,20;6\nA3;Wild leek;vegetables;food;7;0,80;1,20;10\n")
    taken = take(shop, shown)
    assert (taken.new, taken.changed, taken.gone) == (1, 1, 0)
    leek = Product.objects.get(merchant=shop.merchant, sku="A3")
    assert shop.ladder(leek) == [(1, 80, 120)]
    assert leek.templates.get().case == 10
    assert " leek" in leek.search_text
    assert SearchWord.objects.get(word="leek").uses == 1
    assert shop.ladder(tomatoes) == [(1, 160, 220)]
    change = CatalogueChange.objects.get(product=tomatoes)
    assert (change.before, change.after) == (
        {"case": 1, "ladder": [[1, 150, 210]]},
        {"case": 6, "ladder": [[1, 160, 220]]},
    )
    assert (change.by, change.via, change.reason, change.currency) == (shop.member, "import", "list.csv", "EUR")
    assert CatalogueChange.objects.get(product=leek).before == {}
    shown.refresh_from_db()
    assert shown.state == "applied"
    assert bytes(shown.content) == b""


@pytest.mark.slow
def test_one_bad_row_stops_the_whole_list_and_is_told_with_row_column_and_reason(shop: Shop) -> None:
    tomatoes = shop.priced("Tomatoes", sku="A1")
    shown = shop.read("A1;Tomatoes;vegetables;food;4;1,60;2,20;6\nA9;Kale;dragons;food;x;1;2;0\n")
    assert refused(shown) == [(3, "category", "dragons"), (3, "shelf_life_days", "x"), (3, "case", "0")]
    with pytest.raises(InvalidInput) as stopped:
        take(shop, shown)
    assert stopped.value.facts["problems"][0] == {
        "place": "row 3, category",
        "problem": "There is no such category. There are: dairy, vegetables.",
    }
    assert shop.ladder(tomatoes) == [(1, 150, 210)]
    assert not CatalogueChange.objects.exists()


@pytest.mark.slow
def test_refused_rows_are_left_out_only_once_somebody_said_so_and_looked_again(shop: Shop) -> None:
    tomatoes = shop.priced("Tomatoes", sku="A1")
    shown = shop.read("A1;Tomatoes;vegetables;food;4;1,60;2,20;6\nA9;Kale;dragons;food;4;1;2;1\n")
    before = shown.fingerprint
    options = options_from({**shown.options, "leave_out": True})
    again = reread_price_list(import_id=shown.pk, options=options, by=shop.member)
    assert again.fingerprint != before
    with pytest.raises(CatalogueChanged):
        take_price_list(import_id=shown.pk, fingerprint=before, by=shop.member)
    take(shop, again)
    assert shop.ladder(tomatoes) == [(1, 160, 220)]
    assert not Product.objects.filter(sku="A9").exists()


@pytest.mark.slow
def test_a_catalogue_that_changed_in_between_asks_anew(shop: Shop) -> None:
    tomatoes = shop.priced("Tomatoes", sku="A1")
    shown = shop.read("A1;Tomatoes;vegetables;food;4;1,60;2,20;1\n")
    Product.objects.filter(pk=tomatoes.pk).update(name="Cherry tomatoes")
    with pytest.raises(CatalogueChanged):
        take(shop, shown)
    assert shop.ladder(tomatoes) == [(1, 150, 210)]
    again = CatalogueImport.objects.get(pk=shown.pk)
    assert again.fingerprint != shown.fingerprint
    assert again.difference["changed"][0]["before"] == {"name": "Cherry tomatoes", "ladder": [[1, 150, 210]]}
    take(shop, again)
    tomatoes.refresh_from_db()
    assert tomatoes.name == "Tomatoes"


@pytest.mark.slow
def test_a_list_is_taken_once_and_a_dropped_one_never(shop: Shop) -> None:
    shown = shop.read("A1;Tomatoes;vegetables;food;4;1,60;2,20;1\n")
    other = shop.read("A2;Kale;vegetables;food;4;1,60;2,20;1\n")
    take(shop, shown)
    drop_price_list(import_id=other.pk, by=shop.member)
    for each in (shown, other):
        with pytest.raises(IllegalMove):
            take(shop, each)
        with pytest.raises(IllegalMove):
            drop_price_list(import_id=each.pk, by=shop.member)
    assert Product.objects.filter(merchant=shop.merchant).count() == 1


@pytest.mark.slow
def test_a_row_with_anothers_gtin_never_touches_that_other(shop: Shop) -> None:
    other = Shop("Laticínios", hub=shop.hub)
    theirs = other.priced("Theirs", sku="A1", gtin="4006381333931")
    shown = shop.read(
        "A1;Mine;vegetables;food;4;1,60;2,20;1;4006381333931\n",
        head="sku;name;category;tax;shelf_life_days;cost_1;price_1;case;gtin",
    )
    assert [row["sku"] for row in shown.difference["new"]] == ["A1"]
    take(shop, shown)
    theirs.refresh_from_db()
    assert (theirs.name, other.ladder(theirs)) == ("Theirs", [(1, 150, 210)])
    assert Product.objects.get(merchant=shop.merchant).name == "Mine"


@pytest.mark.slow
def test_foreign_lists_and_catalogues_are_not_found(shop: Shop) -> None:
    other = Shop("Laticínios", hub=shop.hub)
    shown = shop.read("A1;Tomatoes;vegetables;food;4;1,60;2,20;1\n")
    with pytest.raises(NotFound):
        take_price_list(import_id=shown.pk, fingerprint=shown.fingerprint, by=other.member)
    with pytest.raises(NotFound):
        drop_price_list(import_id=shown.pk, by=other.member)
    with pytest.raises(NotFound):
        read_price_list(
            merchant_id=shop.merchant.pk,
            content=b"sku\nA1\n",
            file_name="",
            options=ListOptions(currency="EUR"),
            by=other.member,
        )
    assert not Product.objects.exists()


@pytest.mark.slow
def test_a_gtin_belongs_to_one_article_of_a_merchant_and_may_move_between_two(shop: Shop) -> None:
    shop.priced("Kale", sku="A1", gtin="4006381333931")
    shop.priced("Leek", sku="A2", gtin="5901234123457")
    head = "sku;gtin"
    clash = shop.read("A2;4006381333931\n", head=head)
    assert refused(clash) == [(2, "gtin", "4006381333931")]
    swapped = shop.read("A1;5901234123457\nA2;4006381333931\n", head=head)
    assert refused(swapped) == []
    take(shop, swapped)
    assert dict(Product.objects.values_list("sku", "gtin")) == {"A1": "5901234123457", "A2": "4006381333931"}


@pytest.mark.parametrize("gtin", ["4006381333932", "12345", "abc", "40063813339310"])
def test_a_gtin_with_a_wrong_check_digit_is_refused(shop: Shop, gtin: str) -> None:
    shop.priced("Kale", sku="A1")
    assert refused(shop.read(f"A1;{gtin}\n", head="sku;gtin")) == [(2, "gtin", gtin)]


def test_the_same_article_twice_is_refused_and_names_the_other_row(shop: Shop) -> None:
    shown = shop.read("A1;Kale;vegetables;food;4;1;2;1\nA1;Leek;vegetables;food;4;1;2;1\n")
    assert refused(shown) == [(3, "sku", "A1")]


@pytest.mark.slow
def test_a_whole_catalogue_takes_out_what_it_does_not_name(shop: Shop) -> None:
    shop.priced("Kale", sku="A1")
    leek = shop.priced("Leek", sku="A2")
    shown = shop.read("A1;Kale;vegetables;food;4;1,50;2,10;1\n", whole=True)
    assert shown.difference["gone"] == [{"sku": "A2", "name": "Leek"}]
    take(shop, shown)
    leek.refresh_from_db()
    assert not leek.is_active
    assert CatalogueChange.objects.get(product=leek).after == {"active": False}


@pytest.mark.slow
def test_an_empty_cell_empties_what_may_be_empty_and_leaves_what_a_product_needs(shop: Shop) -> None:
    kale = shop.priced("Kale", sku="A1", gtin="4006381333931", cap=20)
    shown = shop.read("A1;;;;\n", head="sku;name;gtin;stock;cost_1")
    take(shop, shown)
    kale.refresh_from_db()
    assert (kale.name, kale.gtin, kale.templates.get().cap, shop.ladder(kale)) == ("Kale", "", None, [(1, 150, 210)])


@pytest.mark.slow
def test_a_ladder_of_steps_is_read_and_its_rules_are_kept(shop: Shop) -> None:
    head = "sku;name;category;tax;shelf_life_days;from_1;cost_1;price_1;from_2;cost_2;price_2"
    shown = shop.read(
        "A1;Kale;vegetables;food;4;6;1,50;2,10;24;1,40;1,95\nA2;Leek;vegetables;food;4;6;1,50;2,10;24;1,60;1,95\n",
        head=head,
    )
    assert shown.difference["new"][0]["values"]["ladder"] == [[6, 150, 210], [24, 140, 195]]
    assert refused(shown) == [(3, "from_2", "")]


@pytest.mark.slow
def test_steps_that_no_case_meets_and_steps_that_earn_less_are_warned_about(shop: Shop) -> None:
    head = "sku;name;category;tax;shelf_life_days;case;cost_1;price_1;from_2;cost_2;price_2;from_3;cost_3;price_3"
    shown = shop.read("A1;Kale;vegetables;food;4;12;1,50;2,10;13;1,40;1,95;24;0,60;0,90\n", head=head)
    assert [(row["step"], row["problem"]) for row in shown.difference["warned"]] == [
        (2, "no_case_meets_step"),
        (3, "earns_less"),
    ]


def test_costs_alone_become_prices_by_a_markup_and_without_one_are_refused(shop: Shop) -> None:
    head = "sku;name;category;tax;shelf_life_days;cost_1"
    row = "A1;Kale;vegetables;food;4;1,02\n"
    assert refused(shop.read(row, head=head)) == [(2, "price_1", "")]
    shown = shop.read(row, head=head, markup_basis_points=2_550)
    assert shown.difference["new"][0]["values"]["ladder"] == [[1, 102, 128]]


@pytest.mark.slow
def test_what_is_promised_of_a_product_on_offer_stays_until_the_hand_over() -> None:
    market = Market()
    shop = Shop(hub=market.hub)
    product = shop.priced("Kale", sku="A1")
    market.window.window_supplies.create(supply=shop.supply, orders_due_at=market.window.closes_at)
    offer = market.offer(shop.merchant)
    offer.product = product
    offer.save()
    shown = shop.read("A1;Curly kale;vegetables;food;4;1,60;2,20;1\n")
    assert refused(shown) == [(2, "name", "Curly kale")]
    assert refused(shop.read("A1;Kale;vegetables;food;4;1,60;2,20;1\n")) == []


@pytest.mark.slow
def test_a_price_in_a_placed_order_never_changes() -> None:
    market = Market()
    shop = Shop(hub=market.hub)
    product = shop.priced("Kale", sku="A1", ladder=((1, 100, 150),))
    market.window.window_supplies.create(supply=shop.supply, orders_due_at=market.window.closes_at)
    offer = market.offer(shop.merchant)
    offer.product = product
    offer.save()
    market.line(offer, 4)
    take(shop, shop.read("A1;Kale;vegetables;food;4;9,00;12,00;1\n"))
    assert list(offer.steps.values_list("cost_minor", "unit_price_minor")) == [(100, 150)]
    market.close()
    take(shop, shop.read("A1;Kale;vegetables;food;4;11,00;14,00;1\n"))
    line = PurchaseOrderLine.objects.get(order=market.order(shop.merchant))
    assert (line.cost_minor, line.ordered, line.order.total_minor) == (100, 4, 400)
    assert offer.outcomes.get().unit_price_minor == 150
    assert shop.ladder(product) == [(1, 1100, 1400)]


@pytest.mark.slow
def test_a_wholesalers_list_needs_no_more_than_what_its_codes_mean(shop: Shop) -> None:
    shown = shop.read(
        bnn(bnn_row(), bnn_row(at0="222", at1="X"), bnn_row(at0="333", at33="2", at4="")),
        format=BNN3,
        values={"tax": {"1": "food", "2": "standard"}},
        defaults={"category": "vegetables"},
        markup_basis_points=3_000,
    )
    told = shown.difference
    assert [(row["sku"], row["values"]["tax"], row["values"]["ladder"]) for row in told["new"]] == [
        ("111116", "food", [[1, 425, 553]]),
        ("333", "standard", [[1, 425, 553]]),
    ]
    assert refused(shown) == []
    take(shop, shown)
    lemons = Product.objects.get(sku="111116")
    assert (lemons.name, lemons.content_amount, lemons.content_unit, lemons.templates.get().case) == (
        "Zitronen",
        500,
        "GRM",
        6,
    )


def test_the_lists_own_currency_has_to_be_the_one_that_prices_are_read_in(shop: Shop) -> None:
    chf = bnn(bnn_row(), head='BNN;3;1;"G";T;"O";CHF;;0;20261121;1830;1')
    with pytest.raises(InvalidInput):
        shop.read(chf, format=BNN3)
    with pytest.raises(InvalidInput):
        read_price_list(
            merchant_id=shop.merchant.pk,
            content=b"sku\nA1\n",
            file_name="",
            options=ListOptions(currency="USD"),
            by=shop.member,
        )
    assert not CatalogueImport.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_catalogue_written_out_reads_in_again_unchanged(shop: Shop, write: Any) -> None:
    kale = shop.priced("=Kale, green", sku="-A1", gtin="4006381333931", cap=20, ladder=((6, 150, 210), (24, 140, 195)))
    kale.allergens, kale.description = {"milk": "contains", "nuts": "traces"}, 'With "quotes";\nand two lines'
    kale.save()
    shop.product("Without a price", sku="A2")
    catalogue = catalogue_of(shop.merchant.pk, "EUR")
    content = write(table_rows(((sku, each.values) for sku, each in catalogue.items()), "EUR"))
    told = shop.read(content).difference
    assert (told["unchanged"], told["changed"], told["new"], told["refused"]) == (2, [], [], [])


@pytest.mark.slow
def test_platform_staff_reads_in_for_a_merchant_and_it_is_written_who(shop: Shop) -> None:
    staff = make_merchant_member(shop.merchant, "Petra")
    staff.merchant_memberships.all().delete()
    staff.is_staff = True
    staff.save()
    shown = read_price_list(
        merchant_id=shop.merchant.pk,
        content=b"sku;name;category;tax;shelf_life_days\nA1;Kale;vegetables;food;4\n",
        file_name="list.csv",
        options=ListOptions(currency="EUR"),
        by=staff,
    )
    take_price_list(import_id=shown.pk, fingerprint=shown.fingerprint, by=staff)
    assert CatalogueChange.objects.get().by == staff


@pytest.mark.slow
def test_a_longer_list_costs_hardly_more_queries(shop: Shop) -> None:
    def cost(first: int, many: int) -> int:
        rows = "".join(f"A{n};Kale {n};vegetables;food;4;1,0{n % 10};2,20;6\n" for n in range(first, first + many))
        with CaptureQueriesContext(connection) as queries:
            take(shop, shop.read(rows))
        return len(queries)

    one = cost(0, 1)
    assert cost(100, 20) <= one + 4
