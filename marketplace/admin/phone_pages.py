"""Orders by phone and on paper, on the hub desk: find the household, type quantities, read the answer out."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from marketplace.actions.on_behalf.cancel_on_behalf import cancel_on_behalf
from marketplace.actions.on_behalf.reserve_on_behalf import reserve_on_behalf
from marketplace.actions.reserve import ReservationAnswer
from marketplace.admin.columns import typed_text
from marketplace.errors import InvalidInput, InvalidLines, MarketError, NotFound
from marketplace.models import Handover, Household, Reservation, Round, User
from marketplace.problems import problem_for
from marketplace.queries.on_behalf import (
    PhoneRow,
    find_households,
    household_known_at,
    phone_rows,
    round_for_behalf,
)
from marketplace.rules.wanted import WantedLine
from marketplace.views.outcomes import ANSWERS

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin

_COUNT = re.compile(r"[0-9]{1,6}")
_KEY = re.compile(r"[A-Za-z0-9_-]{8,60}")


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of the form: the offer, what was typed, and what is wrong with it."""

    row: PhoneRow
    typed: str
    problem: str = ""


def phone_urls(admin: "ScopedAdmin") -> list[URLPattern]:
    """The addresses of a round's phone orders within the hub desk."""
    wrap = admin.admin_site.admin_view
    return [
        path("<int:round_id>/phone/", wrap(_find_page(admin)), name="marketplace_round_phone"),
        path(
            "<int:round_id>/phone/<int:household_id>/", wrap(_order_page(admin)), name="marketplace_round_phone_order"
        ),
    ]


def phone_url(admin: "ScopedAdmin", round_id: int) -> str:
    """Where orders for a round are taken."""
    return reverse("admin:marketplace_round_phone", args=[round_id], current_app=admin.admin_site.name)


def _round(request: HttpRequest, round_id: int) -> tuple[User, Round]:
    if not isinstance(request.user, User):
        raise Http404
    try:
        return request.user, round_for_behalf(request.user, round_id)
    except NotFound:
        raise Http404 from None


def _find_page(admin: "ScopedAdmin") -> Callable[..., HttpResponse]:
    def find(request: HttpRequest, round_id: int) -> HttpResponse:
        _user, round_ = _round(request, round_id)
        typed = typed_text(request.GET.get("q", ""))[:80]
        context = {
            "round": round_,
            "typed": typed,
            "found": find_households(round_.hub_id, typed),
            "back": reverse("admin:marketplace_round_changelist", current_app=admin.admin_site.name),
        }
        return TemplateResponse(request, "desk/phone_find.html", context)

    return find


def _order_page(admin: "ScopedAdmin") -> Callable[..., HttpResponse]:
    def order(request: HttpRequest, round_id: int, household_id: int) -> HttpResponse:
        user, round_ = _round(request, round_id)
        try:
            household = household_known_at(round_.hub_id, household_id)
        except NotFound:
            raise Http404 from None
        typed = {name: typed_text(str(value)) for name, value in request.POST.items()}
        rows = [
            FormRow(row, typed.get(f"firm-{row.offer_id}", str(row.firm or "")))
            for row in phone_rows(round_id, household_id)
        ]
        answer: ReservationAnswer | None = None
        problems: list[tuple[str, str]] = []
        if request.method == "POST":
            rows = [_judged(row) for row in rows]
            if not any(row.problem for row in rows):
                answer, problems = _place(round_, household, rows, typed, user)
        failed = bool(problems) or any(row.problem for row in rows)
        context = _context(admin, round_, household, rows, typed, answer, problems)
        return TemplateResponse(request, "desk/phone_order.html", context, status=422 if failed else 200)

    return order


def _judged(row: FormRow) -> FormRow:
    readable = row.typed == "" or _COUNT.fullmatch(row.typed)
    return row if readable else FormRow(row.row, row.typed, _("Give a whole number, or nothing."))


def _place(
    round_: Round, household: Household, rows: list[FormRow], typed: Mapping[str, str], user: User
) -> tuple[ReservationAnswer | None, list[tuple[str, str]]]:
    """Place what was typed; the answer, or what stands against it as (place, sentence)."""
    key = typed.get("request_key", "")
    named: dict[str, Any] = {
        "household_id": household.pk,
        "round_id": round_.pk,
        "request_key": key if _KEY.fullmatch(key) else token_urlsafe(16),
        "via": typed.get("via", ""),
        "by": user,
    }
    try:
        if typed.get("do") == "cancel":
            return cancel_on_behalf(**named), []
        lines = [
            WantedLine(offer_id=row.row.offer_id, firm=int(row.typed or 0), seen_version=row.row.version)
            for row in rows
            if int(row.typed or 0) != row.row.firm
        ]
        handover = typed.get("handover", "")
        handover_id = int(handover) if handover.isdigit() and len(handover) < 18 else None
        return reserve_on_behalf(lines=lines, handover_id=handover_id, **named), []
    except (InvalidInput, InvalidLines) as refused:
        return None, [(str(told["place"]), str(told["problem"])) for told in refused.facts["problems"]]
    except MarketError as refused:
        told = problem_for(refused)
        return None, [("", f"{told.title} {told.detail} {told.next_step}")]


def _context(
    admin: "ScopedAdmin",
    round_: Round,
    household: Household,
    rows: list[FormRow],
    typed: Mapping[str, str],
    answer: ReservationAnswer | None,
    problems: list[tuple[str, str]],
) -> dict[str, Any]:
    names = {row.row.offer_id: row.row.product for row in rows}
    held = Reservation.objects.filter(round=round_, household=household).first()
    handovers = Handover.objects.filter(round=round_).select_related("pickup_point").order_by("starts_at", "pk")
    chosen = answer.handover_id if answer else (held.handover_id if held else _usual(handovers, household))
    return {
        "round": round_,
        "hub": round_.hub,
        "household": household,
        "people": household.members.order_by("household_memberships__joined_at"),
        "rows": rows,
        "answer": answer,
        "told": [
            {"name": names.get(line.offer_id, ""), "line": line, "reason": ANSWERS.get(line.reason.value, "")}
            for line in (answer.lines if answer else ())
        ],
        "problems": [sentence for _place, sentence in problems],
        "handover_problem": next((sentence for place, sentence in problems if place == "handover"), ""),
        "handovers": handovers,
        "handover": typed.get("handover") or str(chosen or ""),
        "via": typed.get("via") or "phone",
        # A new form is a new request; one that was refused is sent again as what it was.
        "request_key": typed.get("request_key") if problems else token_urlsafe(16),
        "held": bool(held and held.state == "placed"),
        "back": phone_url(admin, round_.pk),
    }


def _usual(handovers: Iterable[Handover], household: Household) -> int | None:
    """The handover at the household's own pickup point, if the round has one."""
    point_id = household.preferred_point_id
    return next((each.pk for each in handovers if point_id and each.pickup_point_id == point_id), None)
