"""Refusals in the reader's words: the one table from error to status, problem type and sentence with a next step.

Pages and API use the same one (RFC 9457 calls them type, title, status, detail).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace import errors

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """`type` is the error's stable code. `detail` says what happened and what was kept, `next_step` what to do."""

    status: int
    type: str
    title: str
    detail: str
    next_step: str


@dataclass(frozen=True, slots=True)
class _Row:
    status: int
    title: Promise
    detail: Callable[[Facts], str]
    next_step: Promise


def problem_for(error: errors.MarketError) -> Problem:
    """The problem that an error is, in the active language. An error without a row of its own gets its base's."""
    row = next(_TABLE[kind] for kind in type(error).__mro__ if kind in _TABLE)
    return Problem(
        status=row.status,
        type=error.code,
        title=str(row.title),
        detail=row.detail(error.facts),
        next_step=str(row.next_step),
    )


def _plain(text: Promise) -> Callable[[Facts], str]:
    return lambda facts: str(text)


def _listed(facts: Facts) -> str:
    return " ".join(str(problem["problem"]) for problem in facts.get("problems", ()))


def _closed(facts: Facts) -> str:
    closes_at = facts.get("closes_at")
    if not isinstance(closes_at, datetime):
        return _("It was closed before your change arrived. What you had reserved stays as it was.")
    zone = str(facts.get("time_zone") or "UTC")
    moment = formats.date_format(closes_at.astimezone(ZoneInfo(zone)), "DAY_TIME")
    return _(
        "It closed on %(moment)s (%(zone)s), before your change arrived. What you had reserved stays as it was."
    ) % {
        "moment": moment,
        "zone": zone,
    }


def _in_time(facts: Facts) -> str:
    """Until when, or from when, something after a handover is open."""
    late = bool(facts.get("late", True))
    edge = facts.get("deadline" if late else "opens_at")
    if not isinstance(edge, datetime):
        return _("Nothing was changed.")
    zone = str(facts.get("time_zone") or "UTC")
    moment = {"moment": formats.date_format(edge.astimezone(ZoneInfo(zone)), "DAY_TIME"), "zone": zone}
    if late:
        return _("It was open until %(moment)s (%(zone)s). Nothing was changed.") % moment
    return _("It opens with the handover, %(moment)s (%(zone)s). Nothing was changed.") % moment


def _filling(facts: Facts) -> str:
    return _("In the last stretch at most %(units)s more can be added here.") % {"units": facts.get("at_most", 0)}


def _full(facts: Facts) -> str:
    return _("This place takes no more than %(units)s orders. Nothing was changed.") % {
        "units": facts.get("capacity", "")
    }


def _list_not_open(facts: Facts) -> str:
    if facts.get("over"):
        return _("Names stay on it until a day after the handover. What was ticked before is kept.")
    return _("It opens once ordering has closed and everybody's goods are counted.")


