"""The one-tap link of a purchase order's mail: GET shows the order, POST answers it. No session, nobody signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from marketplace import link_tries
from marketplace.actions.orders.order_link import acknowledge_by_link, answer_by_link, note_opened, open_link
from marketplace.errors import InvalidInput, NotFound, OrderChanged, OrderNotOpen
from marketplace.models import OrderLink
from marketplace.order_forms import revision_of, typed_answers
from marketplace.order_rows import line_rows, problems_of, ready_text
from marketplace.problems import problem_for
from marketplace.queries.orders.lines import lines_of
from marketplace.rules.states import ORDER_MOVES, OrderState


# Whoever has the address may answer: there is no cookie that a foreign page could ride on.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def order_link(request: HttpRequest, token: str) -> HttpResponse:
    """The order and its answer. In the merchant's language unless the browser asks for another one that we have."""
    link = _opened(request, token)
    response = _answer(request, token, link) if request.method == "POST" else _page(request, link)
    # The address is the key: it is not told to any other site, nor found by a search.
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _opened(request: HttpRequest, token: str) -> OrderLink:
    """The link in force; guesses are counted, and too many have to wait."""
    link_tries.require_some_left(request)
    try:
        return open_link(token)
    except NotFound:
        link_tries.count(request)
        raise


def _page(
    request: HttpRequest, link: OrderLink, problems: dict[str, str] | None = None, told: str = ""
) -> HttpResponse:
    if request.method == "GET":
        note_opened(link)
    order = link.order
    hub = order.window.round.hub
    typed = request.POST if request.method == "POST" else None
    is_open = OrderState.CONFIRMED in ORDER_MOVES[OrderState(order.state)]
    language = order.merchant.language if "accept-language" not in request.headers else translation.get_language()
    with translation.override(language):
        rows = line_rows(order, typed=typed, problems=problems, choices=is_open)
        context = {
            "order": order,
            "hub": hub,
            "link": link,
            "rows": rows,
            "content": order.revisions.order_by("-number")[0].content,
            "problems": problems or {},
            "told": told,
            "open": is_open,
            "answered": any(row.line.confirmed is not None for row in rows),
            "ready": ready_text(rows, typed, hub.time_zone),
            "just_done": request.GET.get("done", ""),
            "anybody": True,
        }
        return render(
            request, "marketplace/orders/link.html", context, status=422 if problems else 409 if told else 200
        )


def _answer(request: HttpRequest, token: str, link: OrderLink) -> HttpResponse:
    order, typed = link.order, request.POST
    done = "answered"
    try:
        if "acknowledge" in typed:
            acknowledge_by_link(token=token)
            done = "acknowledged"
        elif "whole" in typed:
            answer_by_link(token=token, answers=None, expected_revision=revision_of(typed))
        elif "lines" in typed:
            lines = [line for line in lines_of(order) if line.ordered]
            answers = typed_answers(typed, lines, order.window.round.hub.time_zone)
            answer_by_link(token=token, answers=answers, expected_revision=revision_of(typed))
        else:
            raise InvalidInput(problems=[{"place": "do", "problem": _("Choose one of the buttons.")}])
    except InvalidInput as refused:
        return _page(request, link, problems_of(refused.facts["problems"]))
    except (OrderChanged, OrderNotOpen) as refused:
        problem = problem_for(refused)
        return _page(request, open_link(token), told=f"{problem.title} {problem.detail}")
    return redirect(f"{request.path}?done={done}")
