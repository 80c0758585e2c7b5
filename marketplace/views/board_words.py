"""The host's board in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.models import DeputyLink, Group, Handover, OrderingWindow, PickupPoint, Round
from marketplace.queries.hosting import Board, BoardRow
from marketplace.views.group_words import RoundChoice, round_choices
from marketplace.views.hand_out_words import where_words
from marketplace.words import moment_words, zoned_span_words


@dataclass(frozen=True, slots=True)
class HandoverCard:
    """A handover on the board. `gaps` and `room` are empty where there is nothing to say."""

    id: int
    name: str
    where: str
    when: str
    held: str
    room: str
    gaps: str
    published: bool
    moved: bool


@dataclass(frozen=True, slots=True)
class GroupCard:
    """An own group with the rounds that are open for it."""

    id: int
    name: str
    rounds: tuple[RoundChoice, ...]


@dataclass(frozen=True, slots=True)
class DeputyView:
    """A link for a deputy: until when, and whether it still opens the list."""

    id: int
    name: str
    said: str
    works: bool


def board_context(
    board: Board, rounds: Mapping[int, Sequence[tuple[Round, OrderingWindow]]], points: Sequence[PickupPoint]
) -> dict[str, Any]:
    """What templates/marketplace/hosting/board.html shows."""
    return {
        "handovers": [_card(row, board.now) for row in board.rows],
        "groups": [_group(group, rounds.get(group.hub_id, ()), board.now) for group in board.groups],
        "points": points,
    }


def _card(row: BoardRow, now: datetime) -> HandoverCard:
    handover, zone = row.handover, row.handover.round.hub.time_zone
    gaps = ngettext("%(n)s helper is missing", "%(n)s helpers are missing", row.missing) % {"n": row.missing}
    return HandoverCard(
        id=handover.pk,
        name=handover.round.name,
        where=where_words(handover),
        when=zoned_span_words(handover.starts_at, handover.ends_at, now, zone),
        held=ngettext("%(n)s order", "%(n)s orders", row.reservations) % {"n": row.reservations},
        room=room_words(handover),
        gaps=gaps if row.missing else "",
        published=row.published,
        moved=bool(handover.moved_to),
    )


def room_words(handover: Handover) -> str:
    """ "room for 8 more"; empty where there is no bound."""
    bound = handover.capacity
    if bound is None:
        return ""
    left = bound.limit - bound.taken
    return ngettext("room for %(n)s more", "room for %(n)s more", left) % {"n": left} if left > 0 else _("full")


def _group(group: Group, rounds: Sequence[tuple[Round, OrderingWindow]], now: datetime) -> GroupCard:
    return GroupCard(group.pk, group.name, round_choices(group, rounds, now))


def deputy_views(links: Sequence[DeputyLink], now: datetime, zone: str) -> list[DeputyView]:
    return [_deputy(link, now, zone) for link in links]


def _deputy(link: DeputyLink, now: datetime, zone: str) -> DeputyView:
    works = link.revoked_at is None and now < link.valid_until
    if link.revoked_at is not None:
        said = _("taken back %(moment)s") % {"moment": moment_words(link.revoked_at, now, zone)}
    elif not works:
        said = _("over")
    else:
        said = _("opens the list %(from)s until %(until)s") % {
            "from": moment_words(link.valid_from, now, zone),
            "until": moment_words(link.valid_until, now, zone),
        }
    return DeputyView(link.pk, link.name, said, works)
