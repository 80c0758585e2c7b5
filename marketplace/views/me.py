"""/me/, "Yours": one calm page that leads to everything of one's own, each with its present state in a line."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace import clock
from marketplace.queries.households import Overview, overview
from marketplace.views.membership import state_words
from marketplace.views.requests import HouseholdRequest
from marketplace.words import day_words, listed


@dataclass(frozen=True, slots=True)
class OwnPage:
    """`where` is the page's name or path; the entry is left out where neither leads anywhere."""

    key: str
    where: str
    title: Promise
    part: str


TABLE, ORDERS, ACCOUNT = "people", "orders", "account"
OWN_PAGES = (
    OwnPage("inbox", "/inbox/", gettext_lazy("Inbox"), ORDERS),
    OwnPage("usual", "/me/usual/", gettext_lazy("My usual"), ORDERS),
    OwnPage("standing", "/me/standing/", gettext_lazy("Standing orders"), ORDERS),
    OwnPage("past", "/me/reservations/", gettext_lazy("Past reservations"), ORDERS),
    OwnPage("shares", "shares", gettext_lazy("Shared lines"), ORDERS),
    OwnPage("wishes", "/me/wishes/", gettext_lazy("Wishes"), ORDERS),
    OwnPage("household", "household", gettext_lazy("Household"), TABLE),
    OwnPage("groups", "/groups/", gettext_lazy("Groups"), TABLE),
    OwnPage("notices", "/me/notices/", gettext_lazy("How we reach you"), ACCOUNT),
    OwnPage("security", "security", gettext_lazy("Signing in"), ACCOUNT),
    OwnPage("data", "my_data", gettext_lazy("My data"), ACCOUNT),
)


@dataclass(frozen=True, slots=True)
class Entry:
    title: str
    link: str
    state: str


def address_of(where: str) -> str:
    """The path of a page by name or path; empty where there is none."""
    try:
        if where.startswith("/"):
            resolve(where)
            return where
        return reverse(where)
    except (NoReverseMatch, Resolver404):
        return ""


@login_required
@require_safe
@never_cache
def me(request: HouseholdRequest) -> HttpResponse:
    """The overview."""
    found = overview(request.user)
    states = _states(found)
    parts = [
        {"title": title, "entries": _entries(part, states)}
        for part, title in ((ORDERS, _("Ordering")), (TABLE, _("People")), (ACCOUNT, _("Your account")))
    ]
    now = clock.now()
    context = {
        "parts": [part for part in parts if part["entries"]],
        "household": found.household,
        "several": len(found.households) > 1,
        "households": found.households,
        "running": [
            {
                "round": held.round,
                "hub": held.round.hub.name,
                "when": day_words(held.handover.starts_at, now, held.round.hub.time_zone),
            }
            for held in found.running
        ],
        "memberships": [
            {"hub": held.hub, "words": " · ".join(state_words(held.hub, held))} for held in found.memberships
        ],
    }
    return render(request, "marketplace/me/me.html", context)


def _entries(part: str, states: dict[str, str]) -> list[Entry]:
    found = [(page, address_of(page.where)) for page in OWN_PAGES if page.part == part]
    shown = [(page, link) for page, link in found if link and (states or part == ACCOUNT)]
    return [Entry(str(page.title), link, states.get(page.key, "")) for page, link in shown]


def _states(found: Overview) -> dict[str, str]:
    """Each page's state in a line."""
    if found.household is None:
        return {}
    people = ngettext("%(n)d person", "%(n)d people", found.people) % {"n": found.people}
    unread = ngettext("%(n)d new", "%(n)d new", found.unread) % {"n": found.unread}
    asked = ngettext("%(n)d waits for your answer", "%(n)d wait for your answer", found.asked) % {"n": found.asked}
    past = ngettext("%(n)d round", "%(n)d rounds", found.past) % {"n": found.past}
    return {
        "household": f"{found.household.name} · {people}",
        "groups": listed(found.groups) or _("none yet"),
        "inbox": unread if found.unread else _("nothing new"),
        "shares": asked if found.asked else _("split a sack with a neighbour"),
        "past": past if found.past else _("none yet"),
        "notices": _("mail, push, quiet hours"),
        "security": _("passkeys, password, devices"),
        "data": _("take it along, erase it, what you agreed to"),
        "usual": _("one tap fills the basket"),
        "standing": _("reserved for you in every round"),
        "wishes": _("what nobody offers yet"),
    }
