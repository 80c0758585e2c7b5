"""What each kind of notice says, from its facts, in the reader's language: for inbox, mail and push alike.

A fact may be missing: the sentence gets shorter, it never fails. Times are in the zone that the facts name, which is
named too. Amounts come as minor units with their currency.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from marketplace.notice_phrases import Facts, fallback_title
from marketplace.notice_words import goods, offers, people, rounds, standing
from marketplace.rules.notice_texts import NoticeText
from marketplace.rules.notices import NoticeKind

_K = NoticeKind


def notice_text(kind: str, facts: Mapping[str, Any], now: datetime) -> NoticeText:
    """The words of a notice in the active language. An unknown kind, or facts that cannot be read, get plain ones."""
    try:
        return _TABLE[NoticeKind(kind)](Facts(facts, now))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return NoticeText(fallback_title(), action=_("Open"))


_TABLE: Mapping[NoticeKind, Callable[[Facts], NoticeText]] = {
    _K.OPENS: rounds.opens,
    _K.CLOSES_SOON: rounds.closes_soon,
    _K.UNITS_WAIT: rounds.units_wait,
    _K.CLOSED: rounds.closed,
    _K.CHANGED: offers.changed,
    _K.CUT: offers.cut,
    _K.RELEASED: offers.released,
    _K.ON_THE_WAY: goods.on_the_way,
    _K.READY: goods.ready,
    _K.MOVED: goods.moved,
    _K.STANDING: standing.standing,
    _K.ON_BEHALF: standing.on_behalf,
    _K.CLAIM: goods.claim,
    _K.NO_SHOW: goods.no_show,
    _K.MESSAGE: people.message,
    _K.INVITATION: people.invitation,
    _K.MEMBERSHIP: people.membership,
    _K.GROUP: people.group,
    _K.SHIFT: people.shift,
    _K.HAND_OUT: people.hand_out,
    _K.WISH: rounds.wish,
}
