"""Pictures of products: checked, turned upright, stripped, made small, and served for ever."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from django.test import Client
from PIL import Image

from marketplace import clock
from marketplace.actions.pictures.add_picture import add_picture
from marketplace.errors import InvalidInput, NotAllowed
from marketplace.models import Product, ProductPicture, User
from tests.factories import NOON, make_merchant_member, make_user
from tests.marketplace.pages_ground import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: object) -> Iterator[Path]:
    settings.PICTURES_DIR = tmp_path / "pictures"  # type: ignore[attr-defined]
    with clock.frozen(NOON):
        yield tmp_path / "pictures"


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def product(shop: Shop) -> Product:
    return shop.offer().product


@pytest.fixture
def marta(product: Product) -> User:
    return make_merchant_member(product.merchant)


def file(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **more: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **more)
    return out.getvalue()


def noise(size: int) -> bytes:
    """A picture that compresses badly."""
    out = BytesIO()
    Image.frombytes("RGB", (size, size), Random(7).randbytes(size * size * 3)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.slow
def test_a_picture_becomes_squares_of_two_sizes_and_formats_without_metadata(
    product: Product, marta: User, folder: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Secret camera"
    added = add_picture(product=product, content=file(exif=exif), by=marta)
    assert (added.width, added.height) == (40, 60), "turned upright"
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"{added.digest}-{s}.{e}" for s in (160, 320) for e in ("avif", "webp")]
    for path in folder.iterdir():
        with Image.open(path) as found:
            assert found.size == ((160, 160) if "-160" in path.name else (320, 320))
            assert not found.getexif()
        assert b"Secret" not in path.read_bytes()


@pytest.mark.slow
def test_even_a_picture_that_compresses_badly_stays_within_a_cards_budget(
    product: Product, marta: User, folder: Path
) -> None:
    add_picture(product=product, content=noise(400), by=marta)
    assert max(path.stat().st_size for path in folder.glob("*-160.*")) <= 12_000


@pytest.mark.slow
def test_the_same_picture_twice_is_the_same_files_and_another_takes_its_place(
    product: Product, marta: User, folder: Path
) -> None:
    first = add_picture(product=product, content=file(), by=marta)
    assert add_picture(product=product, content=file(), by=marta).digest == first.digest
    assert len(list(folder.iterdir())) == 4
    add_picture(product=product, content=file("PNG"), by=marta)
    assert ProductPicture.objects.get().digest != first.digest


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"no picture", "This is no picture that can be read."),
        (b"", "This is no picture that can be read."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "This is no picture"),
        (file()[:200], "This is no picture that can be read."),
        (file("GIF"), "This is no picture that can be read."),
        (b"x" * 8_000_001, "The file is larger than 8 MB."),
    ],
    ids=["text", "nothing", "drawing", "cut off", "gif", "too large"],
)
def test_what_is_no_picture_is_refused_in_words_and_changes_nothing(
    product: Product, marta: User, folder: Path, content: bytes, told: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_picture(product=product, content=content, by=marta)
    assert refused.value.facts["problems"][0]["problem"].startswith(told)
    assert not ProductPicture.objects.exists()
    assert not folder.exists()


@pytest.mark.slow
def test_a_picture_that_unfolds_too_large_is_refused(product: Product, marta: User) -> None:
    with pytest.raises(InvalidInput) as refused:
        add_picture(product=product, content=file("PNG", (8000, 5001)), by=marta)
    assert "more than 40 megapixels" in refused.value.facts["problems"][0]["problem"]


def test_another_merchants_member_may_not(product: Product) -> None:
    with pytest.raises(NotAllowed):
        add_picture(product=product, content=file(), by=make_user())
    assert not ProductPicture.objects.exists()


@pytest.mark.slow
def test_a_picture_is_served_for_ever_and_shown_on_the_card(shop: Shop, product: Product, marta: User) -> None:
    digest = add_picture(product=product, content=file(), by=marta).digest
    answer = Client().get(f"/pictures/{digest}-160.avif")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/avif", "public, max-age=31536000, immutable")
    assert answer["X-Content-Type-Options"] == "nosniff"
    text = Client().get(shop.address).content.decode()
    assert f'srcset="/pictures/{digest}-160.avif 160w, /pictures/{digest}-320.avif 320w"' in text
    assert 'width="160" height="160" alt="" loading="lazy"' in text


@pytest.mark.slow
def test_who_saves_data_gets_neither_pictures_nor_the_font(shop: Shop, product: Product, marta: User) -> None:
    add_picture(product=product, content=file(), by=marta)
    text = Client(headers={"Save-Data": "on"}).get(shop.address).content.decode()
    assert "/pictures/" not in text
    assert "woff2" not in text
    assert 'class="saving"' in text


@pytest.mark.parametrize("name", ["0" * 32 + "-160.avif", "abc-161.webp", "abc-160.svg", "..-160.avif"])
def test_what_is_not_there_is_not_found(name: str) -> None:
    assert Client().get(f"/pictures/{name}").status_code == 404


def product_form(product: Product, **more: object) -> dict[str, object]:
    """What the merchant's desk sends for a product."""
    kept = ("category", "name", "sku", "content_amount", "content_unit", "storage_class", "shelf_life_days")
    values = {name: getattr(product, f"{name}_id" if name == "category" else name) for name in kept}
    fixed = {"merchant": product.merchant_id, "tax_class": product.tax_class_id, "allergens": "{}", "diets": "{}"}
    return {**values, **fixed, "is_active": "on", **more}


@pytest.mark.slow
def test_a_merchant_adds_a_picture_in_the_products_form(product: Product, marta: User) -> None:
    client = Client()
    client.force_login(marta)
    address = f"/desk/marketplace/product/{product.pk}/change/"
    sent = product_form(product, description="From the south slope", picture=BytesIO(file()))
    assert client.post(address, sent).status_code == 302
    assert ProductPicture.objects.get().product == product
    product.refresh_from_db()
    assert " slope" in product.search_text


@pytest.mark.slow
def test_a_file_that_is_no_picture_is_told_next_to_its_field_and_nothing_is_kept(product: Product, marta: User) -> None:
    client = Client()
    client.force_login(marta)
    address = f"/desk/marketplace/product/{product.pk}/change/"
    answer = client.post(address, product_form(product, name="Changed", picture=BytesIO(b"no picture")))
    assert answer.status_code == 200
    assert "This is no picture that can be read." in answer.content.decode()
    product.refresh_from_db()
    assert product.name == "Tomatoes"
    assert not ProductPicture.objects.exists()
