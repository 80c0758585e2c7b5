"""What a merchant's answer to a purchase order makes of it, line by line."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from marketplace.rules.states import OrderState


class LineAnswer(NamedTuple):
    """How many consumer units of a line will come, and why fewer than ordered (may be empty when all do)."""

    confirmed: int
    reason: str = ""


class OrderedLine(NamedTuple):
    id: int
    name: str
    ordered: int


def answer_problems(lines: Iterable[OrderedLine], answers: Mapping[int, LineAnswer]) -> list[dict[str, str]]:
    """Each unusable answer with its place; every line must be answered, a shortage needs its reason."""
    lines = list(lines)
    known = {line.id for line in lines}
    problems = [
        {"place": f"lines.{line_id}", "problem": "This line is not on the order."}
        for line_id in sorted(set(answers) - known)
    ]
    for line in lines:
        place = f"lines.{line.id}"
        answer = answers.get(line.id)
        if answer is None:
            problems.append({"place": place, "problem": f"Say how many {line.name} will come."})
        elif not 0 <= answer.confirmed <= line.ordered:
            problems.append({"place": place, "problem": f"From 0 to {line.ordered} can come; more was not ordered."})
        elif answer.confirmed < line.ordered and not answer.reason.strip():
            problems.append({"place": place, "problem": "Say why fewer will come; the households are told."})
    return problems


def answered_state(lines: Iterable[OrderedLine], answers: Mapping[int, LineAnswer]) -> OrderState:
    """Confirmed when all comes, declined when nothing does, else partly confirmed."""
    lines = list(lines)
    if all(answers[line.id].confirmed == line.ordered for line in lines):
        return OrderState.CONFIRMED
    if all(answers[line.id].confirmed == 0 for line in lines):
        return OrderState.DECLINED
    return OrderState.PARTLY_CONFIRMED
