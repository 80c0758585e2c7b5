"""From a request's body to wanted lines, by hand: every mistake with its place, and nothing slow on the way.

Quantities are judged by rules/wanted.py; here is only what the JSON itself can get wrong.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.api.filters import MOST_ID
from marketplace.errors import InvalidLines
from marketplace.rules.money import MoneyError, minor_digits, parse_minor
from marketplace.rules.wanted import MOST_LINES, WantedLine

Json = Mapping[str, Any]
_Found = tuple[str, str, str]  # place, code, sentence
# date.fromisoformat reads weeks and more; the API takes one spelling.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class WantedBasket:
    """What a body asks for; ids that were left out are None."""

    lines: tuple[WantedLine, ...]
    handover_id: int | None = None
    group_id: int | None = None


_SENTENCES: Mapping[str, Promise] = {
    "no_object": _("Send a JSON object here."),
    "no_list": _("Send a list of lines here."),
    "no_integer": _("Give a whole number."),
    "no_id": _("Give the id, a whole number above 0."),
    "no_text": _("Give a text."),
    "no_boolean": _("Give true or false."),
    "no_id_list": _("Send a list of ids, whole numbers above 0."),
    "no_day": _("Give a day like 2026-12-24."),
    "missing": _("This is needed."),
    "unknown_field": _("There is no such field."),
    "too_many_lines": _("That is more than fits into one basket."),
}


def _integer(value: Any) -> str:
    return "" if type(value) is int else "no_integer"


def _id(value: Any) -> str:
    return "" if type(value) is int and 1 <= value <= MOST_ID else "no_id"


def _text(value: Any) -> str:
    return "" if type(value) is str else "no_text"


def _text_or_none(value: Any) -> str:
    return "" if value is None else _text(value)


def _integer_or_none(value: Any) -> str:
    return "" if value is None else _integer(value)


def _ids(value: Any) -> str:
    if type(value) is not list:
        return "no_id_list"
    return "no_id_list" if any(map(_id, value)) else ""


def _day_or_none(value: Any) -> str:
    if value is None:
        return ""
    return "" if type(value) is str and _day(value) is not None else "no_day"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:  # the 31st of February
        return None


def _boolean(value: Any) -> str:
    return "" if type(value) is bool else "no_boolean"


_Check = Callable[[Any], str]
_LINE: Mapping[str, _Check] = {
    "offer_id": _id,
    "firm": _integer,
    "flexible": _integer,
    "flexible_for": _text,
    "max_unit_price": _text_or_none,
    "whole_only": _boolean,
    "substitutes": _ids,
    "collect_until": _day_or_none,
    "seen_version": _integer_or_none,
}
_NEEDED = ("offer_id", "firm")


def read_basket(
    body: object, *, currency: Callable[[], str], lines_needed: bool = True, with_group: bool = False
) -> WantedBasket:
    """The wanted lines of a body. `currency` is asked only where a line has a price limit.

    Raises InvalidLines with every mistake.
    """
    if not isinstance(body, dict):
        raise _invalid([_found("", "no_object")])
    known = {"lines", "handover_id", "group_id"} if with_group else {"lines", "handover_id"}
    found = [_found(_shown(name), "unknown_field") for name in body if name not in known]
    found += [_found(name, code) for name in ("handover_id", "group_id") if (code := _id_problem(body.get(name)))]
    lines = body.get("lines", None if lines_needed else [])
    found += _lines_problems(lines)
    if found or lines is None:
        raise _invalid(found)
    return WantedBasket(_read_lines(lines, currency), body.get("handover_id"), body.get("group_id"))


def _id_problem(value: Any) -> str:
    return "" if value is None else _id(value)


def _lines_problems(lines: Any) -> list[_Found]:
    if lines is None:
        return [_found("lines", "missing")]
    if not isinstance(lines, list):
        return [_found("lines", "no_list")]
    if len(lines) > MOST_LINES:
        return [_found("lines", "too_many_lines")]
    return [found for index, line in enumerate(lines) for found in _line_problems(f"lines[{index}]", line)]


def _line_problems(place: str, line: Any) -> Iterator[_Found]:
    if not isinstance(line, dict):
        yield _found(place, "no_object")
        return
    for name, value in line.items():
        check = _LINE.get(name)
        code = "unknown_field" if check is None else check(value)
        if code:
            yield _found(f"{place}.{_shown(name)}", code)
    for name in _NEEDED:
        if name not in line:
            yield _found(f"{place}.{name}", "missing")


def _read_lines(lines: list[Json], currency: Callable[[], str]) -> tuple[WantedLine, ...]:
    read, found = [], []
    code = ""
    for index, line in enumerate(lines):
        limit = None
        if line.get("max_unit_price") is not None:
            code = code or currency()
            try:
                limit = parse_minor(line["max_unit_price"], code)
            except MoneyError:
                found.append((f"lines[{index}].max_unit_price", "no_amount", _amount_sentence(code)))
        read.append(
            WantedLine(
                offer_id=line["offer_id"],
                firm=line["firm"],
                flexible=line.get("flexible", 0),
                flexible_for=line.get("flexible_for", "case"),
                max_unit_price_minor=limit,
                whole_only=line.get("whole_only", False),
                substitutes=tuple(line.get("substitutes", ())),
                collect_until=_day(line.get("collect_until") or ""),
                seen_version=line.get("seen_version"),
            )
        )
    if found:
        raise _invalid(found)
    return tuple(read)


def _amount_sentence(currency: str) -> str:
    sentence = _("Write the amount in %(currency)s as a text with at most %(digits)d decimals.")
    return sentence % {"currency": currency, "digits": minor_digits(currency)}


def _shown(name: object) -> str:
    """A field's name as it may be repeated: short, and writable whatever it was."""
    return str(name)[:40].encode("ascii", "backslashreplace").decode()


def _found(place: str, code: str) -> _Found:
    return place, code, str(_SENTENCES[code])


def _invalid(found: list[_Found]) -> InvalidLines:
    return InvalidLines(problems=[{"place": p, "code": code, "problem": sentence} for p, code, sentence in found])
