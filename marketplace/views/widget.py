"""A round's public figures in a frame on a group's own site: no cookies, no script, nobody's name."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from marketplace import clock
from marketplace.access import public_rounds
from marketplace.errors import NotFound
from marketplace.models import Group
from marketplace.queries.near import near_a_step
from marketplace.queries.shop import windows_of
from marketplace.views.clocks import clock_of, next_window
from marketplace.views.rows import Row, row_of
from marketplace.views.sentences import Sentence, standing_sentence

# Frames of any site may show it, and it loads our styles alone.
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors *"
OFFERS = 4


@dataclass(frozen=True, slots=True)
class WidgetRow:
    """An offer near a step, in words."""

    id: int
    name: str
    row: Row
    sentence: Sentence


@require_safe
@cache_control(public=True, max_age=60)
@xframe_options_exempt
def widget(request: HttpRequest, round_id: int) -> HttpResponse:
    """?group=<invitation> makes the link the group's; an unknown one is left out."""
    round_ = public_rounds().select_related("hub").filter(pk=round_id).first()
    if round_ is None:
        raise NotFound(kind="round", id=round_id)
    windows, now = windows_of(round_), clock.now()
    window = next_window(windows, now)
    rows = [
        WidgetRow(
            found.offer.pk,
            found.offer.product.name,
            row_of(
                reserved=found.standing.reserved,
                sure=found.standing.sure,
                waiting=found.standing.waiting,
                target=found.standing.target,
            ),
            standing_sentence(found.standing, round_.hub.currency),
        )
        for found in near_a_step([w.pk for w in windows if w.takes_reservations(now)], OFFERS)
    ]
    context = {
        "round": round_,
        "hub": round_.hub,
        "clock": clock_of(window, now, round_.hub.time_zone),
        "rows": rows,
        "link": _link(request, round_.hub_id, round_id),
    }
    answer = render(request, "marketplace/widget/round.html", context)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _link(request: HttpRequest, hub_id: int, round_id: int) -> str:
    token = request.GET.get("group", "").replace("\0", "")[:32]
    known = bool(token) and Group.objects.filter(invitation=token, hub=hub_id).exists()
    path = reverse("join", args=[token]) if known else reverse("round", args=[round_id])
    return request.build_absolute_uri(path)
