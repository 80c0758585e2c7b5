"""The page on which a coordinator runs a window: schedule, cancel, open again. Own POST page of the hub desk."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from marketplace.access import hubs_where
from marketplace.actions.cancel_window import cancel_window
from marketplace.actions.reopen_window import reopen_window
from marketplace.actions.schedule_window import schedule_window
from marketplace.admin.columns import typed_text
from marketplace.errors import IllegalMove, InvalidInput, MarketError, NotAllowed, NotFound, OrderNotOpen
from marketplace.models import OrderingWindow, PurchaseOrder, StateChange, User
from marketplace.rules.roles import Permission
from marketplace.rules.states import WINDOW_MOVES, WindowState

if TYPE_CHECKING:
    from marketplace.admin.scoping import ScopedAdmin


def window_urls(admin: "ScopedAdmin") -> list[URLPattern]:
    """The address of a window's own page within the hub desk."""
    page = admin.admin_site.admin_view(_run_page(admin))
    return [path("<int:window_id>/run/", page, name="marketplace_orderingwindow_run")]


def _run_page(admin: "ScopedAdmin") -> Callable[..., HttpResponse]:
    def run(request: HttpRequest, window_id: int) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            raise Http404
        window = admin.own_rows(user).filter(pk=window_id).first()
        if window is None:
            raise Http404
        problems: list[str] = []
        if request.method == "POST":
            problems = _press(request, window, user)
            if not problems:
                url = reverse(
                    "admin:marketplace_orderingwindow_run", args=[window_id], current_app=admin.admin_site.name
                )
                return HttpResponseRedirect(url)
        context = _context(admin, request, window, user, problems)
        return TemplateResponse(request, "desk/window.html", context, status=422 if problems else 200)

    return run


def _press(request: HttpRequest, window: OrderingWindow, user: User) -> list[str]:
    """Carry out the pressed button; what stands against it, in sentences."""
    reason = typed_text(request.POST.get("reason", ""))
    try:
        match request.POST.get("do"):
            case "schedule":
                schedule_window(window_id=window.pk, by=user)
            case "cancel":
                cancel_window(window_id=window.pk, reason=reason, by=user)
            case "reopen":
                closes_at = _local_instant(request.POST.get("closes_at", ""), window.round.hub.time_zone)
                reopen_window(window_id=window.pk, closes_at=closes_at, reason=reason, by=user)
            case _:
                return [_("Choose one of the buttons.")]
    except InvalidInput as refused:
        return [str(told["problem"]) for told in refused.facts["problems"]]
    except OrderNotOpen:
        return [_("A merchant was already told; call and make a revision instead of opening the window again.")]
    except IllegalMove:
        return [_("The window has moved on meanwhile; its state is shown above.")]
    except (NotFound, NotAllowed):
        raise Http404 from None
    except MarketError as refused:
        return [refused.code]
    messages.success(request, _("Done."))
    return []


def _local_instant(typed: str, zone: str) -> datetime:
    """A typed wall time of the hub as an instant. Raises InvalidInput where it is none."""
    try:
        moment = parse_datetime(typed)
    except ValueError:
        moment = None
    if moment is None:
        raise InvalidInput(problems=[{"place": "closes_at", "problem": _("Give the new closing date and time.")}])
    try:
        return moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except OverflowError:  # the last day that the calendar knows, west of Greenwich
        raise InvalidInput(problems=[{"place": "closes_at", "problem": _("Choose a nearer closing time.")}]) from None


def _context(
    admin: "ScopedAdmin", request: HttpRequest, window: OrderingWindow, user: User, problems: list[str]
) -> dict[str, Any]:
    may_run = hubs_where(user, Permission.RUN_ROUNDS).filter(pk=window.round.hub_id).exists()
    moves = WINDOW_MOVES[WindowState(window.state)] if may_run else frozenset()
    return {
        "window": window,
        "hub": window.round.hub,
        "offers": window.offers.count(),
        "households": window.lines.values("reservation").distinct().count(),
        "orders": PurchaseOrder.objects.filter(window=window).select_related("merchant").order_by("merchant__name"),
        "history": StateChange.objects.filter(kind="window", object_id=window.pk).select_related("by").order_by("pk"),
        "may_schedule": window.state == WindowState.DRAFT and WindowState.SCHEDULED in moves,
        "may_cancel": WindowState.CANCELLED in moves,
        "may_reopen": window.state == WindowState.CLOSED and WindowState.OPEN in moves,
        "problems": problems,
        "typed": request.POST,
        "back": reverse("admin:marketplace_orderingwindow_changelist", current_app=admin.admin_site.name),
    }
