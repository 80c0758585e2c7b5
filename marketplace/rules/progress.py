"""The way of a reservation's goods: which step follows which, and what of a newer fact is kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from marketplace.rules.states import ProgressStep

# From the dock to the household. `no_show` is beside the way: an end that a later hand-over still overrides.
WAY: Final = (
    ProgressStep.RECEIVED,
    ProgressStep.PACKED,
    ProgressStep.ON_THE_WAY,
    ProgressStep.READY,
    ProgressStep.HANDED_OVER,
)


class StepFact(NamedTuple):
    """What is known of a step: when it happened, and when the next one is expected (None: nobody says)."""

    at: datetime
    expected_at: datetime | None
    note: str


def is_news(known: StepFact | None, told: StepFact) -> bool:
    """Whether a told fact replaces what is known of the same step: only forward in time, never an echo."""
    return known is None or told.at > known.at or (told.at == known.at and told != known)


def may_follow(step: ProgressStep, reached: Collection[ProgressStep]) -> bool:
    """Whether a step may still be recorded: nobody is a no-show after the goods were handed over."""
    return step is not ProgressStep.NO_SHOW or ProgressStep.HANDED_OVER not in reached


def is_overtaken(step: ProgressStep, reached: Collection[ProgressStep]) -> bool:
    """Whether a later step is known already, so that telling people of this one would confuse them."""
    if step is ProgressStep.NO_SHOW:
        return ProgressStep.HANDED_OVER in reached
    return any(later in reached for later in WAY[WAY.index(step) + 1 :])


class Mark(StrEnum):
    """How a step of the way stands."""

    DONE = "done"
    NEXT = "next"
    LATER = "later"
    FAILED = "failed"  # the way ends here, otherwise than hoped


@dataclass(frozen=True, slots=True)
class WayStep:
    """One step as a household sees it. `at` is None where a later step is known and nobody told of this one.

    `expected_at` (until `expected_until`, where it is a span) belongs to the next step alone.
    """

    code: str
    mark: Mark
    at: datetime | None = None
    expected_at: datetime | None = None
    expected_until: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayFacts:
    """What the way is told from. `ordered_at` once every window of the household closed; `closes_at` is the last one's
    deadline before. `nothing`: all is decided and nothing comes. `delivered`: to the door, not to a pickup point.
    """

    reserved_at: datetime
    ordered_at: datetime | None
    closes_at: datetime | None
    nothing: bool
    delivered: bool
    starts_at: datetime
    ends_at: datetime
    steps: Mapping[ProgressStep, StepFact]


def way_of(facts: WayFacts) -> tuple[WayStep, ...]:
    """Reserved → ordered → received → packed → on the way or ready → handed over (or nobody came)."""
    reserved = WayStep("reserved", Mark.DONE, facts.reserved_at)
    if facts.nothing:
        return (reserved, WayStep("nothing", Mark.FAILED, facts.ordered_at))
    shown = [step for step in WAY if _is_shown(step, facts)]
    reached = max((n for n, step in enumerate(shown) if step in facts.steps), default=-1)
    missed = facts.steps.get(ProgressStep.NO_SHOW) if ProgressStep.HANDED_OVER not in facts.steps else None
    if missed is not None:
        shown, reached = shown[:-1], len(shown) - 2
    ordered = facts.ordered_at is not None or reached >= 0 or missed is not None
    way = [reserved]
    if ordered:
        way.append(WayStep("ordered", Mark.DONE, facts.ordered_at))
    else:
        way.append(WayStep("ordered", Mark.NEXT, expected_at=facts.closes_at))
    for n, step in enumerate(shown):
        if n <= reached:
            fact = facts.steps.get(step)
            way.append(WayStep(step.value, Mark.DONE, fact.at if fact else None, note=fact.note if fact else ""))
        elif n == reached + 1 and ordered:
            way.append(_next(step, shown[:n], facts))
        else:
            way.append(WayStep(step.value, Mark.LATER))
    if missed is not None:
        way.append(WayStep(ProgressStep.NO_SHOW.value, Mark.FAILED, missed.at, note=missed.note))
    return tuple(way)


def _is_shown(step: ProgressStep, facts: WayFacts) -> bool:
    """A delivery has no "ready", a pickup no "on the way", unless somebody told of it."""
    if step is ProgressStep.ON_THE_WAY:
        return facts.delivered or step in facts.steps
    return step is not ProgressStep.READY or not facts.delivered or step in facts.steps


def _next(step: ProgressStep, before: list[ProgressStep], facts: WayFacts) -> WayStep:
    """The step that comes next, with when: as the newest fact expects it, else as the handover was announced."""
    fact = facts.steps.get(before[-1]) if before else None
    if fact is not None and fact.expected_at is not None:
        return WayStep(step.value, Mark.NEXT, expected_at=fact.expected_at)
    if step is ProgressStep.HANDED_OVER:
        return WayStep(step.value, Mark.NEXT, expected_at=facts.starts_at, expected_until=facts.ends_at)
    if step is ProgressStep.READY:
        return WayStep(step.value, Mark.NEXT, expected_at=facts.starts_at)
    return WayStep(step.value, Mark.NEXT)
