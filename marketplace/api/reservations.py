"""The household's own reservation of a round: read, reserve, change, replace, cancel."""

import re

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import reservation_for, round_for
from marketplace.actions.cancel_reservation import cancel_reservation
from marketplace.actions.change_reservation import change_reservation
from marketplace.actions.reserve import ReservationAnswer, reserve
from marketplace.api.base import MarketView, actor
from marketplace.api.filters import MOST_ID
from marketplace.api.refusals import MatchUnreadable, RequestKeyMissing
from marketplace.api.reservation_json import (
    BasketSerializer,
    ChangeSerializer,
    ReservationAnswerSerializer,
    ReservationSerializer,
    ReserveSerializer,
    answer_json,
    reservation_json,
)
from marketplace.api.schema import ETAG, HOUSEHOLD, IF_MATCH, REQUEST_KEY, ROUND_ID
from marketplace.api.throttles import ChangesPerUser
from marketplace.api.wanted import WantedBasket, read_basket
from marketplace.errors import WindowNotOpen
from marketplace.queries.reservations import basket, outcome_lines

# A proxy that compresses marks the ETag as weak; the version is the same.
_ETAG = re.compile(r'(?:W/)?"([1-9][0-9]{0,9})"')


class OwnReservation(MarketView):
    """One reservation per household and round; its version is the ETag."""

    throttle_classes = [ChangesPerUser]

    @extend_schema(
        operation_id="reservation_get",
        tags=["reservation"],
        parameters=[ROUND_ID, HOUSEHOLD, ETAG],
        responses=ReservationSerializer,
    )
    def get(self, request: Request, round_id: int) -> Response:
        """The own reservation at today's prices, with the outcome of what has closed."""
        kept = reservation_for(actor(request), round_id, _household(request))
        lines = basket(kept.household_id, round_id)
        closed = lines is not None and any(line.locked for line in lines.lines)
        told = reservation_json(kept, lines, outcome_lines(kept) if closed else ())
        return Response(told, headers={"ETag": f'"{kept.version}"'})

    @extend_schema(
        operation_id="reservation_reserve",
        tags=["reservation"],
        parameters=[ROUND_ID, REQUEST_KEY, HOUSEHOLD, ETAG],
        request=ReserveSerializer,
        responses={200: ReservationAnswerSerializer, 201: ReservationAnswerSerializer},
    )
    def post(self, request: Request, round_id: int) -> Response:
        """Reserve: place the lines, or merge them into what is reserved (200 instead of 201)."""
        if "If-Match" in request.headers:
            raise MatchUnreadable
        key, wanted = _key(request), _wanted(request, round_id, with_group=True)
        try:
            answer = reserve(
                round_id=round_id,
                lines=wanted.lines,
                request_key=key,
                handover_id=wanted.handover_id,
                group_id=wanted.group_id,
                household_id=_household(request),
                keeps_something=True,
                by=actor(request),
            )
        except WindowNotOpen:
            round_for(actor(request), round_id)  # what was never announced is not found, rather than not open
            raise
        return _told(answer, status.HTTP_201_CREATED if answer.version == 1 else status.HTTP_200_OK)

    @extend_schema(
        operation_id="reservation_change",
        tags=["reservation"],
        parameters=[ROUND_ID, REQUEST_KEY, IF_MATCH, HOUSEHOLD, ETAG],
        request=ChangeSerializer,
        responses=ReservationAnswerSerializer,
    )
    def patch(self, request: Request, round_id: int) -> Response:
        """Change the named lines or the handover; the other lines stay."""
        return self._change(request, round_id, replace=False)

    @extend_schema(
        operation_id="reservation_replace",
        tags=["reservation"],
        parameters=[ROUND_ID, REQUEST_KEY, IF_MATCH, HOUSEHOLD, ETAG],
        request=BasketSerializer,
        responses=ReservationAnswerSerializer,
    )
    def put(self, request: Request, round_id: int) -> Response:
        """Make these lines the whole basket; lines of closed windows never change."""
        return self._change(request, round_id, replace=True)

    @extend_schema(
        operation_id="reservation_cancel",
        tags=["reservation"],
        parameters=[ROUND_ID, REQUEST_KEY, IF_MATCH, HOUSEHOLD, ETAG],
        request=None,
        responses={200: ReservationAnswerSerializer},
    )
    def delete(self, request: Request, round_id: int) -> Response:
        """Give back every line whose window is still open; the answer lists what stays."""
        answer = cancel_reservation(
            round_id=round_id,
            request_key=_key(request),
            expected_version=_expected(request),
            household_id=_household(request),
            by=actor(request),
        )
        return _told(answer)

    def _change(self, request: Request, round_id: int, *, replace: bool) -> Response:
        key, expected = _key(request), _expected(request)
        wanted = _wanted(request, round_id, lines_needed=replace)
        answer = change_reservation(
            round_id=round_id,
            lines=wanted.lines,
            request_key=key,
            replace=replace,
            handover_id=wanted.handover_id,
            expected_version=expected,
            household_id=_household(request),
            keeps_something=True,
            by=actor(request),
        )
        return _told(answer)


def _told(answer: ReservationAnswer, code: int = status.HTTP_200_OK) -> Response:
    return Response(answer_json(answer), status=code, headers={"ETag": f'"{answer.version}"'})


def _key(request: Request) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not key.strip():
        raise RequestKeyMissing
    return key


def _expected(request: Request) -> int | None:
    """The version that If-Match names; None without the header, or with * (any)."""
    condition = request.headers.get("If-Match", "*").strip()
    if condition == "*":
        return None
    match = _ETAG.fullmatch(condition)
    if match is None:
        raise MatchUnreadable
    return int(match[1])


def _household(request: Request) -> int | None:
    named = request.query_params.get("household")
    if named is None:
        return None
    if not (named.isascii() and named.isdigit() and len(named) < 20 and 1 <= int(named) <= MOST_ID):
        raise ValidationError({"household": _("Give the id of the household.")})
    return int(named)


def _wanted(request: Request, round_id: int, *, lines_needed: bool = True, with_group: bool = False) -> WantedBasket:
    def currency() -> str:
        return round_for(actor(request), round_id).hub.currency

    return read_basket(request.data, currency=currency, lines_needed=lines_needed, with_group=with_group)
