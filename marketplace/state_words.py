"""The states of windows, orders, mails, claims and memberships as the desks read them."""

from django.utils.translation import pgettext_lazy

_WORDS = {
    "draft": pgettext_lazy("state", "draft"),
    "scheduled": pgettext_lazy("state", "scheduled"),
    "open": pgettext_lazy("state", "open"),
    "closed": pgettext_lazy("state", "closed"),
    "receiving": pgettext_lazy("state", "receiving"),
    "fulfilled": pgettext_lazy("state", "fulfilled"),
    "settled": pgettext_lazy("state", "settled"),
    "cancelled": pgettext_lazy("state", "cancelled"),
    "held": pgettext_lazy("state", "held"),
    "placed": pgettext_lazy("state", "placed"),
    "issued": pgettext_lazy("state", "issued"),
    "acknowledged": pgettext_lazy("state", "acknowledged"),
    "confirmed": pgettext_lazy("state", "confirmed"),
    "partly_confirmed": pgettext_lazy("state", "partly confirmed"),
    "declined": pgettext_lazy("state", "declined"),
    "shipped": pgettext_lazy("state", "shipped"),
    "received": pgettext_lazy("state", "received"),
    "partly_received": pgettext_lazy("state", "partly received"),
    "billed": pgettext_lazy("state", "billed"),
    "matched": pgettext_lazy("state", "matched"),
    "voided": pgettext_lazy("state", "voided"),
    "waiting": pgettext_lazy("state", "waiting"),
    "sending": pgettext_lazy("state", "sending"),
    "sent": pgettext_lazy("state", "sent"),
    "delivered": pgettext_lazy("state", "delivered"),
    "bounced": pgettext_lazy("state", "bounced"),
    "failed": pgettext_lazy("state", "failed"),
    "exhausted": pgettext_lazy("state", "exhausted"),
    "withdrawn": pgettext_lazy("state", "withdrawn"),
    "asked": pgettext_lazy("state", "asked"),
    "trial": pgettext_lazy("state", "trial"),
    "member": pgettext_lazy("state", "member"),
    "refused": pgettext_lazy("state", "refused"),
    "left": pgettext_lazy("state", "left"),
    "offered": pgettext_lazy("state", "offered"),
    "accepted": pgettext_lazy("state", "accepted"),
    "moved": pgettext_lazy("state", "moved"),
    "expired": pgettext_lazy("state", "expired"),
    "answered": pgettext_lazy("state", "answered"),
    "parked": pgettext_lazy("state", "parked"),
    "packed": pgettext_lazy("state", "packed"),
    "on_the_way": pgettext_lazy("state", "on the way"),
    "ready": pgettext_lazy("state", "ready"),
    "handed_over": pgettext_lazy("state", "handed over"),
    "no_show": pgettext_lazy("state", "no show"),
    "joined": pgettext_lazy("state", "joined"),
}


def state_words(state: str) -> str:
    """A state's word; the code itself where nobody has named it."""
    return str(_WORDS.get(state, state))
