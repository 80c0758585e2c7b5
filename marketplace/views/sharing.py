"""Lines shared between two households: offering parts, answering, and what each one pays."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace import clock
from marketplace.access import household_of, households_of
from marketplace.actions.sharing.answer_share import answer_share
from marketplace.actions.sharing.offer_share import offer_share
from marketplace.actions.sharing.withdraw_share import withdraw_share
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import ReservationLine, User
from marketplace.queries.invitations import share_invitation
from marketplace.queries.shares import (
    SharedLine,
    neighbours,
    shares_of_households,
    shares_of_reservation,
    shares_taken,
)
from marketplace.rules.states import ShareState
from marketplace.views.household_forms import ShareForm, take_problems
from marketplace.views.qr import qr_code
from marketplace.views.requests import HouseholdRequest
from marketplace.words import moment_words, money

_S = ShareState


@dataclass(frozen=True, slots=True)
class ShareNote:
    """A share in words, as components/… `marketplace/sharing/share.html` shows it. `mood` colours its tag;
    `answers`: accept and decline are open; `ends`: it can be given back or taken back."""

    id: int
    round_id: int
    product: str
    household: str
    part: str
    sentence: str
    word: str
    mood: str
    pay: str
    deposit: str
    ours: bool
    answers: bool
    ends: bool


def part_words(parts: int, total: int) -> str:
    """ "a half", "1 of 3 parts"."""
    named = {Fraction(1, 2): _("a half"), Fraction(1, 3): _("a third"), Fraction(2, 3): _("two thirds"),
             Fraction(1, 4): _("a quarter"), Fraction(3, 4): _("three quarters")}  # fmt: skip
    return named.get(Fraction(parts, total)) or _("%(parts)d of %(total)d parts") % {"parts": parts, "total": total}


def share_note(shared: SharedLine, household_ids: set[int]) -> ShareNote:
    """A share as one of its two households reads it."""
    share = shared.share
    ours = share.reservation.household_id in household_ids
    hub = share.reservation.round.hub
    other = share.household.name if share.household else _("whoever has the link")
    takes = share.offer.window.takes_reservations(clock.now())
    amounts = shared.ours if ours else shared.theirs
    parts = shared.own_parts if ours and amounts else share.parts
    return ShareNote(
        id=share.pk,
        round_id=share.reservation.round_id,
        product=share.offer.product.name,
        household=other if ours else share.reservation.household.name,
        part=part_words(share.parts, share.total_parts),
        sentence=_sentence(shared, ours, other),
        word=_words()[_S(share.state)],
        mood={_S.OFFERED: "waits", _S.ACCEPTED: ""}.get(_S(share.state), "plain"),
        pay=_pay(parts, share.total_parts, amounts[0], hub.currency) if amounts else "",
        deposit=money(amounts[1], hub.currency) if amounts and amounts[1] else "",
        ours=ours,
        answers=not ours and share.state == _S.OFFERED and takes and shared.line is not None,
        ends=takes
        and ((ours and share.state in (_S.OFFERED, _S.ACCEPTED)) or (not ours and share.state == _S.ACCEPTED)),
    )


def _words() -> dict[ShareState, str]:
    return {
        _S.OFFERED: _("waits for an answer"),
        _S.ACCEPTED: _("shared"),
        _S.DECLINED: _("not taken"),
        _S.WITHDRAWN: _("ended"),
    }


def _sentence(shared: SharedLine, ours: bool, other: str) -> str:
    share = shared.share
    zone = share.reservation.round.hub.time_zone
    facts = {
        "part": part_words(share.parts, share.total_parts),
        "other": other,
        "household": share.reservation.household.name,
        "when": moment_words(shared.closes_at, clock.now(), zone),
    }
    if shared.line is None and share.state in (_S.OFFERED, _S.ACCEPTED):
        return _("The line is no longer reserved, so there is nothing to share.")
    if share.state == _S.OFFERED:
        text = (
            _("%(other)s may take %(part)s until %(when)s. Until then, and if nobody does, all of it is yours.")
            if ours
            else _("%(household)s offers you %(part)s. You can answer until %(when)s.")
        )
    elif share.state == _S.ACCEPTED:
        text = _("%(other)s takes %(part)s.") if ours else _("You take %(part)s of what %(household)s reserved.")
    else:
        text = _("All of it is yours.") if ours else _("You pay nothing for it.")
    return text % facts


def _pay(parts: int, total: int, minor: int, currency: str) -> str:
    """ "your half: €12.35"."""
    amount = money(minor, currency)
    if Fraction(parts, total) == Fraction(1, 2):
        return _("your half: %(amount)s") % {"amount": amount}
    return _("your part: %(amount)s") % {"amount": amount}


def notes_of_reservation(reservation_id: int, household_id: int) -> dict[int, list[ShareNote]]:
    """For a household's own reservation page and basket: by offer, who else has a part of the line."""
    found = shares_of_reservation(reservation_id)
    return {offer_id: [share_note(shared, {household_id}) for shared in many] for offer_id, many in found.items()}


