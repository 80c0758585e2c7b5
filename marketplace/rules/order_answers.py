"""What a merchant's answer to a purchase order makes of it, line by line."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from marketplace.rules.broken import Broken, gettext_noop
from marketplace.rules.states import OrderState

_FOREIGN = gettext_noop("This line is not on the order.")
_UNANSWERED = gettext_noop("Say how many %(name)s will come.")
_TOO_MANY = gettext_noop("From 0 to %(ordered)d can come; more was not ordered.")
_UNEXPLAINED = gettext_noop("Say why fewer will come; the households are told.")


class LineAnswer(NamedTuple):
    """How many consumer units of a line will come, and why fewer than ordered (may be empty when all do)."""

    confirmed: int
    reason: str = ""


class OrderedLine(NamedTuple):
    id: int
    name: str
    ordered: int


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
    return problems


def answered_state(lines: Iterable[OrderedLine], answers: Mapping[int, LineAnswer]) -> OrderState:
    """Confirmed when all comes, declined when nothing does, else partly confirmed."""
    lines = list(lines)
    if all(answers[line.id].confirmed == line.ordered for line in lines):
        return OrderState.CONFIRMED
    if all(answers[line.id].confirmed == 0 for line in lines):
        return OrderState.DECLINED
    return OrderState.PARTLY_CONFIRMED
