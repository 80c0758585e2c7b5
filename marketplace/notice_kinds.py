"""The names of the kinds of notices, as a person reads them where it chooses among them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.rules.notices import NoticeKind

_K = NoticeKind
_NAMES: Mapping[NoticeKind, Promise] = {
    _K.OPENS: gettext_lazy("A round opens"),
    _K.CLOSES_SOON: gettext_lazy("A round closes soon"),
    _K.UNITS_WAIT: gettext_lazy("Something in my basket still waits for others"),
    _K.CLOSED: gettext_lazy("A round has closed, and what I get"),
    _K.CHANGED: gettext_lazy("An offer in my basket was changed"),
    _K.CUT: gettext_lazy("I get less than I reserved"),
    _K.RELEASED: gettext_lazy("Something was taken out of my basket"),
    _K.ON_THE_WAY: gettext_lazy("My order is on its way"),
    _K.READY: gettext_lazy("My order is ready"),
    _K.MOVED: gettext_lazy("My pickup moves to another place or time"),
    _K.STANDING: gettext_lazy("My standing order was entered"),
    _K.ON_BEHALF: gettext_lazy("The hub entered an order for me"),
    _K.CLAIM: gettext_lazy("News of a problem that I reported"),
    _K.NO_SHOW: gettext_lazy("I did not collect my order"),
    _K.MESSAGE: gettext_lazy("Questions and answers"),
    _K.INVITATION: gettext_lazy("Invitations"),
    _K.MEMBERSHIP: gettext_lazy("Joining a hub"),
    _K.GROUP: gettext_lazy("News of my group"),
    _K.SHIFT: gettext_lazy("Shifts"),
    _K.HAND_OUT: gettext_lazy("Lists for handing out"),
    _K.WISH: gettext_lazy("Something I wished for is offered"),
}


def kind_name(kind: NoticeKind) -> str:
    return str(_NAMES[kind])


def sections() -> list[tuple[str, str, list[NoticeKind]]]:
    """All kinds in the order in which they are chosen among: title, what it is about, kinds."""
    return [
        (
            _("Reminders"),
            _("For hubs that you follow and openings that you asked for."),
            [_K.OPENS, _K.CLOSES_SOON, _K.UNITS_WAIT, _K.WISH],
        ),
        (
            _("Your orders"),
            _("Always in your inbox; you choose what comes to you as well."),
            [
                _K.CLOSED,
                _K.CHANGED,
                _K.CUT,
                _K.RELEASED,
                _K.ON_THE_WAY,
                _K.READY,
                _K.MOVED,
                _K.STANDING,
                _K.ON_BEHALF,
                _K.CLAIM,
                _K.NO_SHOW,
            ],
        ),
        (
            _("People"),
            _("Questions, invitations, your group and its shifts."),
            [_K.MESSAGE, _K.INVITATION, _K.MEMBERSHIP, _K.GROUP, _K.SHIFT, _K.HAND_OUT],
        ),
    ]
