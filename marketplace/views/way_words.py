"""The way of the goods in words: each step with its time, the next one with when it is expected."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.models import NoShowRule
from marketplace.queries.progress import OwnOrder
from marketplace.rules.progress import Mark, WayStep
from marketplace.words import moment_words, span_words, time_words

# Done and still to come: a step that is ahead is named as what is waited for.
_DONE = {
    "reserved": gettext_lazy("Reserved"),
    "ordered": gettext_lazy("Ordered"),
    "nothing": gettext_lazy("Nothing was ordered for you"),
    "received": gettext_lazy("Arrived at the hub"),
    "packed": gettext_lazy("Packed for you"),
    "on_the_way": gettext_lazy("On the way"),
    "ready": gettext_lazy("Ready for you"),
    "handed_over": gettext_lazy("Handed over"),
    "no_show": gettext_lazy("Nobody collected it"),
}
_AHEAD = {
    "ordered": gettext_lazy("Ordered"),
    "received": gettext_lazy("Arrives at the hub"),
    "packed": gettext_lazy("Packed for you"),
    "on_the_way": gettext_lazy("On the way"),
    "ready": gettext_lazy("Ready for you"),
    "handed_over": gettext_lazy("Handed over"),
}
NO_SHOW_RULES = {
    NoShowRule.KEEP.value: gettext_lazy(
        "The hub keeps it for you until the next opening. Write to it to arrange that."
    ),
    NoShowRule.RESCUE.value: gettext_lazy("As the hub's rule says, it was offered to others the same evening."),
    NoShowRule.DONATE.value: gettext_lazy("As the hub's rule says, it was given away."),
}
# What the rule says beforehand, while it can still be collected.
NO_SHOW_WARNINGS = {
    NoShowRule.KEEP.value: gettext_lazy("What nobody collects is kept until the next opening."),
    NoShowRule.RESCUE.value: gettext_lazy("What nobody collects is offered to others the same evening."),
    NoShowRule.DONATE.value: gettext_lazy("What nobody collects is given away."),
}


@dataclass(frozen=True, slots=True)
class WayLine:
    """A step as the page shows it. `mark` is done, next, later or failed; `when` and `note` may be empty."""

    code: str
    mark: str
    name: str
    when: str
    note: str
    iso: str


def way_lines(order: OwnOrder) -> list[WayLine]:
    """The steps in the words of the hub's wall clock."""
    return [_line(step, order) for step in order.way]


def _line(step: WayStep, order: OwnOrder) -> WayLine:
    zone, now = order.reservation.round.hub.time_zone, order.now
    done = step.mark in (Mark.DONE, Mark.FAILED)
    when = moment_words(step.at, now, zone) if step.at else ""
    note = step.note
    if step.mark is Mark.NEXT:
        when, note = _expected(step, now, zone)
    elif step.code == "no_show":
        note = " ".join(filter(None, (note, str(NO_SHOW_RULES[order.reservation.round.hub.no_show_rule]))))
    elif step.code == "reserved" and order.reservation.version > 1:
        note = _("last changed %(moment)s") % {"moment": moment_words(order.reservation.changed_at, now, zone)}
    moment = step.at or step.expected_at
    return WayLine(
        code=step.code,
        mark=step.mark.value,
        name=str((_DONE if done else _AHEAD)[step.code]),
        when=when,
        note=note,
        iso=moment.isoformat() if moment else "",
    )


def _expected(step: WayStep, now: datetime, zone: str) -> tuple[str, str]:
    """When the next step is expected; one that is overdue says so instead of promising on."""
    if step.expected_at is None:
        return _("comes next"), ""
    if step.code == "ordered":
        return _("closes %(moment)s") % {"moment": moment_words(step.expected_at, now, zone)}, ""
    if step.expected_until is not None:
        when = span_words(step.expected_at, step.expected_until, now, zone)
        late = now > step.expected_until
    else:
        when = _("expected about %(moment)s") % {"moment": moment_words(step.expected_at, now, zone)}
        late = now > step.expected_at
    return when, _("We have no news of it yet.") if late else ""


def lead_of(order: OwnOrder) -> str:
    """One sentence on top: where it stands and what comes next."""
    zone, now = order.reservation.round.hub.time_zone, order.now
    last = next((step for step in reversed(order.way) if step.mark in (Mark.DONE, Mark.FAILED)), None)
    code, until = (last.code if last else ""), time_words(order.reservation.handover.ends_at, zone)
    sentences = {
        "nothing": _("Nothing could be ordered for you this time, and nothing is charged."),
        "received": _("It has arrived at the hub and is being sorted."),
        "packed": _("It is packed and waits for its way to you."),
        "on_the_way": _("It is on its way."),
        "ready": _("It is ready for you, until %(time)s.") % {"time": until},
        "handed_over": _("It was handed over. We hope it is good."),
        "no_show": _("Nobody came to collect it."),
    }
    if code in sentences:
        return sentences[code]
    open_until = order.open_until
    decided = sum(line.is_final for line in order.result.lines)
    if open_until is not None:
        moment = {"moment": moment_words(open_until, now, zone)}
        if decided:
            return _("Part of it is decided; the rest you can change until %(moment)s.") % moment
        return _("You can change it until %(moment)s.") % moment
    if decided == len(order.result.lines):
        return _("It is ordered, and these are the final figures.")
    return _("Ordering has closed; the figures are being counted.")
