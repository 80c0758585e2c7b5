"""Turns refusals of the marketplace into pages that say what was kept and what to do, and keeps scripts out."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from marketplace.errors import MarketError
from marketplace.limits import Limit, take
from marketplace.models import User
from marketplace.problems import problem_for
from marketplace.views.kept_pages import OWNER_HEADER, owner_of
from marketplace.views.problems import problem_response, too_often

# Nothing but our own files, no inline script or style: what somebody typed can never run.
PAGES_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The desks and the page to try the API bring scripts and styles of their own, some of them inline.
DESKS_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DESKS = ("/desk/", "/hub/", "/admin/", "/api/")

# What has limits of its own.
_COUNTED_ELSEWHERE: Final = ("/api/", "/login/", "/signup/")


class OwnLanguage:
    """The page in the language of the account, else of the cookie, else of the browser. No query of its own: every
    page looks at its user anyway.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = self._language(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or language)
        patch_vary_headers(response, ("Accept-Language",))
        return response

    def _language(self, request: HttpRequest) -> str:
        user = request.user
        if isinstance(user, User) and user.language in dict(settings.LANGUAGES):
            return user.language
        return translation.get_language_from_request(request)


class ProblemPages:
    """Answers MarketErrors of pages, and sets the policy for what a page may load."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limit = self._limit(request)
        if limit is not None and not limit.allowed:
            request.wait_seconds = limit.resets_in  # type: ignore[attr-defined]
            response = too_often(request)
        else:
            response = self.get_response(request)
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            response.headers.setdefault("Retry-After", str(getattr(request, "wait_seconds", 60)))
        policy = DESKS_POLICY if request.path.startswith(DESKS) else PAGES_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault(OWNER_HEADER, owner_of(request))
        return response

    def _limit(self, request: HttpRequest) -> Limit | None:
        """Every form that somebody sends counts, together with the changes that come through the API."""
        if request.method != "POST" or request.path.startswith(_COUNTED_ELSEWHERE) or not request.user.is_authenticated:
            return None
        return take("reserve", str(request.user.pk))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, MarketError):
            return None
        response = problem_response(request, problem_for(exception), exception.facts)
        patch_vary_headers(response, ["HX-Request"])
        return response
