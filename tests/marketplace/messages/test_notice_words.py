"""Every kind has words: exact with all facts, shorter with none, and never an error."""

import pytest

from marketplace.notice_words import notice_text
from marketplace.rules.notices import NOTICE_KINDS, NoticeKind
from tests.factories import NOON

LISBON = {"round": "Thursday's round", "hub": "Mercado", "zone": "Europe/Lisbon", "currency": "EUR"}
EVENING = "2026-11-22T20:00:00+00:00"


@pytest.mark.parametrize("kind", NOTICE_KINDS)
@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"closes_at": "never", "zone": "Nowhere/At all", "currency": "EUR", "total_minor": "x"},
        {"items": [1, None, {}], "gone": 3, "lines": None, "total_minor": True, "product": ["a"]},
        {"zone": "../../etc/passwd", "closes_at": EVENING, "starts_at": "2026-11-22", "currency": "??"},
    ],
)
def test_a_kind_whose_facts_are_missing_or_odd_has_a_shorter_sentence(kind: str, facts: dict[str, object]) -> None:
    text = notice_text(kind, facts, NOON)
    assert text.title
    assert "None" not in f"{text.title} {text.body} {text.total}"
    assert "%(" not in f"{text.title} {text.body}"


def test_a_kind_that_nobody_knows_has_plain_words() -> None:
    assert notice_text("telegram", {}, NOON).title == "There is news for you"


def test_a_percent_sign_or_brackets_in_a_name_stay_as_they_are() -> None:
    text = notice_text("cut", {"product": "Juice 100% %(x)s", "asked": 3, "units": 1}, NOON)
    assert text.title == "Juice 100% %(x)s: you get 1 of 3"


def test_an_opening_says_until_when_and_in_whose_time() -> None:
    text = notice_text("opens", {**LISBON, "closes_at": EVENING}, NOON)
    assert text.title == "Thursday's round is open"
    assert text.body == "You can reserve until today 20:00 (Lisbon time). At Mercado."


def test_a_close_that_comes_soon_is_named_with_its_time() -> None:
    text = notice_text("closes_soon", {**LISBON, "closes_at": EVENING}, NOON)
    assert text.title == "Thursday's round closes today 20:00"
    assert text.body == "You have nothing reserved yet. You can reserve until today 20:00 (Lisbon time)."


def test_waiting_units_say_how_many_are_missing() -> None:
    items = [{"product": "Vine tomatoes", "missing": 3}, {"product": "Honey", "missing": 5}]
    text = notice_text("units_wait", {**LISBON, "items": items, "closes_at": EVENING}, NOON)
    assert text.title == "Vine tomatoes waits for 3 more"
    assert text.body == (
        "Honey: 5 more needed. What is not complete when Thursday's round closes, today 20:00 (Lisbon time), "
        "is not ordered."
    )


def test_a_closing_says_what_it_costs_what_was_saved_and_when_to_collect() -> None:
    facts = {
        **LISBON,
        "lines": 4,
        "lost": 1,
        "total_minor": 2310,
        "saved_minor": 240,
        "place": "Rua das Flores",
        "starts_at": "2026-11-26T17:00:00+00:00",
        "ends_at": "2026-11-26T19:00:00+00:00",
    }
    text = notice_text("closed", facts, NOON)
    assert text.title == "Thursday's round has closed: see what you get"
    assert text.total == "€23.10"
    assert text.body == (
        "4 products were ordered. 1 was not reached and costs nothing. €2.40 less than at most. "
        "Thu 26 Nov 17:00–19:00 (Lisbon time), Rua das Flores."
    )


def test_a_change_asks_for_an_answer_only_where_one_is_needed() -> None:
    facts = {**LISBON, "product": "Leeks", "before_minor": 210, "after_minor": 240, "closes_at": EVENING}
    plain = notice_text("changed", facts, NOON)
    assert (plain.title, plain.body) == ("Leeks was changed", "It costs at most €2.40 instead of €2.10.")
    asks = notice_text("changed", {**facts, "agree": True}, NOON)
    assert asks.title == "Leeks was changed: do you still want it?"
    assert asks.body.endswith("Agree until today 20:00 (Lisbon time), or it is taken out of your basket.")


def test_a_message_names_the_side_and_never_a_person() -> None:
    text = notice_text(NoticeKind.MESSAGE, {"side": "hub", "about": "Leeks"}, NOON)
    assert text.title == "The hub wrote: Leeks"


def test_a_changed_ladder_is_told_by_what_a_unit_costs_at_most() -> None:
    facts = {
        **LISBON,
        "product": "Leeks",
        "before": {"ladder": [[6, 240], [18, 210]], "case": 6, "cap": None},
        "after": {"ladder": [[6, 260]], "case": 12, "cap": 40},
        "needs_agreement": True,
    }
    assert notice_text("changed", facts, NOON).body == (
        "It costs at most €2.60 instead of €2.40. A case has 12 instead of 6. There are 40 of it at most. "
        "Without your agreement it is taken out of your basket."
    )


def test_a_shared_line_says_who_offers_how_much_of_what() -> None:
    facts = {
        "what": "share_offered",
        "household": "Ferreira",
        "parts": 1,
        "total_parts": 2,
        "product": "Flour",
        "closes_at": EVENING,
        "time_zone": "Europe/Lisbon",
    }
    text = notice_text("invitation", facts, NOON)
    assert text.title == "Ferreira offers you 1 of 2 parts of Flour"
    assert text.body == "Answer until today 20:00 (Lisbon time)."


@pytest.mark.parametrize(
    ("kind", "facts", "title"),
    [
        ("group", {"what": "removed", "group": "Sol"}, "You are no longer in Sol"),
        ("group", {"what": "joined", "group": "Sol", "household": "Reis"}, "Reis joined Sol"),
        ("membership", {"what": "trial_used", "hub": "Mercado"}, "Your trial orders at Mercado are used"),
        ("membership", {"what": "asked", "hub": "Mercado"}, "A household would like to order at Mercado"),
        ("shift", {"what": "gap", "task": "Packing", "missing": 2, "needed": 3}, "Somebody is needed: Packing"),
        ("moved", {"what": "back", "point": "Rua das Flores"}, "Your pickup is back in its place: Rua das Flores"),
        ("moved", {"what": "moved", "moved_to": "Largo 3"}, "Your pickup is now here: Largo 3"),
        ("standing", {"kind": "collected", "what": "expired", "product": "Flour"}, "Flour was not reached"),
        ("released", {"lines": [{"product": "Leeks", "units": 2}]}, "Leeks was taken out of your basket"),
        ("cut", {"product": "Leeks", "units_before": 4, "units": 0}, "Leeks: you get 0 of 4"),
    ],
)
def test_each_occasion_has_its_own_title(kind: str, facts: dict[str, object], title: str) -> None:
    assert notice_text(kind, facts, NOON).title == title
