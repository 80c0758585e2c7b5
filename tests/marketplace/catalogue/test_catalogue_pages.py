"""The catalogue's pages on the merchant desk: looking through it, lists, many at once, one product, breaks, pledges."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from marketplace import clock
from marketplace.models import CatalogueChange, CatalogueImport, ImportMapping, Pledge, Product, SupplyBreak
from tests.factories import NOON
from tests.marketplace.catalogue.ground import HEAD, Shop, stock_of
from tests.marketplace.closing_ground import Market
from tests.rules.test_price_lists import bnn, bnn_row

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LIST = "/desk/marketplace/product/"


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def desk(shop: Shop) -> Client:
    client = Client()
    client.force_login(shop.member)
    return client


def upload(text: str, name: str = "list.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def test_the_list_finds_by_name_number_and_code_and_shows_prices(shop: Shop, desk: Client) -> None:
    shop.priced("Wild leek", sku="WL-1", gtin="4006381333931", is_regular=True)
    shop.priced("Kale", sku="K-1", ladder=((6, 100, 150), (12, 90, 140)), case=5)
    for query in ("wild", "WL-1", "400638"):
        page = desk.get(LIST, {"q": query}).content.decode()
        assert "Wild leek" in page
        assert "Kale" not in page
    page = desk.get(LIST).content.decode()
    assert "€2.10" in page
    assert "2 steps" in page
    assert desk.get(LIST, {"state": "regular"}).content.decode().count("cat-name") == 1


def test_the_list_costs_the_same_for_one_and_twenty(shop: Shop, desk: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(LIST).status_code == 200
        return len(queries)

    shop.priced()
    cost()
    one = cost()
    for _ in range(19):
        shop.priced()
    assert cost() == one


def test_a_list_is_sent_looked_at_and_taken(shop: Shop, desk: Client) -> None:
    tomatoes = shop.priced("Tomatoes", sku="A1")
    sent = desk.post(
        f"{LIST}import/", {"file": upload(f"{HEAD}\nA1;Tomatoes;vegetables;food;4;1,60;2,20;6\n"), "kind": "table"}
    )
    shown = CatalogueImport.objects.get()
    url = f"{LIST}import/{shown.pk}/"
    assert sent.headers["Location"] == url
    page = desk.get(url).content.decode()
    assert "€2.20 (cost €1.60)" in page
    assert "Take all of it" in page
    assert desk.get(url).status_code == 200
    assert shop.ladder(tomatoes) == [(1, 150, 210)]
    taken = desk.post(url, {"do": "take", "fingerprint": shown.fingerprint, "drafts": "1"}, follow=True)
    assert "1 product is changed." in taken.content.decode()
    assert shop.ladder(tomatoes) == [(1, 160, 220)]


def test_refused_rows_stop_the_list_until_they_are_left_out(shop: Shop, desk: Client) -> None:
    desk.post(
        f"{LIST}import/",
        {
            "file": upload(f"{HEAD}\nA1;Tomatoes;vegetables;food;4;1,60;2,20;6\nA2;Kale;x;food;4;1;2;1\n"),
            "kind": "table",
        },
    )
    shown = CatalogueImport.objects.get()
    url = f"{LIST}import/{shown.pk}/"
    page = desk.get(url).content.decode()
    assert "Row 3 · <bdi>category</bdi>" in page
    assert "Take all of it" not in page
    desk.post(url, {"do": "take", "fingerprint": shown.fingerprint})
    assert not Product.objects.exists()
    desk.post(url, {"do": "leave_out", "on": "1"})
    shown.refresh_from_db()
    desk.post(url, {"do": "take", "fingerprint": shown.fingerprint})
    assert [product.sku for product in Product.objects.all()] == ["A1"]


def test_a_table_with_names_of_its_own_is_asked_about_and_remembered(shop: Shop, desk: Client) -> None:
    text = "Nr im Haus;Wie es heißt;Netto\nA1;Tomaten;1,00\n"
    sent = desk.post(f"{LIST}import/", {"file": upload(text), "kind": "table"})
    shown = CatalogueImport.objects.get()
    assert sent.headers["Location"] == f"{LIST}import/{shown.pk}/columns/"
    form = {
        "column-0": "sku",
        "column-1": "name",
        "column-2": "cost_1",
        "category": "vegetables",
        "tax": "food",
        "shelf_life_days": "5",
        "markup": "40",
        "name": "From the till",
    }
    missing = desk.post(sent.headers["Location"], {**form, "column-0": ""})
    assert missing.status_code == 422
    assert desk.post(sent.headers["Location"], form).status_code == 302
    shown.refresh_from_db()
    assert shown.difference["new"][0]["values"]["ladder"] == [[1, 100, 140]]
    kept = ImportMapping.objects.get()
    assert (kept.name, kept.columns["cost_1"], kept.markup_basis_points) == ("From the till", "Netto", 4000)
    desk.post(f"{LIST}import/", {"file": upload(text), "kind": f"saved-{kept.pk}"})
    again = CatalogueImport.objects.order_by("-pk")[0]
    assert again.difference["new"] == shown.difference["new"]


def test_the_codes_of_a_wholesalers_list_are_asked_for_and_remembered(shop: Shop, desk: Client) -> None:
    file = SimpleUploadedFile("list.bnn", bnn(bnn_row(), bnn_row(at0="2", at4="", at33="2", at16="9900")))
    sent = desk.post(f"{LIST}import/", {"file": file, "kind": "bnn3", "markup": "30", "category": "vegetables"})
    shown = CatalogueImport.objects.get()
    url = f"{LIST}import/{shown.pk}/codes/"
    assert sent.headers["Location"] == url
    page = desk.get(url).content.decode()
    assert "0302" in page
    form = {"category-0": "", "category-1": "dairy", "tax-0": "food", "tax-1": "standard", "name": "Wholesale"}
    assert desk.post(url, form).status_code == 302
    shown.refresh_from_db()
    assert [(row["values"]["category"], row["values"]["tax"]) for row in shown.difference["new"]] == [
        ("vegetables", "food"),
        ("dairy", "standard"),
    ]
    assert ImportMapping.objects.get().values == {
        "category": {"9900": "dairy"},
        "tax": {"1": "food", "2": "standard"},
    }


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"kind": "table"}, "Choose a file."),
        ({"kind": "table", "file": SimpleUploadedFile("x.csv", b"\x00\x01")}, "This is no text file."),
        ({"kind": "odin", "file": SimpleUploadedFile("x.xml", b"<a>")}, "This is no price list of ODIN"),
        ({"kind": "saved-0", "file": SimpleUploadedFile("x.csv", b"sku\nA\n")}, "Choose one of the kinds."),
        ({"kind": "table", "markup": "x", "file": SimpleUploadedFile("x.csv", b"sku\nA\n")}, "A percentage like 25"),
    ],
    ids=["nothing", "no text", "no odin", "no such kind", "no percentage"],
)
def test_what_cannot_be_read_is_told_beside_its_field(desk: Client, form: dict[str, object], problem: str) -> None:
    page = desk.post(f"{LIST}import/", form)
    assert page.status_code == 422
    assert problem in page.content.decode()
    assert not CatalogueImport.objects.exists()


def test_a_catalogue_is_written_out_as_both_kinds_of_table(shop: Shop, desk: Client) -> None:
    shop.priced("=Kale", sku="A1")
    csv = desk.get(f"{LIST}export/")
    assert csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "'=Kale" in csv.content.decode("utf-8-sig")
    book = desk.get(f"{LIST}export/", {"format": "xlsx"})
    assert book.content.startswith(b"PK")


def test_many_are_changed_only_as_the_preview_showed(shop: Shop, desk: Client) -> None:
    kale, leek = shop.priced("Kale", sku="A1"), shop.priced("Leek", sku="A2", ladder=((1, 100, 199),))
    form = {"product": [kale.pk, leek.pk], "price": "5", "to_storage": "chilled", "reason": "spring"}
    look = desk.post(f"{LIST}bulk/", {**form, "do": "look"})
    page = look.content.decode()
    assert "€2.21 (cost €1.50)" in page
    assert "€2.09 (cost €1.00)" in page
    assert shop.ladder(kale) == [(1, 150, 210)]
    fingerprint = look.context["looked"].fingerprint
    stale = desk.post(f"{LIST}bulk/", {**form, "do": "change", "fingerprint": "other"})
    assert stale.status_code == 422
    assert shop.ladder(kale) == [(1, 150, 210)]
    assert desk.post(f"{LIST}bulk/", {**form, "do": "change", "fingerprint": fingerprint}).status_code == 302
    assert (shop.ladder(kale), shop.ladder(leek)) == ([(1, 150, 221)], [(1, 100, 209)])
    assert set(Product.objects.values_list("storage_class", flat=True)) == {"chilled"}
    assert set(CatalogueChange.objects.values_list("via", "reason")) == {("bulk", "spring")}


def test_products_of_others_are_not_among_the_many(shop: Shop, desk: Client) -> None:
    theirs = Shop("Other", hub=shop.hub).priced("Theirs")
    answer = desk.post(f"{LIST}bulk/", {"product": [theirs.pk], "price": "5", "do": "look"})
    assert answer.status_code == 302
    kale = shop.priced("Kale")
    look = desk.post(f"{LIST}bulk/", {"product": [theirs.pk, kale.pk], "price": "5", "do": "look"})
    assert "Theirs" not in look.content.decode()


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"price": "x"}, "A percentage like 5"),
        ({}, "Say what shall change."),
        ({"price": "-100"}, "Its price would be nothing."),
        ({"to_case": "0"}, "A whole number from 1"),
    ],
)
def test_many_cannot_become_what_cannot_be(shop: Shop, desk: Client, form: dict[str, str], problem: str) -> None:
    kale = shop.priced("Kale")
    page = desk.post(f"{LIST}bulk/", {**form, "product": [kale.pk], "do": "look"})
    assert page.status_code == 422
    assert problem in page.content.decode()
    assert not CatalogueChange.objects.exists()


def card(product: Product) -> str:
    return f"{LIST}{product.pk}/card/"


def seen(desk: Client, product: Product) -> str:
    return str(desk.get(card(product)).context["seen"])


def test_terms_are_checked_saved_and_remembered_on_the_products_page(shop: Shop, desk: Client) -> None:
    kale = shop.priced("Kale")
    form = {"quantity-1": "1", "cost-1": "1,50", "price-1": "2,10", "quantity-2": "5", "cost-2": "0,20", "price-2": "1",
            "case": "1", "stock_rule": "reset", "shortage": "max_min", "seen": seen(desk, kale)}  # fmt: skip
    look = desk.post(card(kale), {**form, "do": "look"})
    assert "From step 2 on the merchant earns less" in look.content.decode()
    assert shop.ladder(kale) == [(1, 150, 210)]
    saved = desk.post(card(kale), {**form, "do": "save", "stock": "40", "regular": "yes", "reason": "spring"})
    assert saved.status_code == 302
    template = kale.templates.get()
    assert (template.cap, template.is_regular, shop.ladder(kale)) == (40, True, [(1, 150, 210), (5, 20, 100)])
    assert "spring" in desk.get(card(kale)).content.decode()
    stale = desk.post(card(kale), {**form, "do": "save"})
    assert stale.status_code == 422
    assert kale.templates.get().cap == 40


def test_a_mistyped_ladder_is_told_in_its_row_and_nothing_typed_is_lost(shop: Shop, desk: Client) -> None:
    kale = shop.priced("Kale")
    page = desk.post(card(kale), {"quantity-1": "1", "cost-1": "abc", "price-1": "2", "case": "x", "do": "save"})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'id="step-1"' in text
    assert 'value="abc"' in text
    assert 'id="p-case"' in text
    assert shop.ladder(kale) == [(1, 150, 210)]


def test_a_picture_is_checked_and_made_small_on_the_products_page(
    shop: Shop, desk: Client, settings: object, tmp_path: object
) -> None:
    settings.PICTURES_DIR = tmp_path  # type: ignore[attr-defined]
    kale = shop.priced("Kale")
    bad = desk.post(card(kale), {"do": "picture", "picture": SimpleUploadedFile("x.png", b"<svg/>")})
    assert bad.status_code == 422
    assert "This is no picture that can be read." in bad.content.decode()
    out = BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, "PNG")
    good = desk.post(card(kale), {"do": "picture", "picture": SimpleUploadedFile("x.png", out.getvalue())})
    assert good.status_code == 302
    kale.refresh_from_db()
    assert kale.picture.width == 40


def test_what_the_form_of_a_product_changes_is_in_its_history(shop: Shop, desk: Client) -> None:
    kale = shop.product("Kale")
    form = {
        "category": kale.category_id,
        "name": "Curly kale",
        "sku": kale.sku,
        "content_amount": 1,
        "content_unit": "H87",
        "storage_class": "chilled",
        "shelf_life_days": 4,
        "tax_class": kale.tax_class_id,
        "allergens": "{}",
        "diets": "{}",
        "is_active": "on",
    }
    assert desk.post(f"{LIST}{kale.pk}/change/", form).status_code == 302
    change = CatalogueChange.objects.get()
    assert change.before == {"name": "Kale", "storage": "ambient"}
    assert change.after == {"name": "Curly kale", "storage": "chilled"}
    assert (change.by, change.via) == (shop.member, "form")


def test_a_foreign_product_list_and_break_are_not_there(shop: Shop, desk: Client) -> None:
    other = Shop("Other", hub=shop.hub)
    theirs, shown = other.priced("Theirs"), other.read("A1;Kale;vegetables;food;4;1;2;1\n")
    pause = SupplyBreak.objects.create(
        merchant=other.merchant, starts_on=NOON.date(), ends_on=NOON.date(), by=other.member, made_at=NOON
    )
    for url in (card(theirs), f"{LIST}import/{shown.pk}/", f"{LIST}import/{shown.pk}/columns/"):
        assert desk.get(url).status_code == 404
        assert desk.post(url, {"do": "take"}).status_code == 404
    assert desk.post(f"/desk/marketplace/supplybreak/{pause.pk}/end/").status_code == 404
    assert desk.get(LIST, {"merchant": other.merchant.pk}).status_code == 404


def test_a_break_is_set_and_taken_back(shop: Shop, desk: Client) -> None:
    url = "/desk/marketplace/supplybreak/"
    with clock.frozen(NOON):
        bad = desk.post(url, {"starts_on": "2026-13-01", "ends_on": "", "kind": "vacation"})
        assert bad.status_code == 422
        good = desk.post(
            url, {"starts_on": "2026-12-01", "ends_on": "2026-12-05", "kind": "vacation", "reason": "harvest"}
        )
        assert good.status_code == 302
        page = desk.get(url).content.decode()
    pause = SupplyBreak.objects.get()
    assert "harvest" in page
    assert desk.get(f"{url}{pause.pk}/end/").status_code == 405
    assert desk.post(f"{url}{pause.pk}/end/").status_code == 302
    pause.refresh_from_db()
    assert pause.ended_by == shop.member


def test_pledges_are_made_and_taken_back_on_the_offers_page() -> None:
    market = Market()
    shop = Shop(hub=market.hub)
    offer = market.offer(shop.merchant, ((1, 200, 300),), cap=10)
    client = Client()
    client.force_login(shop.member)
    url = f"/desk/marketplace/offer/{offer.pk}/pledge/"
    with clock.frozen(NOON):
        look = client.post(
            url, {"kind": "price", "price-units": "10", "price-cost": "1,80", "do": "look", "version": "1"}
        )
        assert "€3.00 (cost €2.00); from 10: €2.80 (cost €1.80)" in look.content.decode()
        bad = client.post(
            url, {"kind": "price", "price-units": "x", "price-cost": "3,00", "do": "pledge", "version": "1"}
        )
        assert bad.status_code == 422
        assert not Pledge.objects.exists()
        assert (
            client.post(url, {"kind": "supply", "supply-units": "40", "do": "pledge", "version": "1"}).status_code
            == 302
        )
        pledge = Pledge.objects.get()
        back = f"/desk/marketplace/offer/pledge/{pledge.pk}/withdraw/"
        assert client.get(back).status_code == 405
        client.post(back, {"reason": "frost"})
    pledge.refresh_from_db()
    assert (pledge.state, stock_of(offer)) == ("withdrawn", 10)
