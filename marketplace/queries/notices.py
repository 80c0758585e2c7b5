"""Reads of notices: the inbox, what is unread, a person's wishes, and what is due to go out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from marketplace.errors import NotFound
from marketplace.models import (
    HubMembership,
    Notice,
    NoticeDelivery,
    NoticeHours,
    NoticePreference,
    PushSubscription,
    Reservation,
    User,
)
from marketplace.rules.notice_times import Hours
from marketplace.rules.notices import DEFAULTS, SENT_CHANNELS, Channel, NoticeKind

PAGE = 30


def inbox_group(user_id: int) -> str:
    """The socket group of one person."""
    return f"user-{user_id}"


def until_of(facts: Mapping[str, Any]) -> datetime | None:
    """The instant after which a notice is of no use; None where its facts name none."""
    found = facts.get("until")
    if not isinstance(found, str):
        return None
    try:
        at = datetime.fromisoformat(found)
    except ValueError:
        return None
    return at if at.tzinfo else None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """`following` is where the next page starts, as ?before= carries it; empty at the end."""

    notices: tuple[Notice, ...]
    unread: int
    following: str


def inbox(user: User, *, before: str = "") -> InboxPage:
    """A page of the inbox: unread first, then what was read, each newest first. Two queries.

    `before` is "<u or r><id>": the last one of the page before. One that cannot be read starts anew.
    """
    mine = Notice.objects.filter(user=user)
    part, mark = (before[:1], before[1:]) if before[1:].isdecimal() and len(before) < 19 else ("", "")
    unread = mine.filter(read_at__isnull=True).order_by("-pk")
    read = mine.filter(read_at__isnull=False).order_by("-pk")
    found: list[Notice] = []
    if part != "r":
        found += list((unread.filter(pk__lt=int(mark)) if part == "u" else unread)[: PAGE + 1])
    if len(found) <= PAGE:
        older = read.filter(pk__lt=int(mark)) if part == "r" else read
        found += list(older[: PAGE + 1 - len(found)])
    shown = tuple(found[:PAGE])
    following = ""
    if len(found) > PAGE:
        following = f"{'r' if shown[-1].read_at else 'u'}{shown[-1].pk}"
    return InboxPage(shown, unread_count(user), following)


def unread_count(user: User) -> int:
    """How many notices the person has not opened yet. One query."""
    return Notice.objects.filter(user=user, read_at__isnull=True).count()


def notice_for(user: User, notice_id: int) -> Notice:
    """One's own notice. One query."""
    found = Notice.objects.filter(user=user, pk=notice_id).first()
    if found is None:
        raise NotFound(kind="notice", id=notice_id)
    return found


def hours_of(user_ids: Collection[int]) -> dict[int, Hours]:
    """When these people may be disturbed; who has no wishes is left out. One query."""
    rows = NoticeHours.objects.filter(pk__in=user_ids).values_list(
        "pk", "time_zone", "quiet_from", "quiet_until", "digest_at"
    )
    return {pk: Hours(zone, start, end, digest) for pk, zone, start, end, digest in rows}


def wishes_of(user: User) -> dict[tuple[NoticeKind, Channel], bool]:
    """By which ways each kind goes out to this person. One query."""
    said = {
        (kind, channel): wanted
        for kind, channel, wanted in NoticePreference.objects.filter(user=user).values_list("kind", "channel", "wanted")
    }
    return {
        (kind, channel): said.get((kind.value, channel.value), channel in DEFAULTS[kind])
        for kind in NoticeKind
        for channel in SENT_CHANNELS
    }


def due_deliveries(now: datetime) -> QuerySet[NoticeDelivery]:
    """What waits, is due, and is in nobody's hands. No look-back limit."""
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    return NoticeDelivery.objects.filter(free, state=NoticeDelivery.State.WAITING, due_at__lte=now)


def hours_kept(user: User) -> NoticeHours | None:
    """When the person said that it may be disturbed, if it ever did. One query."""
    return NoticeHours.objects.filter(user=user).first()


def own_subscriptions(user: User) -> QuerySet[PushSubscription]:
    """The browsers of a person that are told by push."""
    return PushSubscription.objects.filter(user=user)


def own_push(user: User, subscription_id: int) -> PushSubscription:
    """One of them. One query."""
    found = own_subscriptions(user).filter(pk=subscription_id).first()
    if found is None:
        raise NotFound(kind="push subscription", id=subscription_id)
    return found


def home_zone(user: User) -> str:
    """The zone of the hub at which the person's household ordered last, or orders at all; UTC where there is none.
    Two queries."""
    mine = Reservation.objects.filter(household__memberships__user=user).order_by("-changed_at")
    joined = HubMembership.objects.filter(household__memberships__user=user).order_by("-pk")
    return (
        mine.values_list("round__hub__time_zone", flat=True).first()
        or joined.values_list("hub__time_zone", flat=True).first()
        or "UTC"
    )
