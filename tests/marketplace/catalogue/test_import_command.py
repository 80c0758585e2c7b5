"""`manage.py import_catalogue`: first the difference and its fingerprint, then exactly that."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from marketplace.models import CatalogueChange, Product
from tests.marketplace.catalogue.ground import HEAD, Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def run(shop: Shop, path: Path, *more: str) -> str:
    out = StringIO()
    call_command("import_catalogue", shop.merchant.slug, str(path), "--by", shop.member.email, *more, stdout=out)
    return out.getvalue()


def written(tmp_path: Path, rows: str) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(f"{HEAD}\n{rows}")
    return path


@pytest.mark.slow
def test_the_difference_is_shown_and_taken_by_its_fingerprint(shop: Shop, tmp_path: Path) -> None:
    kale = shop.priced("Kale", sku="A1")
    path = written(tmp_path, "A1;Kale;vegetables;food;4;1,60;2,20;1\nA2;Leek;vegetables;food;4;1;2;1\n")
    shown = run(shop, path)
    assert "ladder: 1: 1.50 / 2.10 -> 1: 1.60 / 2.20" in shown
    assert "+ A2 Leek" in shown
    assert "1 new, 1 changed, 0 gone, 0 refused, 0 unchanged" in shown
    assert shop.ladder(kale) == [(1, 150, 210)]
    with pytest.raises(CommandError, match="not what was shown"):
        run(shop, path, "--take", "0" * 64)
    assert shop.ladder(kale) == [(1, 150, 210)]
    taken = run(shop, path, "--take", shown.rsplit(maxsplit=1)[-1])
    assert "Taken: 1 new, 1 changed, 0 gone" in taken
    assert set(CatalogueChange.objects.values_list("via", flat=True)) == {"command"}


@pytest.mark.slow
def test_a_refused_row_and_an_unknown_merchant_are_told(shop: Shop, tmp_path: Path) -> None:
    path = written(tmp_path, "A1;Kale;dragons;food;4;1,60;2,20;1\n")
    shown = run(shop, path)
    assert "! row 2, category: 'dragons' There is no such category." in shown
    with pytest.raises(CommandError, match="row 2, category"):
        run(shop, path, "--take", shown.rsplit(maxsplit=1)[-1])
    with pytest.raises(CommandError, match="no such merchant"):
        call_command("import_catalogue", "nobody", str(path), "--by", shop.member.email)
    assert not Product.objects.exists()
