"""The clearing file: what is good is read exactly, what is bad gets one clear error each, with its place."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from marketplace.rules.clearing.answer import answer_file
from marketplace.rules.clearing.file_format import parse_file
from marketplace.rules.clearing.json_reader import BadFile
from marketplace.rules.clearing.terms import Consent, PriceStep

GOOD: dict[str, Any] = {
    "window": "w1",
    "currency": "EUR",
    "merchants": [{"id": "m1", "minimum_order_value": "10.00", "small_order_fee": None}],
    "offers": [
        {
            "id": "o1",
            "merchant": "m1",
            "case": 12,
            "multiple": 1,
            "splittable": False,
            "split_fee": "0.00",
            "cap": None,
            "hub_flexible": 0,
            "shortage_rule": "max_min",
            "ladder": [
                {"from": 6, "cost": "1.95", "unit_price": "2.40"},
                {"from": 36, "cost": "1.70", "unit_price": "2.10"},
            ],
        }
    ],
    "lines": [
        {
            "id": "l1",
            "household": "h1",
            "placed_at": "2026-11-22T10:00:00Z",
            "offer": "o1",
            "firm": 11,
            "raised": [{"at": "2026-11-22T11:00:00Z", "by": 1}],
            "flexible": 2,
            "flexible_for": "case",
            "max_unit_price": None,
            "whole_only": False,
            "extra_taken": 0,
        }
    ],
}
Path = tuple[str | int, ...]


def changed(*changes: tuple[Path, Any]) -> str:
    """The good file with some values changed (or added)."""
    value = copy.deepcopy(GOOD)
    for path, new in changes:
        target: Any = value
        for key in path[:-1]:
            target = target[key]
        if isinstance(target, list) and path[-1] == len(target):
            target.append(new)
        else:
            target[path[-1]] = new
    return json.dumps(value)


def places(text: str) -> list[str]:
    with pytest.raises(BadFile) as caught:
        parse_file(text)
    return [problem.place for problem in caught.value.problems]


def test_the_documented_file_is_read_exactly() -> None:
    file = parse_file(json.dumps(GOOD))
    terms, (only,) = file.windows[0].terms, file.windows[0].lines
    assert not file.is_list
    assert terms.offers[0].ladder == (PriceStep(6, 195, 240), PriceStep(36, 170, 210))
    assert (terms.merchants[0].minimum_order_value, terms.merchants[0].small_order_fee) == (1000, None)
    assert (only.firm, only.flexible, only.flexible_for, only.raised[0].by) == (11, 2, Consent.CASE, 1)


def test_the_answer_has_offers_orders_and_allocations_with_money_as_text() -> None:
    answer = answer_file(parse_file(json.dumps(GOOD)))
    assert answer["offers"] == [
        {
            "id": "o1",
            "reached": True,
            "reason": "reached",
            "unit_price": "2.40",
            "ordered": 12,
            "whole_cases": 1,
            "split": False,
            "hub": 0,
        }
    ]
    (order,) = answer["purchase_orders"]
    assert (order["merchant"], order["total"], order["lines"][0]["amount"]) == ("m1", "23.40", "23.40")
    assert answer["allocations"] == [
        {"line": "l1", "quantity": 12, "charged": "28.80", "reason": "extra_for_case"},
    ]


def test_nothing_reached_is_no_order_and_no_allocation() -> None:
    answer = answer_file(parse_file(changed((("lines", 0, "firm"), 3))))
    assert (answer["purchase_orders"], answer["allocations"]) == ([], [])
    assert (answer["offers"][0]["reason"], answer["offers"][0]["unit_price"]) == ("below_minimum", None)


def test_a_list_is_answered_by_a_list() -> None:
    second = {**GOOD, "window": "w2"}
    answers = answer_file(parse_file(json.dumps([GOOD, second])))
    assert [answer["window"] for answer in answers] == ["w1", "w2"]
    assert answer_file(parse_file("[]")) == []


OFFER, LINE, STEP = ("offers", 0), ("lines", 0), ("offers", 0, "ladder", 1)


@pytest.mark.parametrize(
    ("path", "bad"),
    [
        (("currency",), "XXX"),
        (("window",), ""),
        ((*LINE, "offer"), "o9"),
        ((*OFFER, "merchant"), "m9"),
        ((*LINE, "firm"), 0),
        ((*LINE, "firm"), -1),
        ((*LINE, "firm"), "3"),
        ((*LINE, "firm"), 2.5),
        ((*LINE, "firm"), 3.0),
        ((*LINE, "firm"), True),
        ((*LINE, "firm"), None),
        ((*LINE, "firm"), float("nan")),
        ((*LINE, "firm"), float("inf")),
        ((*LINE, "firm"), 1_000_001),
        ((*LINE, "firm"), 10**400),
        ((*LINE, "flexible"), -1),
        ((*LINE, "flexible_for"), "fun"),
        ((*LINE, "flexible_for"), None),
        ((*LINE, "flexible_for"), ["case"]),
        ((*LINE, "extra_taken"), -1),
        ((*LINE, "whole_only"), 1),
        ((*LINE, "raised"), [{"at": "2026-11-22T11:00:00Z", "by": 11}]),
        ((*LINE, "raised"), None),
        ((*LINE, "placed_at"), "2026-11-22T10:00:00"),
        ((*LINE, "placed_at"), "2026-02-30T10:00:00Z"),
        ((*LINE, "placed_at"), "yesterday"),
        ((*LINE, "placed_at"), 1),
        ((*LINE, "max_unit_price"), "2.405"),
        ((*LINE, "max_unit_price"), "-1.00"),
        ((*LINE, "max_unit_price"), 2.4),
        ((*LINE, "id"), 7),
        ((*LINE, "household"), "a\nb"),
        ((*LINE, "id"), "\ud800"),
        ((*OFFER, "case"), 0),
        ((*OFFER, "multiple"), 0),
        ((*OFFER, "cap"), -1),
        ((*OFFER, "hub_flexible"), 0.5),
        ((*OFFER, "splittable"), "no"),
        ((*OFFER, "split_fee"), "1.95 USD"),
        ((*OFFER, "shortage_rule"), "lottery"),
        ((*OFFER, "ladder"), []),
        ((*OFFER, "ladder"), {}),
        ((*STEP, "from"), 6),
        ((*STEP, "from"), 5),
        ((*STEP, "cost"), "1.95"),
        ((*STEP, "cost"), "2.00"),
        ((*STEP, "cost"), "NaN"),
        ((*STEP, "cost"), "1.955"),
        ((*STEP, "unit_price"), "2.40"),
        ((*STEP, "unit_price"), "99999999999.00"),
        (("merchants", 0, "minimum_order_value"), None),
        (("merchants", 0, "small_order_fee"), "1,50"),
        (("merchants",), {}),
        ((*OFFER, "colour"), "red"),
        ((*OFFER, "currency"), "USD"),
    ],
)
def test_one_bad_value_is_one_error_at_its_place(path: Path, bad: Any) -> None:
    found = places(changed((path, bad)))
    expected = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")
    assert found == [expected]


@pytest.mark.parametrize("path", [("window",), ("currency",), (*OFFER, "case"), (*LINE, "firm"), (*STEP, "cost")])
def test_a_missing_field_is_one_error(path: Path) -> None:
    value = copy.deepcopy(GOOD)
    target: Any = value
    for key in path[:-1]:
        target = target[key]
    del target[path[-1]]
    assert len(places(json.dumps(value))) == 1


@pytest.mark.parametrize("key", ["merchants", "offers", "lines"])
def test_an_id_that_stands_twice_is_an_error(key: str) -> None:
    assert places(changed(((key, 1), GOOD[key][0]))) == [f"{key}[1].id"]


def test_a_window_that_stands_twice_is_an_error() -> None:
    assert places(json.dumps([GOOD, GOOD])) == ["windows[1].window"]


def test_every_problem_is_told_and_its_place_names_the_window() -> None:
    bad = json.loads(changed(((*STEP, "unit_price"), "2.405"), ((*LINE, "firm"), 0), ((*OFFER, "case"), 1.5)))
    found = places(json.dumps([GOOD, {**bad, "window": "w2"}]))
    assert found == [
        "windows[1].offers[0].ladder[1].unit_price",
        "windows[1].offers[0].case",
        "windows[1].lines[0].firm",
    ]


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        (lambda text: text[:-1], "line 1"),
        (lambda text: text.replace('"firm": 11', '"firm": 11, "firm": 12'), "lines[0].firm"),
        (lambda text: text.replace('"firm": 11', '"firm": 1' + "0" * 5000), "lines[0].firm"),
        (lambda text: text.replace('"firm": 11', '"firm": NaN'), "lines[0].firm"),
        (lambda text: text.replace('"firm": 11', '"firm": 1e1'), "lines[0].firm"),
        (lambda text: "[" * 100_000, "file"),
        (lambda text: "7", "file"),
        (lambda text: "", "line 1"),
    ],
)
def test_a_broken_text_is_refused_at_its_place(broken: Callable[[str], str], place: str) -> None:
    (found,) = places(broken(json.dumps(GOOD)))
    assert found.startswith(place)


def test_no_consent_is_needed_where_nothing_is_flexible() -> None:
    text = changed(((*LINE, "flexible"), 0), ((*LINE, "flexible_for"), None))
    assert parse_file(text).windows[0].lines[0].flexible == 0


def test_fractions_of_seconds_and_offsets_keep_their_order() -> None:
    text = changed(((*LINE, "placed_at"), "2026-11-22T12:00:00.000001+02:00"))
    assert parse_file(text).windows[0].lines[0].placed_at.isoformat() == "2026-11-22T10:00:00.000001+00:00"


@pytest.mark.parametrize(
    "path",
    [
        *((*OFFER, key) for key in ("multiple", "splittable", "split_fee", "cap", "hub_flexible")),
        *((*LINE, key) for key in ("raised", "max_unit_price", "whole_only", "extra_taken")),
        ("merchants", 0, "small_order_fee"),
    ],
)
def test_what_has_one_harmless_reading_may_be_left_out(path: Path) -> None:
    value = copy.deepcopy(GOOD)
    target: Any = value
    for key in path[:-1]:
        target = target[key]
    del target[path[-1]]
    assert parse_file(json.dumps(value)).windows


def test_extra_units_need_their_use() -> None:
    value = copy.deepcopy(GOOD)
    line = value["lines"][0]
    line["flexible"] = 2
    del line["flexible_for"]
    assert places(json.dumps(value)) == ["lines[0].flexible_for"]
    del line["flexible"]
    assert parse_file(json.dumps(value)).windows
