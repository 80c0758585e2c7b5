"""The demo's data file: big enough, sound, and caught when it contradicts itself."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from config.demo_market.load import FILE, BadMarketFile, gtin_is_valid, load_market, market_from
from config.demo_market.packs import Pack, label, parse_assumed, parse_size
from config.demo_market.terms import suggest_terms


@pytest.fixture
def content() -> dict[str, Any]:
    with gzip.open(FILE, "rt", encoding="utf-8") as stream:
        decoded: dict[str, Any] = json.load(stream)
    return decoded


def test_the_market_is_large_and_varied_enough() -> None:
    market = load_market()
    per_merchant = Counter(product.merchant for product in market.products)
    assert len(market.products) >= 360
    assert len(per_merchant) == len(market.merchants) == 16
    assert min(per_merchant.values()) >= 15
    assert {product.storage for product in market.products} == {"ambient", "chilled", "frozen"}
    assert sum(product.fresh for product in market.products) >= 60
    assert {product.category for product in market.products} == {category.slug for category in market.categories}
    assert all(merchant.email.endswith("@example.org") for merchant in market.merchants)


def test_the_file_is_small_and_its_gzip_header_holds_no_time_or_name() -> None:
    packed = FILE.read_bytes()
    assert len(packed) < 250_000
    assert packed[3:8] == b"\0\0\0\0\0"


def test_titles_are_short_and_unique_within_a_merchant() -> None:
    titles = [(product.merchant, product.title) for product in load_market().products]
    assert len(set(titles)) == len(titles)
    assert max(len(title) for _, title in titles) <= 60
    assert not [title for _, title in titles if title.isupper()]


def test_every_household_has_eight_baskets_of_five_to_25_lines() -> None:
    households = load_market().households
    assert len(households) >= 64
    for household in households:
        assert [basket.week for basket in household.baskets] == list(range(8))
        assert all(5 <= len(basket.lines) <= 25 for basket in household.baskets)


def test_weekly_demand_is_the_sum_of_the_baskets() -> None:
    market = load_market()
    pooled = [[0] * 8 for _ in market.products]
    for household in market.households:
        for basket in household.baskets:
            for line in basket.lines:
                pooled[line.product][basket.week] += line.quantity
    assert [list(product.weekly_demand) for product in market.products] == pooled


def test_between_55_and_80_percent_of_the_offers_are_reached_by_whole_cases_in_every_week() -> None:
    products = load_market().products
    for week in range(8):
        reached = 0
        for product in products:
            wanted, terms = product.weekly_demand[week], product.terms
            wanted = min(wanted, terms.cap or wanted)
            reached += wanted // terms.case * terms.case >= terms.minimum
        assert 55 * len(products) <= 100 * reached <= 80 * len(products)


def test_no_step_lets_the_merchant_earn_less_than_one_case_before_it() -> None:
    for product in load_market().products:
        terms = product.terms
        for before, step in zip(terms.ladder, terms.ladder[1:], strict=False):
            assert step.start * step.cost >= (step.start - terms.case) * before.cost


@pytest.mark.parametrize(
    ("size", "measure", "pack", "reading"),
    [
        ("20 OZ", "g", Pack(567, "GRM"), "567 g"),
        ("1 GA", "ml", Pack(3785, "MLT"), "3.8 l"),
        ("2 L", "ml", Pack(2000, "MLT"), "2 l"),
        ("A D   1 DZ", "g", Pack(12, "H87"), "12 pieces"),
        ("4/4 OZ", "g", Pack(454, "GRM"), "454 g"),
        ("8 1/2 OZ", "g", Pack(241, "GRM"), "241 g"),
        ("32 LOAD", "n", Pack(32, "H87", counted="washes"), "32 washes"),
        ("5 LB", "g", Pack(2268, "GRM"), "2.3 kg"),
    ],
)
def test_sizes_of_the_source_become_metric(size: str, measure: str, pack: Pack, reading: str) -> None:
    assert parse_size(size, measure) == pack
    assert label(pack) == reading


@pytest.mark.parametrize("size", ["", "83.5 SQ FT", "HALFGAL", "OZ", "1 1/0 OZ"])
def test_a_size_that_tells_nothing_is_none(size: str) -> None:
    assert parse_size(size, "g") is None


def test_assumed_packs_say_whether_they_replace_and_whether_they_are_weighed() -> None:
    assert parse_assumed("!~900 GRM") == (True, Pack(900, "GRM", catch_weight=True))
    assert parse_assumed("1893 MLT") == (False, Pack(1893, "MLT"))
    assert parse_assumed("") is None
    assert label(Pack(1000, "GRM", catch_weight=True)) == "about 1 kg"


def test_terms_follow_from_their_input_alone() -> None:
    first = suggest_terms(product_id=7, price=250, weekly=[20] * 8, fresh=False, storage="ambient")
    assert first == suggest_terms(product_id=7, price=250, weekly=[20] * 8, fresh=False, storage="ambient")
    assert first["case"] == 12


def test_gtins_have_the_right_check_digit() -> None:
    assert gtin_is_valid("4006381333931")
    assert not gtin_is_valid("4006381333932")
    assert not gtin_is_valid("40063813339")


@pytest.mark.parametrize(
    ("field", "value"), [("gtin", "2000000000001"), ("merchant", "nobody"), ("price", 0), ("storage", "warm")]
)
def test_a_wrong_product_is_refused_by_name(content: dict[str, Any], field: str, value: object) -> None:
    content["products"][3][field] = value
    with pytest.raises(BadMarketFile, match=content["products"][3]["sku"]):
        market_from(content)


def test_a_basket_with_an_unknown_product_is_refused(content: dict[str, Any]) -> None:
    content["households"][0]["baskets"][2]["lines"][0][0] = len(content["products"])
    with pytest.raises(BadMarketFile, match="week 2: bad basket"):
        market_from(content)


def test_the_source_note_stands_beside_the_file() -> None:
    note = (Path(FILE).parent / "SOURCE.md").read_text(encoding="utf-8")
    assert "never as evidence about identifiable persons" in note
    assert "CC0" in note
