"""A purchase order's history in sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from marketplace.models import PurchaseOrder
from marketplace.order_words import difference_words, kind_words, via_words, way_words
from marketplace.queries.orders.timeline import History, Moment, Revision, What
from marketplace.rules.orders.changes import Via, consent_of
from marketplace.state_words import state_words
from marketplace.words import money, stamp_words


def moment_rows(history: History, order: PurchaseOrder) -> list[dict[str, str]]:
    """What happened, the newest first: when, what, by whom."""
    zone = order.window.round.hub.time_zone
    rows = [
        {"at": stamp_words(moment.at, zone), "words": _WORDS[moment.what](moment, order), "by": moment.by}
        for moment in history.moments
    ]
    return [row for row in reversed(rows) if row["words"]]


def revision_rows(history: History, order: PurchaseOrder) -> list[dict[str, Any]]:
    """The revisions, the newest first, with what each changed, by whom and why."""
    zone = order.window.round.hub.time_zone
    return [_revision(one, zone) for one in history.revisions]


def _revision(one: Revision, zone: str) -> dict[str, Any]:
    revision, change = one.revision, one.change
    row: dict[str, Any] = {
        "number": revision.number,
        "hash": revision.content_hash[:12],
        "at": stamp_words(revision.created_at, zone),
        "total": revision.content["total"],
        "currency": revision.content["currency"],
        "reason": revision.reason,
        "words": _("As it was issued"),
        "lines": [],
        "consent": "",
        "by": "",
    }
    if change is None:
        return row
    by_whom = change.by.name if change.by else ""
    row |= {
        "words": kind_words(change.kind) if change.via == Via.DESK else _came_by(change.kind, change.via),
        "by": by_whom,
        "lines": difference_words(one.lines, zone) or [_("Everything comes as ordered.")],
    }
    if change.consent:
        consent = consent_of(change.consent)
        facts = {"who": consent.who, "how": way_words(consent.how.value), "at": stamp_words(consent.at, zone)}
        row["consent"] = _("%(who)s agreed %(how)s, %(at)s.") % facts
        if consent.note:
            row["consent"] += f" “{consent.note}”"
    return row


def _came_by(kind: str, via: str) -> str:
    return _("%(what)s, %(way)s") % {"what": kind_words(kind), "way": via_words(via)}


def _moved(moment: Moment, order: PurchaseOrder) -> str:
    words = _("Now: %(state)s") % {"state": state_words(moment.facts["state"])}
    return f"{words} ({moment.facts['reason']})" if moment.facts.get("reason") else words


def _held(moment: Moment, order: PurchaseOrder) -> str:
    return _("Held back: %(reason)s") % {"reason": moment.facts["reason"] or "–"}


def _revised(moment: Moment, order: PurchaseOrder) -> str:
    facts = {"n": moment.facts["number"], "what": kind_words(moment.facts["kind"])}
    return _("Revision %(n)s: %(what)s") % facts


def _sent(moment: Moment, order: PurchaseOrder) -> str:
    facts = {"n": moment.facts["number"], "address": moment.facts["address"] or moment.facts["channel"]}
    return _("Revision %(n)s sent to %(address)s") % facts


def _not_sent(moment: Moment, order: PurchaseOrder) -> str:
    return _("Revision %(n)s could not be delivered: please call") % {"n": moment.facts["number"]}


def _invoice(moment: Moment, order: PurchaseOrder) -> str:
    facts = {"number": moment.facts["number"], "total": money(moment.facts["total"], order.currency)}
    return _("Invoice %(number)s entered, %(total)s") % facts


_WORDS: Mapping[What, Callable[[Moment, PurchaseOrder], str]] = {
    What.ISSUED: lambda _moment, _order: _("Issued"),
    What.MOVED: _moved,
    What.HELD: _held,
    What.RELEASED: lambda _moment, _order: _("Released"),
    What.REVISED: _revised,
    What.SENT: _sent,
    What.NOT_SENT: _not_sent,
    What.READ: lambda _moment, _order: _("The link in the mail was opened"),
    What.LINK_REVOKED: lambda _moment, _order: _("The link in the mail was taken back"),
    What.INVOICE: _invoice,
}
