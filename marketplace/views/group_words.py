"""Groups in words: the text to send, the rounds to choose, a round's totals row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.models import Group, OrderingWindow, Round
from marketplace.queries.groups import FEWEST_HOUSEHOLDS, GroupRound, ProductTotal, Totals
from marketplace.views.clocks import Clock, clock_of
from marketplace.views.rows import Row, row_of
from marketplace.views.sentences import Sentence, standing_sentence
from marketplace.words import zoned_words


def closing_words(window: OrderingWindow, now: datetime) -> str:
    """ "today 20:00, Lisbon time"."""
    zone = window.round.hub.time_zone
    return zoned_words(window.closes_at, now, zone)


def invitation_text(group: Group, rounds: Sequence[tuple[Round, OrderingWindow]], link: str, now: datetime) -> str:
    """The text for a chat, ready to send."""
    facts = {"group": group.name, "hub": group.hub.name, "link": link}
    if not rounds:
        return _("Order with us: %(group)s, at %(hub)s. Join here: %(link)s") % facts
    round_, window = rounds[0]
    facts |= {"round": round_.name, "moment": closing_words(window, now)}
    return (
        _(
            "Order with us: %(group)s gathers for %(round)s at %(hub)s. It closes %(moment)s. "
            "The more we are, the sooner the price falls. Look around and join here: %(link)s"
        )
        % facts
    )


@dataclass(frozen=True, slots=True)
class RoundChoice:
    """An open round as a group's page offers it."""

    name: str
    link: str
    view: str
    clock: Clock


def round_choices(
    group: Group, rounds: Sequence[tuple[Round, OrderingWindow]], now: datetime
) -> tuple[RoundChoice, ...]:
    return tuple(
        RoundChoice(
            round_.name,
            reverse("round", args=[round_.pk]),
            reverse("group_round", args=[group.pk, round_.pk]),
            clock_of(window, now, round_.hub.time_zone),
        )
        for round_, window in rounds
    )


# Behind everything that still misses units.
FARTHEST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class TotalRow:
    """A product as a group's view shows it: our units, and how everybody's offer stands."""

    id: int
    name: str
    units: str
    row: Row
    sentence: Sentence


def total_rows(totals: Totals, currency: str, now: datetime) -> tuple[TotalRow, ...]:
    """The rows of what is shown, those nearest to a step first; none while there are too few households."""
    found = sorted(totals.products or (), key=_far)
    return tuple(_total_row(product, currency, now) for product in found)


def _far(found: ProductTotal) -> tuple[int, str]:
    """Units until a case or step is full; what misses nothing comes last."""
    following = found.standing.next_step
    missing = found.standing.waits_for or (following.missing if following else 0)
    return missing or FARTHEST, found.offer.product.name


def _total_row(found: ProductTotal, currency: str, now: datetime) -> TotalRow:
    standing, takes = found.standing, found.offer.window.takes_reservations(now)
    units = ngettext("%(n)s unit", "%(n)s units", found.units) % {"n": found.units}
    return TotalRow(
        id=found.offer.pk,
        name=found.offer.product.name,
        units=units,
        row=row_of(
            reserved=standing.reserved,
            sure=standing.sure,
            waiting=standing.waiting,
            target=standing.target,
            mine=min(found.units, standing.reserved),
        ),
        sentence=standing_sentence(standing, currency) if takes else Sentence(_("Ordering has closed."), ""),
    )


def why_hidden(totals: Totals) -> str:
    """Why nothing of the contents is shown yet; empty where it is."""
    if totals.products is not None:
        return ""
    so_far = ngettext(
        "%(n)s household has ordered so far.", "%(n)s households have ordered so far.", totals.households
    ) % {"n": totals.households}
    rule = _("What is in it shows from %(fewest)s households on: with fewer one could work out who wants what.") % {
        "fewest": FEWEST_HOUSEHOLDS
    }
    return f"{so_far} {rule}"


def ordered_words(found: GroupRound) -> str:
    """ "4 of 6 households have ordered."."""
    return ngettext(
        "%(done)s of %(all)s household has ordered.", "%(done)s of %(all)s households have ordered.", found.members
    ) % {"done": found.ordered, "all": found.members}


def reminder_text(found: GroupRound, link: str, until: str) -> str:
    """The text that reminds those who have not ordered yet; it names nobody."""
    facts = {"round": found.round.name, "moment": until, "link": link}
    if not until:
        return _("Have a look at %(round)s: %(link)s") % facts
    return _("%(round)s closes %(moment)s. If you want something, put it in now: %(link)s") % facts


def group_round_context(found: GroupRound, link: str, now: datetime) -> dict[str, Any]:
    """What templates/marketplace/groups/round.html shows."""
    round_ = found.round
    open_windows = [w for w in round_.windows.all() if w.takes_reservations(now)]
    first = min(open_windows, key=lambda w: w.closes_at, default=None)
    until = ""
    if first is not None:
        zone = round_.hub.time_zone
        until = zoned_words(first.closes_at, now, zone)
    return {
        "found": found,
        "group": found.group,
        "round": round_,
        "hosted": found.waiting_names is not None,
        "ordered": ordered_words(found),
        "rows": total_rows(found.totals, round_.hub.currency, now),
        "why": why_hidden(found.totals),
        "clock": clock_of(first, now, round_.hub.time_zone) if first else None,
        "reminder": reminder_text(found, link, until) if found.waiting_names and first else "",
        "server_now": now,
        "share_words": {"copied": _("Copied"), "shared": _("Shared"), "title": found.group.name},
    }
