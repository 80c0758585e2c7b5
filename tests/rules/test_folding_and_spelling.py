"""Words as search compares them, distances, and which word a mistyped one was meant to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.rules.distance import Point, is_on_earth, metres_between, middle_of
from marketplace.rules.folding import folded, for_search, words_of
from marketplace.rules.spelling import begins_like, nearest

degrees = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Crème fraîche, 20 %", "creme fraiche 20"),
        ("Straße", "strasse"),
        ("SMØRREBRØD", "smorrebrod"),
        ("Jalapeño–peppers_500g", "jalapeno peppers 500g"),
        ("جُبْنَة", "جبنة"),
        ("  ", ""),
    ],
)
def test_words_are_compared_without_accents_capitals_and_signs(text: str, words: str) -> None:
    assert folded(text) == words


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert words_of(folded(text)) == words_of(text)


def test_what_is_searched_names_each_word_once() -> None:
    assert for_search("Rye bread", "Rye & Co") == " rye bread co"


KNOWN = {"tomato": 9, "tomatoes": 3, "potato": 5, "bread": 4, "beard": 4, "cheese": 2}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tomatto", "tomato"),
        ("toamto", "tomato"),
        ("omato", "tomato"),
        ("tomatooees", "tomatoes"),
        ("brad", "bread"),
        ("brea", "bread"),
        ("cheeze", "cheese"),
        ("rye", None),
        ("xylophone", None),
    ],
)
def test_a_mistyped_word_is_the_nearest_known_one(typed: str, meant: str | None) -> None:
    assert nearest(typed, KNOWN) == meant


def test_of_two_equally_near_words_the_more_used_counts_then_the_alphabet() -> None:
    assert nearest("pear", {"bear": 1, "dear": 5}) == "dear"
    assert nearest("pear", {"dear": 5, "bear": 5}) == "bear"


@pytest.mark.parametrize(
    ("typed", "word", "alike"),
    [("flor", "flores", True), ("flro", "flores", True), ("fl", "flores", True), ("xl", "flores", False)],
)
def test_a_beginning_forgives_one_typing_error_from_four_letters_on(typed: str, word: str, alike: bool) -> None:
    assert begins_like(typed, word) is alike


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert round(metres_between(Point(0, 0), Point(1, 0))) == 111_195


def test_lisbon_to_porto_is_274_kilometres() -> None:
    assert round(metres_between(Point(38.7223, -9.1393), Point(41.1579, -8.6291)) / 1000) == 274


@given(degrees, degrees)
def test_a_distance_is_the_same_both_ways_and_at_most_half_the_earth(here: Point, there: Point) -> None:
    assert metres_between(here, there) == metres_between(there, here)
    assert 0 <= metres_between(here, there) <= 20_015_200


def test_what_is_no_number_is_not_on_earth() -> None:
    assert is_on_earth(38.7, -9.1)
    assert not is_on_earth(91, 0)
    assert not is_on_earth(float("nan"), 0)


def test_the_middle_of_a_street_lies_on_it() -> None:
    bend = [Point(0, 0), Point(0, 1), Point(1, 1)]
    assert middle_of(bend) == Point(0, 1)
