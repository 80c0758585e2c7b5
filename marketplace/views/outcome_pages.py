"""My reservation: as it stands while its windows are open, what became of it after they closed, and where it is now."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import parse_etags, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from marketplace.access import household_of, round_for
from marketplace.errors import NotFound
from marketplace.models import Handover, Round
from marketplace.queries import shop
from marketplace.queries.claims import ClaimTime, claim_time, claims_of
from marketplace.queries.past import PastOrder, past_orders
from marketplace.queries.progress import OwnOrder, own_order
from marketplace.queries.ratings import OwnRating, may_rate, rated
from marketplace.queries.shares import SharedLine, shares_of_reservation, shares_taken
from marketplace.rules.pickup_codes import shown_code
from marketplace.views.baskets import place_words
from marketplace.views.claim_words import claim_line
from marketplace.views.kept_pages import SESSION_DAYS, kept_for_days
from marketplace.views.outcome_lines import merchant_parts, window_news
from marketplace.views.qr import qr_code
from marketplace.views.requests import HouseholdRequest
from marketplace.views.way_words import NO_SHOW_WARNINGS, lead_of, way_lines
from marketplace.words import moment_words, money, span_words, zone_words


@login_required
@require_safe
@never_cache
@kept_for_days(SESSION_DAYS)
def reservation(request: HouseholdRequest, round_id: int) -> HttpResponse:
    """Each line with what it got or how it stands, the sums, the way of the goods, and what may be done about it."""
    round_, order = _own(request, round_id)
    context = _whole(request, round_, order)
    return render(request, "marketplace/reservation.html", context)


def reservation_again(
    request: HouseholdRequest, round_id: int, merchant_id: int, *, stars: int, words: str, problem: str
) -> HttpResponse:
    """The page once more, with a rating as it was typed and what is wrong with it."""
    context = _whole(request, *_own(request, round_id))
    for row in context.get("ratings", ()):
        if row["rating"].merchant_id == merchant_id:
            row |= {"rating": replace(row["rating"], stars=stars, words=words), "problem": problem}
    return render(request, "marketplace/reservation.html", context, status=422)


@login_required
@require_safe
@cache_control(private=True, no_cache=True)
def reservation_news(request: HouseholdRequest, round_id: int) -> HttpResponse:
    """The parts of the page that change by themselves, with an ETag: asked for after a hint, and now and then."""
    round_, order = _own(request, round_id)
    page = render_to_string("marketplace/reservation_news.html", _live(request, round_, order), request)
    etag = quote_etag(sha256(page.encode()).hexdigest()[:24])
    # Compression makes an ETag a weak one on its way out.
    if etag in [tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))]:
        return HttpResponseNotModified(headers={"ETag": etag})
    return HttpResponse(page, headers={"ETag": etag})


@login_required
@require_safe
@never_cache
def reservations(request: HouseholdRequest) -> HttpResponse:
    """The household's reservations, newest handover first, with what each came to."""
    page = past_orders(request.user, after=request.GET.get("after", ""))
    return render(
        request,
        "marketplace/reservations.html",
        {"rows": [_past(order) for order in page.orders], "after": page.after, "first": not request.GET.get("after")},
    )


def _own(request: HouseholdRequest, round_id: int) -> tuple[Round, OwnOrder | None]:
    """The round with the household's order. Who reserved sees it for ever, also when all windows were called off."""
    try:
        order = own_order(request.user, round_id)
    except NotFound:
        return round_for(request.user, round_id), None
    return order.reservation.round, order


def _whole(request: HouseholdRequest, round_: Round, order: OwnOrder | None) -> dict[str, Any]:
    context = _live(request, round_, order)
    if order is None or not order.result.lines:
        return context
    time = claim_time(order.reservation, order.steps, order.now)
    return {**context, **_after_words(order, time)}


def _live(request: HouseholdRequest, round_: Round, order: OwnOrder | None) -> dict[str, Any]:
    """Everything of the page but its forms."""
    base: dict[str, Any] = {
        "round": round_,
        "zone": zone_words(round_.hub.time_zone),
        "back": reverse("round", args=[round_.pk]),
        "title": _("Your reservation"),
        "taken": _taken(shares_taken(household_of(request.user).pk, round_.pk), round_.hub.currency),
    }
    if order is None or not order.result.lines:
        return base
    result, hub = order.result, round_.hub
    found = shop.basket(request.user, round_.pk) if order.open_until else None
    shares = shares_of_reservation(order.reservation.pk)
    parts = merchant_parts(order, {row.line.offer_id: row for row in found.rows} if found else {}, shares)
    return {
        **base,
        "title": _("What you get") if result.is_final else base["title"],
        "order": order,
        "lead": lead_of(order),
        "way": way_lines(order),
        "news": window_news(order),
        "parts": parts,
        "lines": [line for part in parts for line in part.lines],
        "can_change": order.open_until is not None,
        "stage": _stage(order),
        **_sums(order, shares, hub.currency),
        **_place(order, hub.time_zone),
    }


