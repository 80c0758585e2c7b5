"""The clock of a window, in words; the page's script counts on from here by the server's time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.models import OrderingWindow
from marketplace.rules.states import WindowState
from marketplace.words import LAST_MINUTES, left_words, moment_words, zone_words


@dataclass(frozen=True, slots=True)
class Clock:
    """A window's remaining time in words. `state`: open, soon (last minutes), over, ahead or cancelled."""

    state: str
    left: str
    until: str
    closes_at: datetime

    @property
    def runs(self) -> bool:
        return self.state in ("open", "soon")


def clock_of(window: OrderingWindow, now: datetime, zone: str) -> Clock:
    """The clock of a window as it stands `now`, by the one function that says what is open."""
    place = zone_words(zone)
    if window.takes_reservations(now):
        seconds = int((window.closes_at - now).total_seconds())
        until = _("until %(moment)s, %(place)s") % {"moment": moment_words(window.closes_at, now, zone), "place": place}
        return Clock("soon" if seconds < LAST_MINUTES * 60 else "open", left_words(seconds), until, window.closes_at)
    if window.state == WindowState.CANCELLED:
        return Clock("cancelled", _("Cancelled"), _("nothing is ordered"), window.closes_at)
    if now < window.opens_at and window.state in (WindowState.SCHEDULED, WindowState.OPEN):
        until = _("%(moment)s, %(place)s") % {"moment": moment_words(window.opens_at, now, zone), "place": place}
        return Clock("ahead", _("Opens"), until, window.opens_at)
    until = _("since %(moment)s, %(place)s") % {"moment": moment_words(window.closes_at, now, zone), "place": place}
    return Clock("over", _("Closed"), until, window.closes_at)


def next_window(windows: Sequence[OrderingWindow], now: datetime) -> OrderingWindow:
    """The window whose clock counts: the open one that closes first, else the one that opens first, else the last."""
    running = [w for w in windows if w.takes_reservations(now)]
    ahead = [w for w in windows if now < w.opens_at]
    if running:
        return min(running, key=lambda w: w.closes_at)
    return min(ahead, key=lambda w: w.opens_at) if ahead else max(windows, key=lambda w: w.closes_at)
