"""Every refusal as RFC 9457 problem details: type, title, status, detail, instance, facts and places of mistakes."""

import logging
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from marketplace import errors
from marketplace.api.refusals import BodyTooLarge, Refusal
from marketplace.api.values import plain, pointer
from marketplace.problems import Problem, problem_for

TYPE = "urn:windrow:problem:"
MEDIA_TYPE = "application/problem+json"
logger = logging.getLogger(__name__)

Json = dict[str, Any]
# Errors name the fields of actions; the API's names differ where it writes amounts as text.
_RENAMED = {"max_unit_price_minor": "max_unit_price", "handover": "handover_id", "group": "group_id"}


class _Words(NamedTuple):
    slug: str
    title: Promise
    next_step: Promise


_CHECK = gettext_lazy("Correct it and send it again.")
_TABLE: Mapping[type[exceptions.APIException], _Words] = {
    exceptions.ValidationError: _Words("invalid-request", gettext_lazy("The request cannot be read."), _CHECK),
    exceptions.ParseError: _Words("malformed-body", gettext_lazy("The body is no JSON."), _CHECK),
    exceptions.NotAuthenticated: _Words(
        "not-signed-in",
        gettext_lazy("Sign in first."),
        gettext_lazy("Sign in at /api/v1/auth/login and send the token as X-Session-Token."),
    ),
    exceptions.AuthenticationFailed: _Words(
        "sign-in-failed", gettext_lazy("Sign in again."), gettext_lazy("Get a new token at /api/v1/auth/login.")
    ),
    exceptions.PermissionDenied: _Words(
        "not-allowed",
        gettext_lazy("This is not yours to do."),
        gettext_lazy("Ask the hub if you think that it should be you."),
    ),
    exceptions.NotFound: _Words(
        "not-found", gettext_lazy("There is nothing here."), gettext_lazy("The addresses are listed at /api/schema/.")
    ),
    exceptions.MethodNotAllowed: _Words(
        "method-not-allowed",
        gettext_lazy("That cannot be done here."),
        gettext_lazy("The header Allow lists what can."),
    ),
    exceptions.NotAcceptable: _Words(
        "not-acceptable", gettext_lazy("That form is not served."), gettext_lazy("Accept application/json.")
    ),
    exceptions.UnsupportedMediaType: _Words(
        "unsupported-media-type", gettext_lazy("That form is not read."), gettext_lazy("Send application/json.")
    ),
    exceptions.Throttled: _Words(
        "too-many-requests",
        gettext_lazy("Too many requests."),
        gettext_lazy("Wait as long as the header Retry-After says."),
    ),
}


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response:
    """The answer to any error of a view; a fault of ours is logged with its trace and told without details."""
    set_rollback()
    request: Request = context["request"]
    if isinstance(error, errors.MarketError):
        return _market_problem(error, request)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        error = BodyTooLarge()
    if isinstance(error, exceptions.APIException):
        return _request_problem(error, request)
    return _fault(error, request)


def _market_problem(error: errors.MarketError, request: Request) -> Response:
    problem = problem_for(error)
    mistakes = [_mistake(found) for found in error.facts.get("problems", ())]
    facts = {name: plain(value) for name, value in error.facts.items() if name != "problems"}
    # Only a request with If-Match is refused so: its condition did not hold.
    status = 412 if isinstance(error, errors.ReservationChanged | errors.HouseholdChanged) else problem.status
    return _answer(problem, status, request, facts=facts, mistakes=mistakes)


def _mistake(found: Mapping[str, Any]) -> Json:
    """One entry of errors[]: where (pointer or header), which code if it has one, what to do."""
    code = {"code": found["code"]} if "code" in found else {}
    place = str(found["place"])
    if place == "request_key":
        return {"header": "Idempotency-Key", **code, "detail": str(found["problem"])}
    head, dot, last = place.rpartition(".")
    return {"pointer": pointer(f"{head}{dot}{_RENAMED.get(last, last)}"), **code, "detail": str(found["problem"])}


def _request_problem(error: exceptions.APIException, request: Request) -> Response:
    headers = _headers(error)
    if isinstance(error, Refusal):
        problem = Problem(error.status_code, error.slug, str(error.title), str(error.detail), str(_CHECK))
        mistakes = [{"header": error.header, "detail": str(error.detail)}] if error.header else []
        return _answer(problem, error.status_code, request, headers=headers, mistakes=mistakes)
    words = next(_TABLE[kind] for kind in (*type(error).__mro__, exceptions.ValidationError) if kind in _TABLE)
    mistakes = []
    detail = str(error.detail)
    if isinstance(error, exceptions.ValidationError):
        place = "parameter" if request.method in ("GET", "HEAD") else "pointer"
        mistakes = list(_flattened(error.detail, place))
        detail = " ".join(mistake["detail"] for mistake in mistakes)
    problem = Problem(error.status_code, words.slug, str(words.title), detail, str(words.next_step))
    return _answer(problem, error.status_code, request, headers=headers, mistakes=mistakes)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    # Set on the error by the framework: how to sign in, and how many seconds to wait.
    scheme, wait = getattr(error, "auth_header", None), getattr(error, "wait", None)
    headers = {"WWW-Authenticate": str(scheme)} if scheme else {}
    if wait is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    return headers


def _flattened(detail: Any, place: str, path: tuple[str, ...] = ()) -> Iterator[Json]:
    """A serializer's or filter's nested messages, one by one with their places."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = () if name == "non_field_errors" else (str(name),)
            yield from _flattened(inner, place, path + own)
    elif isinstance(detail, list) and any(isinstance(inner, dict | list) for inner in detail):
        for index, inner in enumerate(detail):
            yield from _flattened(inner, place, (*path, str(index)))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flattened(inner, place, path)
    else:
        where = path[0] if place == "parameter" and path else pointer(".".join(path))
        yield {place: where, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}


def _fault(error: Exception, request: Request) -> Response:
    logger.error("%s %s failed", request.method, request.path, exc_info=error)
    # What watches Django for faults (and the test client) hears of it as of any other one.
    got_request_exception.send(sender=exception_handler, request=request._request)
    problem = Problem(
        500,
        "fault",
        _("Something broke here."),
        _("It is a fault of ours and has been written down."),
        _("Try again; a request with the same Idempotency-Key is never done twice."),
    )
    return _answer(problem, 500, request)


def _answer(
    problem: Problem,
    status: int,
    request: Request,
    *,
    facts: Mapping[str, Any] | None = None,
    mistakes: list[Json] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    body: Json = {
        "type": f"{TYPE}{problem.type}",
        "title": problem.title,
        "status": status,
        "detail": problem.detail,
        "instance": request.path,
        "next_step": problem.next_step,
        "facts": dict(facts or {}),
        "errors": mistakes or [],
    }
    return Response(body, status=status, headers=dict(headers or {}), content_type=MEDIA_TYPE)
