"""Kinds of notices, the ways they may take, and which of them go out unless a person says otherwise."""

from collections.abc import Mapping
from enum import StrEnum


class Channel(StrEnum):
    INBOX = "inbox"
    EMAIL = "email"
    PUSH = "push"


class NoticeKind(StrEnum):
    # reminders that a person chose
    OPENS = "opens"
    CLOSES_SOON = "closes_soon"
    UNITS_WAIT = "units_wait"
    # service messages about the own reservation
    CLOSED = "closed"
    CHANGED = "changed"
    CUT = "cut"
    RELEASED = "released"
    ON_THE_WAY = "on_the_way"
    READY = "ready"
    MOVED = "moved"
    STANDING = "standing"
    ON_BEHALF = "on_behalf"
    CLAIM = "claim"
    NO_SHOW = "no_show"
    # between people
    MESSAGE = "message"
    INVITATION = "invitation"
    MEMBERSHIP = "membership"
    GROUP = "group"
    SHIFT = "shift"
    HAND_OUT = "hand_out"
    # what somebody wished for
    WISH = "wish"


_K, _ALL, _QUIET = NoticeKind, frozenset(Channel), frozenset({Channel.INBOX, Channel.EMAIL})
_INBOX = frozenset({Channel.INBOX})

# By which ways a kind goes out while the person has said nothing. The inbox is always kept.
DEFAULTS: Mapping[NoticeKind, frozenset[Channel]] = {
    _K.OPENS: _ALL,
    _K.CLOSES_SOON: _ALL,
    _K.UNITS_WAIT: frozenset({Channel.INBOX, Channel.PUSH}),
    _K.CLOSED: _ALL,
    _K.CHANGED: _ALL,
    _K.CUT: _ALL,
    _K.RELEASED: _ALL,
    _K.ON_THE_WAY: frozenset({Channel.INBOX, Channel.PUSH}),
    _K.READY: _ALL,
    _K.MOVED: _ALL,
    _K.STANDING: _QUIET,
    _K.ON_BEHALF: _QUIET,
    _K.CLAIM: _QUIET,
    _K.NO_SHOW: _QUIET,
    _K.MESSAGE: _ALL,
    _K.INVITATION: _QUIET,
    _K.MEMBERSHIP: _QUIET,
    _K.GROUP: _INBOX,
    _K.SHIFT: _QUIET,
    _K.HAND_OUT: _QUIET,
    _K.WISH: _ALL,
}

NOTICE_KINDS = tuple(kind.value for kind in NoticeKind)
CHANNELS = tuple(channel.value for channel in Channel)
# What goes out by itself, beside the inbox that keeps everything.
SENT_CHANNELS = (Channel.EMAIL, Channel.PUSH)

# About this moment: of no use an hour later, so neither quiet hours nor a digest hold them back.
URGENT = frozenset({_K.READY, _K.ON_THE_WAY, _K.MOVED})
# Of no use once their time is over: then they stay in the inbox and go out by no other way.
REMINDERS = frozenset({_K.OPENS, _K.CLOSES_SOON, _K.UNITS_WAIT})
# Every kind is a service message or a reminder that a person chose. None may ever be sent, held back, reworded or
# timed by an experiment; whatever tries variants has to leave out the kinds named here.
NEVER_IN_EXPERIMENTS = frozenset(NoticeKind)