def notes_taken(household_id: int, round_id: int) -> list[ShareNote]:
    """For the same pages: what the household takes of its neighbours' lines in the round."""
    return [share_note(shared, {household_id}) for shared in shares_taken(household_id, round_id)]


@login_required
@require_safe
@never_cache
def shares(request: HouseholdRequest) -> HttpResponse:
    """Everything shared with others, newest first."""
    mine = {household.pk for household in households_of(request.user)}
    notes = [share_note(shared, mine) for shared in shares_of_households(sorted(mine))]
    asked = [note for note in notes if note.answers]
    context = {"asked": asked, "notes": [note for note in notes if not note.answers]}
    return render(request, "marketplace/sharing/shares.html", context)


@login_required
@require_POST
@never_cache
def answer(request: HouseholdRequest, share_id: int) -> HttpResponse:
    """The buttons of one share."""
    match request.POST.get("do"):
        case "accept":
            answer_share(share_id=share_id, accept=True, by=request.user)
            messages.success(request, _("Shared. You each pay your part once it is ordered."))
        case "decline":
            answer_share(share_id=share_id, accept=False, by=request.user)
            messages.success(request, _("Not taken."))
        case "end":
            withdraw_share(share_id=share_id, by=request.user)
            messages.success(request, _("Ended. All of it is yours again."))
        case _:
            raise NotFound(kind="line_share", id=share_id)
    return redirect("shares")


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def offer(request: HouseholdRequest, round_id: int, offer_id: int) -> HttpResponse:
    """Offer parts of one's own line to a household of one's groups, or by a link."""
    own = household_of(request.user)
    line = (
        ReservationLine.objects.select_related("offer__product", "reservation__round__hub", "window")
        .filter(reservation__household=own, reservation__round_id=round_id, offer_id=offer_id)
        .first()
    )
    if line is None:
        raise NotFound(kind="line", id=offer_id)
    known = list(neighbours(own.pk))
    form = ShareForm(request.POST or None, households=known, initial={"parts": 1, "total_parts": 2, "to": ""})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            _row, token = offer_share(
                round_id=round_id, offer_id=offer_id, parts=asked["parts"], total_parts=asked["total_parts"],
                to_household_id=asked["to"], household_id=own.pk, by=request.user,
            )  # fmt: skip
        except InvalidInput as refused:
            take_problems(form, refused.facts["problems"])
        else:
            return _offered(request, line, token)
    takes = line.window.takes_reservations(clock.now())
    context = {
        "line": line,
        "form": form,
        "takes": takes,
        "when": moment_words(line.window.closes_at, clock.now(), line.reservation.round.hub.time_zone),
        "back": reverse("basket", args=[round_id]),
    }
    return render(request, "marketplace/sharing/offer.html", context, status=422 if form.errors else 200)


def _offered(request: HouseholdRequest, line: ReservationLine, token: str) -> HttpResponse:
    if not token:
        messages.success(request, _("They were asked. You see the answer here."))
        return redirect("shares")
    link = request.build_absolute_uri(reverse("share_link", args=[token]))
    context: dict[str, Any] = {"line": line, "link": link, "qr": qr_code(link).svg, "back": reverse("shares")}
    return render(request, "marketplace/sharing/offered.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Who offers which part of what, and until when; taking it needs a login, and leads back here."""
    if request.method == "POST" and isinstance(request.user, User):
        answer_share(token=token, accept=True, by=request.user)
        messages.success(request, _("Shared. You each pay your part once it is ordered."))
        return redirect("shares")
    share = share_invitation(token)
    window, round_ = share.offer.window, share.reservation.round
    context = {
        "household": share.reservation.household.name,
        "product": share.offer.product.name,
        "part": part_words(share.parts, share.total_parts),
        "round": round_,
        "when": moment_words(window.closes_at, clock.now(), round_.hub.time_zone),
        "takes": window.takes_reservations(clock.now()),
        "next": urlencode({"next": request.path}),
        "own": isinstance(request.user, User) and share.reservation.household in households_of(request.user),
    }
    return render(request, "marketplace/sharing/link.html", context)