_TABLE: Mapping[type, _Row] = {
    errors.NotFound: _Row(
        404,
        gettext_lazy("There is nothing here."),
        _plain(gettext_lazy("It does not exist, or it is not yours to see.")),
        gettext_lazy("Go back to the rounds and start from there."),
    ),
    errors.NotAllowed: _Row(
        403,
        gettext_lazy("This is not yours to do."),
        _plain(gettext_lazy("You may see it, but somebody else looks after it. Nothing was changed.")),
        gettext_lazy("Ask the hub if you think that it should be you."),
    ),
    errors.WindowClosed: _Row(
        409,
        gettext_lazy("Ordering has closed."),
        _closed,
        gettext_lazy("See your reservation, or wait for the next round."),
    ),
    errors.WindowNotOpen: _Row(
        409,
        gettext_lazy("Ordering is not open."),
        _plain(gettext_lazy("Nothing was changed.")),
        gettext_lazy("Come back when it opens; the round's page says when."),
    ),
    errors.IllegalMove: _Row(
        409,
        gettext_lazy("It is no longer in that state."),
        _plain(gettext_lazy("Somebody was faster. Nothing was changed.")),
        gettext_lazy("Load the page again to see where it stands."),
    ),
    errors.RequestKeyReused: _Row(
        409,
        gettext_lazy("This page was older than your basket."),
        _plain(gettext_lazy("It had been sent before with other figures. Nothing was changed.")),
        gettext_lazy("Look at your basket and change it from there."),
    ),
    errors.ReservationChanged: _Row(
        409,
        gettext_lazy("Your household changed the basket meanwhile."),
        _plain(gettext_lazy("The newer basket was kept, yours was not.")),
        gettext_lazy("Look at it and change it from there."),
    ),
    errors.HouseholdChanged: _Row(
        409,
        gettext_lazy("Somebody of your household changed this meanwhile."),
        _plain(gettext_lazy("The newer words were kept, yours were not.")),
        gettext_lazy("Load it again and change it from there."),
    ),
    errors.InvalidLines: _Row(
        422, gettext_lazy("That cannot be reserved."), _listed, gettext_lazy("Correct it and send it again.")
    ),
    errors.InvalidInput: _Row(
        422, gettext_lazy("Something is missing."), _listed, gettext_lazy("Correct it and send it again.")
    ),
    errors.HandoverFull: _Row(
        409, gettext_lazy("This place is full."), _full, gettext_lazy("Choose another place or time.")
    ),
    errors.StockShort: _Row(
        409,
        gettext_lazy("There is not that much left."),
        _plain(gettext_lazy("Others were faster. What you had reserved stays as it was.")),
        gettext_lazy("Choose a smaller number, or something else."),
    ),
    errors.MembershipNeeded: _Row(
        409,
        gettext_lazy("This hub knows its households."),
        _plain(gettext_lazy("Yours has not joined it yet, so nothing was reserved.")),
        gettext_lazy("Ask to join; then reserve."),
    ),
    errors.LimitExceeded: _Row(
        409, gettext_lazy("Too many for the last stretch."), _filling, gettext_lazy("Choose a smaller number.")
    ),
    errors.ListNotOpen: _Row(
        409,
        gettext_lazy("This list is not open."),
        _list_not_open,
        gettext_lazy("Ask the hub if something has to be put right."),
    ),
    errors.UndoTooLate: _Row(
        409,
        gettext_lazy("That was too long ago to take back."),
        _plain(gettext_lazy("What was ticked stays as it is.")),
        gettext_lazy("Tell the hub, which can still put it right."),
    ),
    errors.TooManyTries: _Row(
        429,
        gettext_lazy("That was tried too often."),
        _plain(gettext_lazy("Links that do not exist were opened from your address again and again.")),
        gettext_lazy("Wait five minutes, then open the link that you were given."),
    ),
    errors.HostStays: _Row(
        409,
        gettext_lazy("A group needs its host."),
        _plain(gettext_lazy("The host's household stays as long as others are in the group. Nothing was changed.")),
        gettext_lazy("Hand the group over to somebody else first."),
    ),
    errors.ShiftFull: _Row(
        409,
        gettext_lazy("This shift has everybody it needs."),
        _plain(gettext_lazy("Somebody was faster. Nothing was changed.")),
        gettext_lazy("See where a hand is still missing."),
    ),
    errors.PriceChanged: _Row(
        409,
        gettext_lazy("This offer changed while you looked at it."),
        _plain(gettext_lazy("Your tap was for the offer as it was before, so it was not kept.")),
        gettext_lazy("Look at what changed, then take it or leave it."),
    ),
    errors.OrderNotOpen: _Row(
        409,
        gettext_lazy("This order can no longer be changed."),
        _plain(gettext_lazy("It was answered or withdrawn. Nothing was changed.")),
        gettext_lazy("Look at its newest revision."),
    ),
    errors.InvitationSpent: _Row(
        410,
        gettext_lazy("This invitation can no longer be used."),
        _plain(gettext_lazy("It was used before, taken back, or is too old. Nothing was changed.")),
        gettext_lazy("Ask whoever sent it for a new one."),
    ),
    errors.LastOfHousehold: _Row(
        409,
        gettext_lazy("You are the last one here."),
        _plain(gettext_lazy("A household always keeps one person. Nothing was changed.")),
        gettext_lazy("Invite somebody first, or erase your account under “My data”."),
    ),
    errors.StillOpen: _Row(
        409,
        gettext_lazy("Something is still under way."),
        lambda facts: " ".join(str(reason) for reason in facts.get("reasons", ())),
        gettext_lazy("Finish that first, then come back."),
    ),
    errors.ClaimNotOpen: _Row(
        409,
        gettext_lazy("Problems cannot be reported now."),
        _in_time,
        gettext_lazy("Write to the hub if there is something that it has to know."),
    ),
    errors.RatingNotOpen: _Row(
        409,
        gettext_lazy("This order cannot be rated now."),
        _in_time,
        gettext_lazy("Look at your reservation; it says when."),
    ),
    errors.ClaimClosed: _Row(
        409,
        gettext_lazy("This claim was decided already."),
        _plain(gettext_lazy("Somebody was faster, and the household has been told. Nothing was changed.")),
        gettext_lazy("Load the page again to see the answer."),
    ),
    errors.MarketError: _Row(
        409,
        gettext_lazy("That was refused."),
        _plain(gettext_lazy("Nothing was changed.")),
        gettext_lazy("Load the page again and try once more."),
    ),
}
