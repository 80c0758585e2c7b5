"""From the typed fields of an offer's form to its terms: every mistake with its field, and nothing typed lost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from marketplace.rules.clearing.terms import PriceStep
from marketplace.rules.ladders import MOST_UNITS
from marketplace.rules.money import MoneyError, format_minor, parse_minor
from marketplace.rules.offer_changes import Terms

# More steps than any ladder in use; what is left empty is no step.
STEPS = 5
_COUNT = re.compile(r"[0-9]{1,7}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step as typed, with what is wrong with it."""

    number: int
    quantity: str
    cost: str
    price: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class OfferForm:
    """The form as it is shown: what was typed, or the terms as they are. `terms` is None while it cannot be read;
    `problems` by field (case, cap, best_before, ladder, reason)."""

    steps: tuple[StepRow, ...]
    case: str
    cap: str
    best_before: str
    reason: str
    terms: Terms | None
    problems: Mapping[str, str]


def shown(terms: Terms, currency: str) -> OfferForm:
    """The form of the terms as they are."""
    rows = [
        StepRow(number, str(q), format_minor(c, currency), format_minor(p, currency))
        for number, (q, c, p) in enumerate(terms.ladder, 1)
    ]
    rows += [StepRow(number, "", "", "") for number in range(len(rows) + 1, STEPS + 1)]
    return OfferForm(
        steps=tuple(rows),
        case=str(terms.case),
        cap="" if terms.cap is None else str(terms.cap),
        best_before="" if terms.best_before is None else terms.best_before.isoformat(),
        reason="",
        terms=terms,
        problems={},
    )


def read(typed: Mapping[str, str], now: Terms, currency: str) -> OfferForm:
    """What was typed on top of the terms as they are; what the form does not show stays."""
    problems: dict[str, str] = {}
    steps, ladder = _steps(typed, currency)
    if not ladder and not any(step.problem for step in steps):
        problems["ladder"] = _("Give at least one step: from how many units, at what cost and price.")
    case = _count(typed, "case", problems)
    cap = _count(typed, "cap", problems) if typed.get("cap", "").strip() else None
    best_before = _day(typed, problems)
    readable = not problems and not any(step.problem for step in steps)
    terms = replace(now, ladder=tuple(ladder), case=case or 0, cap=cap, best_before=best_before) if readable else None
    return OfferForm(
        steps=tuple(steps),
        case=typed.get("case", ""),
        cap=typed.get("cap", ""),
        best_before=typed.get("best_before", ""),
        reason=typed.get("reason", ""),
        terms=terms,
        problems=problems,
    )


def _steps(typed: Mapping[str, str], currency: str) -> tuple[list[StepRow], list[PriceStep]]:
    rows, ladder = [], []
    for number in range(1, STEPS + 1):
        quantity, cost, price = (typed.get(f"{name}-{number}", "").strip() for name in ("quantity", "cost", "price"))
        problem = ""
        if quantity or cost or price:
            try:
                if not _COUNT.fullmatch(quantity):
                    raise MoneyError
                # A comma counts as the decimal point.
                minor = [parse_minor(text.replace(",", "."), currency) for text in (cost, price)]
                ladder.append(PriceStep(int(quantity), *minor))
            except MoneyError:
                problem = _("Give a whole number of units, and cost and price in %(currency)s like 1.95.") % {
                    "currency": currency
                }
        rows.append(StepRow(number, quantity, cost, price, problem))
    return rows, ladder


def _count(typed: Mapping[str, str], name: str, problems: dict[str, str]) -> int | None:
    text = typed.get(name, "").strip()
    if _COUNT.fullmatch(text) and int(text) <= MOST_UNITS:
        return int(text)
    problems[name] = _("Give a whole number up to %(most)s.") % {"most": MOST_UNITS}
    return None


def _day(typed: Mapping[str, str], problems: dict[str, str]) -> date | None:
    text = typed.get("best_before", "").strip()
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    problems["best_before"] = _("Give a day of the calendar.")
    return None