def _stage(order: OwnOrder) -> str:
    """Changes where the page gets or loses a part with a form, which the news does not carry."""
    done = [step.value for step in order.steps]
    return f"{int(order.result.is_final)}{int(bool(order.code))}{int('handed_over' in done)}"


def _sums(order: OwnOrder, shares: dict[int, list[SharedLine]], currency: str) -> dict[str, Any]:
    """Goods, what others pay of them, deposits, fee and total; "at most" while something is not counted."""
    result = order.result
    theirs = [shared.theirs for found in shares.values() for shared in found if shared.theirs]
    paid_by_others = sum(charge + deposit for charge, deposit in theirs)
    total = result.total_minor - paid_by_others
    return {
        "sum": money(result.may_cost_minor, currency),
        "sum_words": _("Goods") if result.is_final else _("Goods, at most"),
        "deposit_sum": money(result.deposit_minor, currency) if result.deposit_minor else "",
        "fee": money(result.fee_minor, currency) if result.fee_minor else "",
        "fee_words": _("Delivery") if order.reservation.handover.pickup_point_id is None else _("Handover"),
        "others_pay": money(-paid_by_others, currency) if paid_by_others else "",
        "total": money(total, currency),
        "total_words": _("To pay") if result.is_final else _("To pay, at most"),
        "saved": money(result.saved_minor, currency) if result.saved_minor > 0 else "",
        "at_most": money(result.charged_minor + result.saved_minor, currency),
    }


def _place(order: OwnOrder, zone: str) -> dict[str, Any]:
    handover = order.reservation.handover
    point, household = handover.pickup_point, order.reservation.household
    qr = qr_code(order.code) if order.code else None
    return {
        "place": place_words(handover, order.now, zone),
        "span": span_words(handover.starts_at, handover.ends_at, order.now, zone),
        "point": point,
        "moved_to": handover.moved_to,
        "moved_reason": handover.moved_reason,
        "household": household,
        "delivered": point is None,
        "address": _address(handover, household.address),
        "code": shown_code(order.code) if order.code else "",
        "qr": qr,
        "no_show_rule": NO_SHOW_WARNINGS[order.reservation.round.hub.no_show_rule],
        "awaits_handover": order.result.units > 0 and not order.handed_over and "no_show" not in order.steps,
    }


def _address(handover: Handover, at_home: str) -> str:
    if handover.pickup_point is None:
        return at_home
    return handover.moved_to or handover.pickup_point.address


@dataclass(frozen=True, slots=True)
class Taken:
    """A part of a neighbour's line that this household takes."""

    name: str
    of: str
    parts: str
    amount: str


def _taken(shared: list[SharedLine], currency: str) -> list[Taken]:
    return [
        Taken(
            name=found.share.offer.product.name,
            of=found.share.reservation.household.name,
            parts=_("%(parts)d of %(total)d parts") % {"parts": found.share.parts, "total": found.share.total_parts},
            amount=money(sum(found.theirs), currency) if found.theirs else "",
        )
        for found in shared
    ]


def _after_words(order: OwnOrder, time: ClaimTime) -> dict[str, Any]:
    """What may be said about an order: problems until the deadline, stars, and what was said so far."""
    zone, now = order.reservation.round.hub.time_zone, order.now
    currency = order.reservation.round.hub.currency
    return {
        "may_claim": time.is_open and order.result.units > 0,
        "claims_over": time.is_late and order.result.units > 0,
        "claim_until": moment_words(time.deadline, now, zone),
        "claims": [claim_line(claim, currency) for claim in claims_of(order.reservation)],
        "may_rate": may_rate(order, time),
        "ratings": _stars(rated(order.reservation, order.result)) if order.result.units else [],
    }


def _stars(ratings: tuple[OwnRating, ...]) -> list[dict[str, Any]]:
    return [{"rating": rating, "choices": range(1, 6)} for rating in ratings]


def _past(order: PastOrder) -> dict[str, Any]:
    reservation, result = order.reservation, order.result
    currency = reservation.round.hub.currency
    return {
        "reservation": reservation,
        "result": result,
        "lines": len(result.lines),
        "missed": sum(line.is_final and not line.got for line in result.lines),
        "total": money(result.total_minor, currency),
        "saved": money(result.saved_minor, currency) if result.saved_minor > 0 else "",
        "cancelled": not result.lines,
    }
