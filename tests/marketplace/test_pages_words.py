"""What pages say: sentences of open offers, one per reason code after the close, amounts, times, rows."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace import errors
from marketplace.actions.reserving.answer import LineReason as AnswerReason
from marketplace.problems import problem_for
from marketplace.rules.clearing.reasons import LineReason, OfferReason
from marketplace.rules.clearing.standing import standing
from marketplace.rules.clearing.terms import Consent, DemandGroup, OfferTerms, PriceStep
from marketplace.templatetags.market import figures
from marketplace.views.outcomes import ANSWERS, answer_sentence, outcome_sentence
from marketplace.views.rows import row_of
from marketplace.views.sentences import standing_sentence
from marketplace.words import left_words, moment_words, money, zone_words

TOMATOES = OfferTerms(id=1, merchant=1, case=12, ladder=(PriceStep(6, 195, 240), PriceStep(36, 170, 210)))
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def said(firm: int, *, limited: int = 0, cap: int | None = None) -> str:
    """The sentence of the tomatoes with so many units, some of which wait for a price of 2.10."""
    offer = OfferTerms(id=1, merchant=1, case=12, ladder=TOMATOES.ladder, cap=cap)
    groups = [DemandGroup(None, Consent.CASE, False, firm, 0, 1)] if firm else []
    groups += [DemandGroup(210, Consent.CASE, False, limited, 0, 1)] if limited else []
    return str(standing_sentence(standing(offer=offer, groups=groups), "EUR"))


def test_each_state_has_its_sentence() -> None:
    assert said(0) == "Nobody has reserved yet. 12 together make it sure."
    assert said(8) == "8 reserved. 4 more make it sure, at €2.40."
    assert said(11) == "11 reserved. 1 more makes it sure, at €2.40."
    assert said(24) == "24 reserved, all sure. 12 more and everybody pays €2.10."
    assert said(31) == "31 reserved: 24 sure, 7 wait for 5 more; then everybody pays €2.10."
    assert said(13) == "13 reserved: 12 sure, 1 waits for 11 more."
    assert said(36) == "36 reserved, all sure. Lowest price reached."
    assert said(40) == "40 reserved: 36 sure, 4 wait for 8 more."
    assert said(30, cap=24) == "30 reserved: 24 sure. There is no more to be had; 6 may go without."
    assert said(12, limited=3) == ("15 reserved: 12 sure, 3 wait for a lower price. 21 more and everybody pays €2.10.")


@pytest.mark.parametrize("reason", [*OfferReason, *LineReason])
def test_every_reason_of_a_close_has_a_sentence(reason: str) -> None:
    assert outcome_sentence(reason).endswith(".")


@pytest.mark.parametrize("reason", [reason for reason in AnswerReason if reason])
def test_every_reason_of_an_answer_has_a_sentence(reason: AnswerReason) -> None:
    assert answer_sentence(reason).endswith(".")
    assert set(ANSWERS) <= set(AnswerReason)


@pytest.mark.parametrize("kind", [kind for kind in vars(errors).values() if isinstance(kind, type)])
def test_every_error_has_a_problem_with_a_next_step(kind: type) -> None:
    if not issubclass(kind, errors.MarketError):
        return
    told = {"problems": [{"place": "firm", "problem": "Give a whole number."}], "reasons": ["A round is open."]}
    problem = problem_for(kind(**told, closes_at=NOON))
    assert problem.type == kind.code
    assert 400 <= problem.status < 500
    assert problem.title.endswith(".")
    assert problem.detail.endswith(".")
    assert problem.next_step.endswith(".")


def test_amounts_carry_their_currency_and_all_its_digits() -> None:
    assert money(210, "EUR") == "€2.10"
    assert money(123_456_789, "EUR") == "€1,234,567.89"
    assert money(210, "CHF") == "2.10\u00a0CHF"
    assert money(210, "JPY") == "¥210"
    assert money(1_999, "KWD") == "1.999\u00a0KWD"
    assert money(-50, "EUR") == "−€0.50"


def test_times_are_told_by_the_hubs_wall() -> None:
    evening = NOON + timedelta(hours=12, minutes=30)
    assert moment_words(evening, NOON, "Europe/Lisbon") == "tomorrow 00:30"
    assert moment_words(evening, NOON, "America/Sao_Paulo") == "today 21:30"
    assert moment_words(NOON + timedelta(days=4), NOON, "Europe/Lisbon") == "Thu 26 Nov 12:00"
    assert zone_words("America/Sao_Paulo") == "Sao Paulo time"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3 * 86_400, "3 days"),
        (86_400, "24 h 0 min"),
        (6_120, "1 h 42 min"),
        (600, "10 min"),
        (599, "9:59"),
        (5, "0:05"),
    ],
)
def test_what_is_left_is_told_coarser_the_longer_it_is(seconds: int, words: str) -> None:
    assert left_words(seconds) == words


def test_a_short_row_has_a_stroke_for_each_unit_and_a_long_one_groups_them() -> None:
    short = row_of(reserved=4, sure=3, waiting=1, target=6, mine=2)
    assert short.parts == (
        ("mine", "0%", "33.33%"),
        ("sure", "33.33%", "16.67%"),
        ("waiting", "50%", "16.67%"),
        ("missing", "66.67%", "33.33%"),
    )
    assert short.words == "4 of 6 reserved, 3 sure, 1 waiting, 2 yours"
    long = row_of(reserved=1240, sure=1200, waiting=40, target=1296, mine=12)
    assert long.pitch == "1.695%"  # 59 strokes of 22 units
    assert row_of(reserved=60, sure=60, waiting=0, target=60).pitch == "1.667%"


def test_own_units_show_before_the_figures_catch_up() -> None:
    assert row_of(reserved=0, sure=0, waiting=0, target=6, mine=2).parts[0] == ("mine", "0%", "33.33%")


def test_figures_are_stressed_and_everything_else_is_escaped() -> None:
    assert figures("5 more; then <b> pays €2.10.") == "<b>5</b> more; then &lt;b&gt; pays <b>€2.10</b>."
