"""Pages that a browser may keep for use without a network, and for whom: what static/js/worker.js goes by.

Every page says in a header whose browser it is: a random-looking name of the session, or nobody. What was kept under
another name is deleted as soon as the worker hears of it, and all of it at signing out.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

OWNER_HEADER: Final = "Windrow-Own"
KEEP_HEADER: Final = "Windrow-Keep"
NOBODY: Final = "nobody"
# As long as a session lives; a deputy's link is for one day.
SESSION_DAYS: Final = 30

View = Callable[..., HttpResponse]


def owner_of(request: HttpRequest) -> str:
    """The name under which this browser keeps pages; tells nothing about the session or the person."""
    if not request.user.is_authenticated or not request.session.session_key:
        return NOBODY
    return salted_hmac("windrow.kept-pages", request.session.session_key, algorithm="sha256").hexdigest()[:24]


def kept_for_days(days: int) -> Callable[[View], View]:
    """The page works without a network once it was loaded, for so many days: in its own browser alone."""

    def decorate(view: View) -> View:
        @wraps(view)
        def keeping(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            response = view(request, *args, **named)
            if request.method == "GET" and response.status_code == HTTPStatus.OK:
                response.headers[KEEP_HEADER] = str(days * 24 * 3600)
            return response

        return keeping

    return decorate
