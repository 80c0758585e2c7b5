"""What all views of the API share: tokens or session, JSON, problems, the acting user."""

from typing import ClassVar

from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny, BasePermission
from rest_framework.request import Request

from marketplace.api.authentication import SessionTokenAuthentication
from marketplace.api.parsing import BoundedJSONParser
from marketplace.api.schema import MarketSchema
from marketplace.api.throttles import LimitHeaders
from marketplace.models import User


class MarketView(LimitHeaders):
    """A view of the API. What a user is told about its own things is never kept by a cache between."""

    authentication_classes: ClassVar[list[type[BaseAuthentication]]] = [  # type: ignore[misc]
        SessionTokenAuthentication,
        SessionAuthentication,
    ]
    parser_classes: ClassVar[list[type[BaseParser]]] = [BoundedJSONParser]  # type: ignore[misc]
    schema = MarketSchema()

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {**super().default_response_headers, "Cache-Control": "no-store"}


class PublicView(MarketView):
    """Rounds, windows and offers are there for everybody."""

    permission_classes: ClassVar[list[type[BasePermission]]] = [AllowAny]  # type: ignore[misc]


def actor(request: Request) -> User:
    """The user who asks. Raises NotAuthenticated for a visitor."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


class UnknownAddress(PublicView):
    """Addresses that lead nowhere, told as the API tells everything."""

    schema = None  # type: ignore[assignment]  # not part of the description

    def initial(self, request: Request, *args: object, **named: object) -> None:
        raise NotFound(_("There is no such address; all of them end with a slash."))
