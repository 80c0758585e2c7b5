"""Threads as a reader sees them: what each is about, who speaks, and how long an answer has been missing.

A merchant reads "Household 4711", the number of the reservation, never a name, unless the hub shows names; an e-mail
or postal address is shown to nobody.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.models import Message, Thread
from marketplace.notice_phrases import ago_words
from marketplace.queries.threads import Seat
from marketplace.rules.threads import MAY_ASK, Side, ThreadState
from marketplace.words import listed, moment_words, zone_words


@dataclass(frozen=True, slots=True)
class ThreadCard:
    """One thread in a list or at the head of its page. `waits` says whose answer is missing and since when."""

    id: int
    title: str
    context: str
    waits: str
    waits_for_me: bool
    state: str


@dataclass(frozen=True, slots=True)
class MessageCard:
    who: str
    mine: bool
    text: str
    at: str
    iso: str


def household_words(thread: Thread, reader: Side) -> str:
    """The household as this side may know it."""
    household = thread.household
    if household is None:
        return ""
    if reader is Side.MERCHANT and not thread.hub.names_shown_to_merchants:
        return _("Household %(number)s") % {"number": thread.reservation_id}
    return household.name


def side_words(thread: Thread, side: Side, reader: Side) -> str:
    """Who a side is, as the reader may know it."""
    if side is Side.HOUSEHOLD:
        return household_words(thread, reader)
    if side is Side.HUB:
        return thread.hub.name
    if side is Side.MERCHANT:
        return thread.merchant.name if thread.merchant is not None else _("The merchant")
    point = thread.reservation.handover.pickup_point if thread.reservation is not None else None
    return _("The host at %(place)s") % {"place": point.name} if point is not None else _("The host")


def thread_card(thread: Thread, reader: Side, now: datetime) -> ThreadCard:
    """`thread` with what queries.threads joins to it."""
    waiting = Side(thread.waiting_for) if thread.waiting_for else None
    waits = ""
    if waiting is not None and thread.waiting_since is not None:
        ago = ago_words(thread.waiting_since, now)
        who = side_words(thread, waiting, reader)
        text = _("Waits for your answer: asked %(ago)s") if waiting is reader else _("Waits for %(who)s: asked %(ago)s")
        waits = text % {"who": who, "ago": ago}
    settled = thread.state == ThreadState.SETTLED.value
    state = _("Settled") if settled else "" if waits else _("Answered")
    return ThreadCard(thread.pk, _title(thread), _context(thread, reader), waits, waiting is reader, state)


def _title(thread: Thread) -> str:
    if thread.order_line is not None:
        return thread.order_line.name
    return thread.offer.product.name if thread.offer is not None else _("The whole order")


def _context(thread: Thread, reader: Side) -> str:
    parts = []
    if thread.reservation is not None:
        parts.append(thread.reservation.round.name)
    if thread.order_line is not None:
        parts.append(_("Purchase order %(number)s") % {"number": str(thread.order_line.order)})
    if reader is not Side.HOUSEHOLD:
        parts.append(household_words(thread, reader))
    if reader is not Side.MERCHANT and thread.merchant is not None:
        parts.append(thread.merchant.name)
    return " · ".join(part for part in parts if part)


def message_card(message: Message, thread: Thread, reader: Side, user_id: int, now: datetime) -> MessageCard:
    mine = message.by_id == user_id and message.side == reader.value
    who = pgettext("the author of a message", "You") if mine else side_words(thread, Side(message.side), reader)
    zone = thread.hub.time_zone
    return MessageCard(who, mine, message.text, moment_words(message.at, now, zone), message.at.isoformat())


def zone_of(thread: Thread) -> str:
    return zone_words(thread.hub.time_zone)


def whom_to_ask(seat: Seat) -> list[tuple[str, str]]:
    """Whom this side may ask, as choices; "" is an answer that asks nothing, which only a household cannot give."""
    thread, reader = seat.thread, seat.side
    names = [
        (side.value, side_words(thread, side, reader))
        for side in MAY_ASK[reader]
        if side in seat.present and side is not reader
    ]
    return names if reader is Side.HOUSEHOLD else [("", _("Nobody: this answers it")), *names]


def readers_words(seat: Seat) -> str:
    """Who reads along, in one sentence."""
    others = [side for side in Side if side in seat.present and side is not seat.side]
    names = listed(side_words(seat.thread, side, seat.side) for side in others)
    masked = (
        seat.side is Side.HOUSEHOLD and Side.MERCHANT in seat.present and not seat.thread.hub.names_shown_to_merchants
    )
    text = _("Read by %(names)s.") % {"names": names}
    number = _("The merchant sees a number, not your name.")
    return f"{text} {number}" if masked else text
