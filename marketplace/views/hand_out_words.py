"""A hand-out list in words and as data: for the page, for its script, and for a deputy's link."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from marketplace.models import HandOutMail, Handover, NoShowRule
from marketplace.queries.hosting import HandOutList, HandOutRow
from marketplace.queries.reservations import LineOutcome
from marketplace.rules.hand_out import TickKind
from marketplace.views.sentences import plural_forms
from marketplace.words import moment_words, money, time_words, zoned_span_words

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One product of a household: `short` says what is missing, or is empty."""

    units: str
    name: str
    short: str


@dataclass(frozen=True, slots=True)
class RowView:
    """A household on the list, in words. `can_undo`: its tick may still be taken back."""

    id: int
    household: str
    group: str
    code: str
    lines: tuple[GoodsLine, ...]
    units: str
    total: str
    state: str
    said: str
    can_undo: bool


def rule_sentence(rule: str) -> str:
    """What happens to goods that nobody collects, in a sentence."""
    return {
        NoShowRule.KEEP.value: _("What nobody collects is kept until the next opening."),
        NoShowRule.RESCUE.value: _("What nobody collects is offered to others the same evening."),
        NoShowRule.DONATE.value: _("What nobody collects is given away."),
    }[rule]


def where_words(handover: Handover) -> str:
    """Where the handover is on its day: its other place if it was moved."""
    if handover.moved_to:
        return handover.moved_to
    return handover.pickup_point.name if handover.pickup_point else _("Delivered")


def row_views(found: HandOutList) -> tuple[RowView, ...]:
    currency, zone = found.handover.round.hub.currency, found.handover.round.hub.time_zone
    return tuple(_row(row, currency, zone) for row in found.rows or ())


def _row(row: HandOutRow, currency: str, zone: str) -> RowView:
    return RowView(
        id=row.reservation_id,
        household=row.household,
        group=row.group,
        code=row.code,
        lines=tuple(_line(line) for line in row.lines),
        units=ngettext("%(n)s unit", "%(n)s units", row.units) % {"n": row.units},
        total=money(row.total_minor, currency),
        state=row.state,
        said=said_of(row, zone),
        can_undo=row.until is not None,
    )


def _line(line: LineOutcome) -> GoodsLine:
    short = line.asked - line.quantity
    words = _("%(short)s short of %(asked)s") % {"short": short, "asked": line.asked} if short > 0 else ""
    if not line.quantity:
        words = _("none came")
    return GoodsLine(str(line.quantity), line.product_name, words)


def said_of(row: HandOutRow, zone: str) -> str:
    """ "Handed over 18:04, Rui"; empty while nothing is ticked."""
    if row.at is None:
        return ""
    facts = {"time": time_words(row.at, zone), "person": row.ticked_by}
    if row.state == TickKind.HANDED_OVER:
        return _("Handed over %(time)s, %(person)s") % facts
    return _("Not collected, noted %(time)s, %(person)s") % facts


def progress_words(found: HandOutList) -> str:
    """ "12 of 40 handed over, 1 not collected."."""
    facts = {"done": found.handed_over, "all": found.reservations, "absent": found.no_shows}
    if found.no_shows:
        return _("%(done)s of %(all)s handed over, %(absent)s not collected.") % facts
    return _("%(done)s of %(all)s handed over.") % facts


def states_json(found: HandOutList) -> Json:
    """What a device needs to show the others' ticks."""
    zone = found.handover.round.hub.time_zone
    return {
        "now": found.now.isoformat(),
        "progress": progress_words(found),
        "rows": [
            {"id": r.reservation_id, "state": r.state, "said": said_of(r, zone), "undo": r.until is not None}
            for r in found.rows or ()
        ],
    }


def list_context(request: HttpRequest, found: HandOutList, *, ticks: str, key: str) -> Json:
    """What templates/marketplace/hosting/list.html shows of the list itself; `ticks` is where taps are sent."""
    handover, hub = found.handover, found.handover.round.hub
    now, zone = found.now, hub.time_zone
    return {
        "list": found,
        "handover": handover,
        "round": handover.round,
        "hub": hub,
        "where": where_words(handover),
        "when": zoned_span_words(handover.starts_at, handover.ends_at, now, zone),
        "rows": row_views(found),
        "progress": progress_words(found) if found.rows is not None else "",
        "rule": rule_sentence(hub.no_show_rule),
        "ticks": ticks,
        "page_key": key,
        "server_now": now,
        "closed_words": _closed(found),
        "script_words": {
            "ticks": ticks,
            "list": f"handover-{handover.pk}",
            "token": get_token(request),
            "language": get_language() or "en",
            "waiting": plural_forms(_ticks_wait),
            "sent": _("Everything is saved."),
            "refused": _("A tick was refused: {0}"),
            "handed_over": _("Handed over"),
            "no_show": _("Not collected"),
            "unsent": _("{0}, not sent yet"),
            "nobody": _("No household here has this code."),
        },
    }


def _ticks_wait(many: int) -> str:
    """Said by the script, which puts the number in."""
    return ngettext(
        "{0} tick waits for a connection. It is kept on this device.",
        "{0} ticks wait for a connection. They are kept on this device.",
        many,
    )


def _closed(found: HandOutList) -> str:
    """Why no names are shown; empty where they are."""
    if found.rows is not None:
        return ""
    if found.over:
        return _("Names are shown until a day after the handover. What was ticked is kept.")
    counted = ngettext("%(n)s household collects here.", "%(n)s households collect here.", found.reservations)
    later = _("Names and goods show once ordering has closed and everything is counted.")
    return f"{counted % {'n': found.reservations}} {later}"


def mail_words(mail: HandOutMail | None, found: HandOutList) -> str:
    """What became of the newest mail with the list; empty where there was none."""
    if mail is None:
        return ""
    if mail.state == HandOutMail.State.WAITING:
        return _("A mail with the list is on its way.")
    if mail.state == HandOutMail.State.GIVEN_UP or mail.sent_at is None:
        return _("The last mail did not get through. Ask for it once more.")
    zone = found.handover.round.hub.time_zone
    return _("Last mailed %(moment)s.") % {"moment": moment_words(mail.sent_at, found.now, zone)}
