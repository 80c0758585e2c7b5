"""Turns refusals of the marketplace into pages that say what was kept and what to do, and keeps scripts out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from marketplace.errors import MarketError
from marketplace.problems import problem_for
from marketplace.views.problems import problem_response

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


class ProblemPages:
    """Answers MarketErrors of pages, and sets the policy for what a page may load."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = DESKS_POLICY if request.path.startswith(DESKS) else PAGES_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, MarketError):
            return None
        response = problem_response(request, problem_for(exception), exception.facts)
        patch_vary_headers(response, ["HX-Request"])
        return response
