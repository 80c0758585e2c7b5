"""The household's own reservation of a round: read, reserve, change, replace, cancel."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.access import reservation_for, round_for
from marketplace.actions.cancel_reservation import cancel_reservation
from marketplace.actions.change_reservation import change_reservation
from marketplace.actions.reserve import ReservationAnswer, reserve
from marketplace.api.asking import household_id
from marketplace.api.base import actor
from marketplace.api.headers import ConditionalView, expected_version, request_key
from marketplace.api.refusals import MatchUnreadable
from marketplace.api.reservation_json import (
    BasketSerializer,
    ChangeSerializer,
    ReservationAnswerSerializer,
    ReservationSerializer,
    ReserveSerializer,
    answer_json,
    reservation_json,
)
from marketplace.api.schema import (
    ETAG,
    HOUSEHOLD,
    IF_MATCH,
    IF_MATCH_NEEDED,
    IF_NONE_MATCH,
    NOT_CHANGED,
    REQUEST_KEY,
    ROUND_ID,
)
from marketplace.api.throttles import ChangesPerUser
from marketplace.api.wanted import WantedBasket, read_basket
from marketplace.errors import WindowNotOpen
from marketplace.queries.minimums import minimums_in
from marketplace.queries.reservations import basket, outcome_lines


class OwnReservation(ConditionalView):
    """One reservation per household and round; its version is the ETag."""

    throttle_classes = [ChangesPerUser]

    @extend_schema(
        operation_id="reservation_get",
        tags=["reservation"],
        parameters=[ROUND_ID, HOUSEHOLD, IF_NONE_MATCH, ETAG],
        responses={200: ReservationSerializer, 304: NOT_CHANGED},
    )
    def get(self, request: Request, round_id: int) -> Response:
        """The own reservation at today's prices, with the outcome of what has closed."""
        kept = reservation_for(actor(request), round_id, household_id(request))
        lines = basket(kept.household_id, round_id)
        closed = lines is not None and any(line.locked for line in lines.lines)
        merchants = minimums_in(lines) if lines else []
        told = reservation_json(kept, lines, outcome_lines(kept) if closed else (), merchants)
        return self.conditional(request, told, version=kept.version)

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
        key, wanted = request_key(request), _wanted(request, round_id, with_group=True)
        try:
            answer = reserve(
                round_id=round_id,
                lines=wanted.lines,
                request_key=key,
                handover_id=wanted.handover_id,
                group_id=wanted.group_id,
                household_id=household_id(request),
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
        parameters=[ROUND_ID, REQUEST_KEY, IF_MATCH_NEEDED, HOUSEHOLD, ETAG],
        request=BasketSerializer,
        responses=ReservationAnswerSerializer,
    )
    def put(self, request: Request, round_id: int) -> Response:
        """Make these lines the whole basket; lines of closed windows never change. Needs If-Match, else 428."""
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
            request_key=request_key(request),
            expected_version=expected_version(request),
            household_id=household_id(request),
            by=actor(request),
        )
        return _told(answer)

    def _change(self, request: Request, round_id: int, *, replace: bool) -> Response:
        key, expected = request_key(request), expected_version(request, needed=replace)
        wanted = _wanted(request, round_id, lines_needed=replace)
        answer = change_reservation(
            round_id=round_id,
            lines=wanted.lines,
            request_key=key,
            replace=replace,
            handover_id=wanted.handover_id,
            expected_version=expected,
            household_id=household_id(request),
            keeps_something=True,
            by=actor(request),
        )
        return _told(answer)


def _told(answer: ReservationAnswer, code: int = status.HTTP_200_OK) -> Response:
    return Response(answer_json(answer), status=code, headers={"ETag": f'"{answer.version}"'})


def _wanted(request: Request, round_id: int, *, lines_needed: bool = True, with_group: bool = False) -> WantedBasket:
    def currency() -> str:
        return round_for(actor(request), round_id).hub.currency

    return read_basket(request.data, currency=currency, lines_needed=lines_needed, with_group=with_group)
