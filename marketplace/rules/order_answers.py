"""What a merchant's answer to a purchase order makes of it, line by line."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.states import OrderState

_FOREIGN = gettext_noop("This line is not on the order.")
_UNANSWERED = gettext_noop("Say how many %(name)s will come.")
_TOO_MANY = gettext_noop("From 0 to %(ordered)d can come; more was not ordered.")
_UNEXPLAINED = gettext_noop("Say why fewer will come; the households are told.")
_NOT_WEIGHED = gettext_noop("%(name)s is not paid by weight.")
_NO_WEIGHT = gettext_noop("Write the weight of what comes, above 0.")
_TOO_HEAVY = gettext_noop("That is more than twice the weight of the order. Check it.")
_NOT_ALLOWED = gettext_noop("No household of this order takes that product instead.")
_INSTEAD_OF_NOTHING = gettext_noop("From 1 to %(missing)d can come instead; the rest is coming as ordered.")
_DEARER = gettext_noop("What comes instead may not cost more than what was ordered.")
_TWICE = gettext_noop("Name each product that comes instead once.")


class Instead(NamedTuple):
    """Units of another product of the merchant that come instead, at `cost` each (None: that of what is missing)."""

    product_id: int
    units: int
    cost: int | None = None


class LineAnswer(NamedTuple):
    """How many consumer units of a line will come, and why fewer than ordered (may be empty when all do).

    `actual_milli`: what they weigh together, in thousandths of the price unit; `ready_at`: when they are picked, baked
    or packed. None is not known.
    """

    confirmed: int
    reason: str = ""
    actual_milli: int | None = None
    ready_at: datetime | None = None
    instead: tuple[Instead, ...] = ()


class OrderedLine(NamedTuple):
    """`most_milli` is twice the nominal weight of what was ordered, None where the line is not weighed; `allowed` the
    products that some household takes instead; `cost` in minor units."""

    id: int
    name: str
    ordered: int
    most_milli: int | None = None
    cost: int = 0
    allowed: frozenset[int] = frozenset()


def answer_problems(lines: Iterable[OrderedLine], answers: Mapping[int, LineAnswer]) -> list[tuple[str, Broken]]:
    """Each unusable answer with its place; every line must be answered, a shortage needs its reason."""
    lines = list(lines)
    known = {line.id for line in lines}
    problems = [(f"lines.{line_id}", Broken(_FOREIGN)) for line_id in sorted(set(answers) - known)]
    for line in lines:
        place = f"lines.{line.id}"
        answer = answers.get(line.id)
        if answer is None:
            problems.append((place, Broken(_UNANSWERED, {"name": line.name})))
        elif not 0 <= answer.confirmed <= line.ordered:
            problems.append((place, Broken(_TOO_MANY, {"ordered": line.ordered})))
        elif answer.confirmed < line.ordered and not answer.reason.strip():
            problems.append((place, Broken(_UNEXPLAINED)))
        else:
            problems += [(f"{place}.{name}", found) for name, found in _more_problems(line, answer)]
    return problems


def _more_problems(line: OrderedLine, answer: LineAnswer) -> Iterator[tuple[str, Broken]]:
    """What is wrong with a line's weight or with what comes instead, by the name of the field."""
    if answer.actual_milli is not None and line.most_milli is None:
        yield "weight", Broken(_NOT_WEIGHED, {"name": line.name})
    elif answer.actual_milli is not None and answer.actual_milli <= 0:
        yield "weight", Broken(_NO_WEIGHT)
    elif answer.actual_milli is not None and line.most_milli is not None and answer.actual_milli > line.most_milli:
        yield "weight", Broken(_TOO_HEAVY)
    missing = line.ordered - answer.confirmed
    if len({one.product_id for one in answer.instead}) < len(answer.instead):
        yield "instead", Broken(_TWICE)
    for one in answer.instead:
        if one.product_id not in line.allowed:
            yield "instead", Broken(_NOT_ALLOWED)
        elif not 1 <= one.units <= missing:
            yield "instead", Broken(_INSTEAD_OF_NOTHING, {"missing": missing})
        elif one.cost is not None and not 0 <= one.cost <= line.cost:
            yield "instead", Broken(_DEARER)


def answered_state(lines: Iterable[OrderedLine], answers: Mapping[int, LineAnswer]) -> OrderState:
    """Confirmed when all comes, declined when nothing does, else partly confirmed."""
    return state_of([(line.ordered, answers[line.id].confirmed) for line in lines])


def state_of(counts: Iterable[tuple[int, int]]) -> OrderState:
    """The same from what was ordered and confirmed of each line."""
    counts = list(counts)
    if all(confirmed == ordered for ordered, confirmed in counts):
        return OrderState.CONFIRMED
    if all(confirmed == 0 for _ordered, confirmed in counts):
        return OrderState.DECLINED
    return OrderState.PARTLY_CONFIRMED
