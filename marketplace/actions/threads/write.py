"""Write into a thread: the first message makes it, each says who is waited for and tells those concerned."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace import audit, clock
from marketplace.actions.notices.tell import tell
from marketplace.errors import InvalidInput, RequestKeyReused
from marketplace.models import Message, Thread, ThreadRead, User
from marketplace.queries.threads import About, Seat, last_read, people_of, present_in, thread_about
from marketplace.rules.notices import NoticeKind
from marketplace.rules.threads import LONGEST, Side, ThreadState, waits_for

# Messages of one person in an hour: people coordinate, they do not flood.
MOST_IN_AN_HOUR = 60


def ask(*, about: About, side: Side, text: str, asked: Side | None, request_key: str, by: User) -> Message:
    """Write about something that may have no thread yet. `about` and `side` come from queries.threads.about_…

    The same request key again gives the same message. Raises InvalidInput, RequestKeyReused.
    """
    text = _readable(text)
    with transaction.atomic():
        thread = thread_about(about) or _opened(about, side, clock.now())
        return _write(thread, side, text, asked, request_key, by)


def write(*, seat: Seat, text: str, asked: Side | None, request_key: str, by: User) -> Message:
    """Answer in a thread, on the side on which the person reads it. The same request key again gives the same
    message. Raises InvalidInput, RequestKeyReused."""
    text = _readable(text)
    with transaction.atomic():
        return _write(seat.thread, seat.side, text, asked, request_key, by)


def _readable(text: str) -> str:
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not text:
        raise InvalidInput(problems=[{"place": "text", "problem": _("Write your question or answer.")}])
    if len(text) > LONGEST:
        raise InvalidInput(problems=[{"place": "text", "problem": _("At most %(n)s characters.") % {"n": LONGEST}}])
    return text


def _opened(about: About, side: Side, now: datetime) -> Thread:
    """A new thread; the one that somebody else has just opened where that was faster."""
    if about.order_line is not None:
        order = about.order_line.order
        household_id: int | None = None
        merchant_id: int | None = order.merchant_id
        hub_id = order.window.round.hub_id
    elif about.reservation is not None:
        hub_id, household_id = about.reservation.round.hub_id, about.reservation.household_id
        merchant_id = about.offer.product.merchant_id if about.offer is not None else None
    else:
        raise ValueError("A question is about something.")
    try:
        with transaction.atomic():
            return Thread.objects.create(
                hub_id=hub_id,
                household_id=household_id,
                reservation=about.reservation,
                offer=about.offer,
                order_line=about.order_line,
                merchant_id=merchant_id,
                merchant_since=now if merchant_id else None,
                opened_at=now,
                last_at=now,
            )
    except IntegrityError:
        faster = thread_about(about)
        if faster is None:
            raise
        return faster


def _write(thread: Thread, side: Side, text: str, asked: Side | None, request_key: str, by: User) -> Message:
    known = _known(thread, text, request_key, by)
    if known is not None:
        return known
    now = clock.now()
    if Message.objects.filter(by=by, at__gt=now - timedelta(hours=1)).count() >= MOST_IN_AN_HOUR:
        raise InvalidInput(
            problems=[
                {"place": "text", "problem": _("You wrote a lot in the last hour. Wait a while, then send it again.")}
            ]
        )
    try:
        with transaction.atomic():
            message = Message.objects.create(
                thread=thread, by=by, side=side.value, text=text, at=now, request_key=request_key
            )
    except IntegrityError:  # the other half of a double tap was faster
        known = _known(thread, text, request_key, by)
        if known is None:
            raise
        return known
    _wait(thread, message, waits_for(writer=side, asked=asked, present=present_in(thread)), by)
    ThreadRead.objects.update_or_create(thread=thread, user=by, defaults={"message_id": message.pk})
    return message


def _known(thread: Thread, text: str, request_key: str, by: User) -> Message | None:
    found = Message.objects.filter(by=by, request_key=request_key).first()
    if found is not None and (found.thread_id != thread.pk or found.text != text):
        raise RequestKeyReused(request_key=request_key)
    return found


def _wait(thread: Thread, message: Message, waits: Side | None, by: User) -> None:
    """Who is waited for from now on. Whoever is asked again has been waited for since the first time."""
    now = message.at
    since = thread.waiting_since if waits is not None and thread.waiting_for == waits.value else now
    Thread.objects.filter(pk=thread.pk).update(
        waiting_for=waits.value if waits else "", waiting_since=since if waits else None, last_at=now
    )
    reopened = Thread.objects.filter(pk=thread.pk, state=ThreadState.SETTLED.value).update(state=ThreadState.OPEN.value)
    if reopened:
        audit.record(
            kind="thread",
            object_id=thread.pk,
            from_state=ThreadState.SETTLED.value,
            to_state=ThreadState.OPEN.value,
            at=now,
            by=by,
        )
    _tell(thread, message, waits)


def _tell(thread: Thread, message: Message, waits: Side | None) -> None:
    """Tell whoever is asked, the household, and the sides that wrote before; never the writer's own side."""
    wrote = {Side(side) for side in Message.objects.filter(thread=thread).values_list("side", flat=True)}
    sides = ({waits} if waits else set()) | ({Side.HOUSEHOLD} & present_in(thread)) | wrote
    told: set[int] = {message.by_id, *people_of(thread, Side(message.side), message.at)}
    for side in sorted(sides - {Side(message.side)}, key=lambda one: one is not waits):
        people = people_of(thread, side, message.at) - told
        told |= people
        _tell_side(thread, message, people, side, asks=side is waits)


def _tell_side(thread: Thread, message: Message, people: Iterable[int], side: Side, *, asks: bool) -> None:
    """One notice for all that a person has not read yet: its key is the last message that the person saw."""
    by_mark: dict[int, list[int]] = {}
    for user_id, mark in last_read(thread, people).items():
        by_mark.setdefault(mark, []).append(user_id)
    facts = {"side": message.side, "about": about_words(thread), "round": round_words(thread), "asks": asks}
    for mark, user_ids in by_mark.items():
        key = f"thread:{thread.pk}:{mark}"
        link = f"/threads/{thread.pk}/?as={side.value}"
        tell(kind=NoticeKind.MESSAGE, user_ids=user_ids, key=key, facts=facts, link=link)


def about_words(thread: Thread) -> str:
    """What it is about, without a person's name: the product, else nothing."""
    if thread.order_line is not None:
        return thread.order_line.name
    return thread.offer.product.name if thread.offer is not None else ""


def round_words(thread: Thread) -> str:
    if thread.reservation is not None:
        return thread.reservation.round.name
    return thread.order_line.order.window.round.name if thread.order_line is not None else ""
