"""Households that wait for an answer, as rows of a desk's first page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.queries.desk_waiting import Waiting
from marketplace.words import LAST_MINUTES, left_words


def waiting_rows(waiting: Sequence[Waiting], now: datetime, site_name: str) -> list[dict[str, Any]]:
    """How many of each kind wait, for how long the longest one has, and where they are answered."""
    return [
        {
            "many": one.many,
            "what": _what(one),
            "since": _since(one, now),
            "url": reverse(f"admin:marketplace_{one.model}_changelist", current_app=site_name),
        }
        for one in waiting
    ]


def _what(one: Waiting) -> str:
    """What waits, after its number."""
    named = {
        "claim": ngettext("reported problem", "reported problems", one.many),
        "thread": ngettext("question", "questions", one.many),
        "hubmembership": ngettext("household asks to join", "households ask to join", one.many),
    }
    return named[one.model]


def _since(one: Waiting, now: datetime) -> str:
    """For how long the longest one has waited; whole minutes, for nobody counts these seconds."""
    seconds = int((now - one.since).total_seconds())
    minutes = max(1, seconds // 60)
    time = left_words(seconds) if minutes >= LAST_MINUTES else _("%(minutes)d min") % {"minutes": minutes}
    return _("the oldest for %(time)s") % {"time": time}
