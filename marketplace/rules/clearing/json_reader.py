"""Reading JSON without losing what is wrong with it: every problem keeps its place, and all are collected.

Python's own reader takes the last of two equal keys, turns 1.95 into a float and NaN into a number. Here equal keys,
fractions, NaN and endless digits stay visible until the place where they stand is known.
"""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from marketplace.rules.money import MoneyError, parse_minor

MAX_COUNT: Final = 1_000_000  # units, of anything that the file counts
MAX_ID_LENGTH: Final = 200
NO_ID: Final = ""  # stands in for an id that could not be read


class Problem(NamedTuple):
    """One thing that is wrong, where it is, and what to do about it."""

    place: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}; {self.remedy}"


class BadFile(ValueError):
    """A file that cannot be cleared. `problems` has every problem that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class OddNumber(NamedTuple):
    """A number as it was written, that is no usable integer: a fraction, an exponent, NaN, too many digits."""

    text: str


class JsonObject(dict[str, Any]):
    """An object that remembers the keys that it was given twice."""

    doubled: tuple[str, ...] = ()


def load_json(text: str) -> Any:
    """The JSON value of a text, with OddNumber and JsonObject. Raises BadFile when it is not JSON."""
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_float=OddNumber,
            parse_int=lambda digits: int(digits) if len(digits) <= 18 else OddNumber(digits),
            parse_constant=OddNumber,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise BadFile([Problem(place, f"this is not JSON ({error.msg})", "correct the text there")]) from None
    except RecursionError:
        raise BadFile([Problem("file", "the JSON is nested too deeply", "use the documented form")]) from None


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    found = JsonObject(pairs)
    if len(found) < len(pairs):
        times = Counter(key for key, _value in pairs)
        found.doubled = tuple(sorted(key for key, count in times.items() if count > 1))
    return found


class Fields:
    """The fields of one object. A field that is wrong is reported once and given a harmless stand-in, so that the
    reading goes on and finds the rest; the stand-ins never leave, because any problem refuses the file."""

    def __init__(
        self, value: Any, place: str, keys: Sequence[str], problems: list[Problem], optional: Sequence[str] = ()
    ) -> None:
        self.place, self.problems = place, problems
        self.found: JsonObject = value if isinstance(value, JsonObject) else JsonObject()
        if not isinstance(value, JsonObject):
            self.report(None, f"{_shown(value)} is not an object", f"give an object with {', '.join(keys)}")
            return
        for key in value.doubled:
            self.report(_short(key), "the key stands here twice", "keep one of them")
        for key in keys:
            if key not in value and key not in optional:
                self.report(key, "the field is missing", "add it (null where there is none)")
        for key in value:
            if key not in keys:
                self.report(_short(key), "the field is unknown", f"use only {', '.join(keys)}")

    def report(self, key: str | None, problem: str, remedy: str) -> None:
        """Note a problem with a field, or with the object itself."""
        place = self.place if key is None else f"{self.place}.{key}" if self.place else key
        self.problems.append(Problem(place or "file", problem, remedy))

    def count(self, key: str, least: int) -> int:
        """A whole number of units from `least` up to the bound."""
        value = self.found.get(key, least)
        if isinstance(value, OddNumber) and value.text.lstrip("-").isdigit():
            self.report(key, f"{_shown(value)} is beyond the bound", f"give {least} to {MAX_COUNT}")
        elif isinstance(value, bool) or not isinstance(value, int):
            self.report(key, f"{_shown(value)} is not a whole number", f"give a whole number of at least {least}")
        elif value < least:
            self.report(key, f"{value} is below {least}", f"give a whole number of at least {least}")
        elif value > MAX_COUNT:
            self.report(key, f"{_short(str(value))} is beyond the bound", f"give at most {MAX_COUNT}")
        else:
            return value
        return least

    def optional_count(self, key: str, least: int) -> int | None:
        """A whole number of units, or null."""
        return None if self.found.get(key) is None else self.count(key, least)

    def money(self, key: str, currency: str | None) -> int:
        """An amount of at least 0 in minor units; `currency` None where the window's is unknown."""
        value = self.found.get(key, "0")
        if not isinstance(value, str):
            self.report(key, f"{_shown(value)} is not a decimal string", 'write money in quotes, like "1.95"')
            return 0
        try:
            amount = parse_minor(value, currency) if currency else 0
        except MoneyError as error:
            problem, _, remedy = str(error).rstrip(".").partition("; ")
            self.report(key, problem, remedy or "give a smaller amount")
            return 0
        if amount < 0:
            self.report(key, f"{value} is negative", "give an amount of at least 0")
        return max(amount, 0)

    def optional_money(self, key: str, currency: str | None) -> int | None:
        """An amount of at least 0 in minor units, or null."""
        return None if self.found.get(key) is None else self.money(key, currency)

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self.found.get(key, False)
        if not isinstance(value, bool):
            self.report(key, f"{_shown(value)} is neither true nor false", "give true or false")
        return value is True

    def name(self, key: str) -> str:
        """An id: some printable characters. Unprintable ones (lone surrogates too) would spoil hash and table."""
        if key not in self.found:
            return NO_ID
        value = self.found[key]
        if not isinstance(value, str) or not 0 < len(value) <= MAX_ID_LENGTH or not value.isprintable():
            remedy = f"give a text of 1 to {MAX_ID_LENGTH} printable characters"
            self.report(key, f"{_shown(value)} is not an id", remedy)
            return NO_ID
        return value

    def choice(self, key: str, codes: Sequence[str]) -> str:
        """One of some codes."""
        value = self.found.get(key, codes[0])
        if value not in codes or not isinstance(value, str):
            self.report(key, f"{_shown(value)} is not one of the codes", f"give one of {', '.join(codes)}")
            return codes[0]
        return value

    def items(self, key: str) -> list[tuple[str, Any]]:
        """The entries of a list with their places."""
        value = self.found.get(key, [])
        if not isinstance(value, list):
            self.report(key, f"{_shown(value)} is not a list", "give a list")
            return []
        start = f"{self.place}.{key}" if self.place else key
        return [(f"{start}[{index}]", entry) for index, entry in enumerate(value)]


def _shown(value: Any) -> str:
    """A value as it was written, in short."""
    if isinstance(value, OddNumber):
        return _short(value.text)
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return _short(json.dumps(value))


def _short(text: str) -> str:
    # ascii() so that a lone surrogate in a key can be printed on any terminal.
    shown = text if text.isprintable() else ascii(text)[1:-1]
    return shown if len(shown) <= 40 else f"{shown[:37]}..."
