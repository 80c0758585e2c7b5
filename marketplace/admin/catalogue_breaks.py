"""When a merchant is away or does not deliver, on the merchant desk: said ahead of time, taken back while it can be."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.admin import register
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from marketplace.actions.catalogue.end_break import end_break
from marketplace.actions.catalogue.set_break import BreakSet, set_break
from marketplace.admin.catalogue_desk import Whose, address, answer, by_place, found_or_404, typed, whose
from marketplace.admin.scoping import ScopedAdmin
from marketplace.admin.sites import merchant_desk
from marketplace.errors import IllegalMove, InvalidInput
from marketplace.models import LeftOut, Supply, SupplyBreak, User
from marketplace.queries.breaks import break_for, breaks_of, windows_touched
from marketplace.rules.states import WindowState
from marketplace.words import listed

_MOST = 50


@register(SupplyBreak, site=merchant_desk)
class SupplyBreakAdmin(ScopedAdmin):
    """Its list is a page of our own."""

    def own_rows(self, user: User) -> QuerySet[SupplyBreak]:
        return breaks_of(user)

    def get_urls(self) -> list[URLPattern]:
        end = self.admin_site.admin_view(self.end_view)
        return [path("<id:break_id>/end/", end, name="marketplace_supplybreak_end"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        mine = whose(request)
        sent = typed(request)
        problems: dict[str, str] = {}
        if request.method == "POST":
            problems = _set(request, mine, sent)
            if not problems:
                return HttpResponseRedirect(address(self, "supplybreak_changelist"))
        context = {
            "mine": mine,
            "sent": sent,
            "problems": problems,
            "hubs": Supply.objects.filter(merchant=mine.merchant).select_related("hub").order_by("hub__name"),
            "kinds": SupplyBreak.Kind.choices,
            "breaks": _rows(mine),
        }
        return answer(self, request, "breaks", context, 422 if problems else 200)

    def end_view(self, request: HttpRequest, break_id: int) -> HttpResponse:
        return require_POST(self._end)(request, break_id)

    def _end(self, request: HttpRequest, break_id: int) -> HttpResponse:
        mine = whose(request)
        found_or_404(break_for, mine.user, break_id)
        try:
            back = end_break(break_id=break_id, by=mine.user)
        except IllegalMove:
            messages.error(request, _("It was taken back before."))
        else:
            told = _("The break is taken back.")
            also = ngettext("%(n)d planned window has you again.", "%(n)d planned windows have you again.", len(back))
            messages.success(request, f"{told} {also % {'n': len(back)}}" if back else told)
        return HttpResponseRedirect(address(self, "supplybreak_changelist"))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        raise Http404

    def history_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        raise Http404


def _rows(mine: Whose) -> list[dict[str, Any]]:
    """The breaks that were not taken back, each with the windows that go without the merchant, and those whose promise
    stands. Four queries."""
    left = Prefetch("left_out", queryset=LeftOut.objects.select_related("window__round").order_by("window__closes_at"))
    found = SupplyBreak.objects.filter(merchant=mine.merchant, ended_at=None).select_related("merchant", "hub", "by")
    pauses = list(found.prefetch_related(left).order_by("-starts_on", "-pk")[:_MOST])
    announced = windows_touched(pauses, [WindowState.SCHEDULED, WindowState.OPEN])
    return [
        {
            "pause": pause,
            "left_out": [left.window for left in pause.left_out.all()],
            "announced": [part.window for part in announced[pause.pk]],
        }
        for pause in pauses
    ]


def _set(request: HttpRequest, mine: Whose, sent: dict[str, str]) -> dict[str, str]:
    """Set the break that was typed; what stands against it, by field."""
    problems: dict[str, str] = {}
    days = {name: _day(sent.get(name, ""), name, problems) for name in ("starts_on", "ends_on")}
    hub = sent.get("hub", "")
    if problems or days["starts_on"] is None or days["ends_on"] is None:
        return problems
    try:
        made = set_break(
            merchant_id=mine.merchant.pk,
            starts_on=days["starts_on"],
            ends_on=days["ends_on"],
            kind=sent.get("kind", ""),
            hub_id=int(hub) if hub.isdecimal() and len(hub) < 18 else None,
            reason=sent.get("reason", ""),
            by=mine.user,
        )
    except InvalidInput as refused:
        return by_place(refused.facts["problems"])
    _tell(request, made)
    return {}


def _tell(request: HttpRequest, made: BreakSet) -> None:
    told = _("Kept. Rounds that are planned from now on go without you on these days.")
    if made.left_out:
        windows = listed(f"{window.round} · {window}" for window in made.left_out)
        told = f"{told} {_('Left out of: %(windows)s.') % {'windows': windows}}"
    messages.success(request, told)
    if made.announced:
        windows = listed(f"{window.round} · {window}" for window in made.announced)
        messages.error(
            request,
            _("Announced already, so your promise stands there: %(windows)s. Ask the hub.") % {"windows": windows},
        )


def _day(text: str, place: str, problems: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems[place] = _("Give a day of the calendar.")
        return None
