"""My data: taken along, agreed to or not, erased."""

from typing import Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.accounts.lately import signed_in_lately
from marketplace.actions.privacy.answer_consent import answer_consent
from marketplace.actions.privacy.erase_person import erase_person
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, sent
from marketplace.api.fields import CodeField
from marketplace.api.limits import WritesPerUser
from marketplace.api.negotiation import AnyForm
from marketplace.api.paging import NewestFirst, page, page_of
from marketplace.api.refusals import SignInTooOld
from marketplace.api.values import instant
from marketplace.consent_words import TITLES, WORDING
from marketplace.errors import NotFound
from marketplace.models import ConsentEntry
from marketplace.queries.consents import consents_of, given_kinds
from marketplace.queries.erasing import obstacles
from marketplace.queries.own_data_files import JSON_NAME, ZIP_NAME, json_pieces, zip_file
from marketplace.rules.consents import CONSENT_KINDS, SWITCHED, ConsentKind

Json = dict[str, Any]
KIND = OpenApiParameter("kind", OpenApiTypes.STR, OpenApiParameter.PATH, enum=[kind.value for kind in SWITCHED])


class ConsentBody(Body):
    given = serializers.BooleanField()


class ConsentSerializer(serializers.Serializer[Any]):
    """One switch: what it asks, and whether it is on. Nothing is on unless it was given."""

    kind = CodeField("SwitchedConsent", SWITCHED)
    title = serializers.CharField()
    wording = serializers.CharField()
    given = serializers.BooleanField()


class ConsentEntrySerializer(serializers.Serializer[Any]):
    """One answer, with the words that were shown; `how` names the door."""

    id = serializers.IntegerField()
    kind = CodeField("ConsentKind", CONSENT_KINDS)
    wording = serializers.CharField(allow_blank=True)
    given = serializers.BooleanField()
    at = serializers.DateTimeField()
    how = serializers.CharField(allow_blank=True)


class EraseBody(Body):
    """`word` is ERASE, so that nobody is erased by a slip."""

    word = serializers.ChoiceField(choices=["ERASE"])


class ErasingSerializer(serializers.Serializer[Any]):
    """What has to end first, in sentences; `sign_in_is_fresh`: else sign in once more before."""

    obstacles = serializers.ListField(child=serializers.CharField())
    sign_in_is_fresh = serializers.BooleanField()


def consent_json(kind: ConsentKind, *, given: bool) -> Json:
    return {"kind": kind.value, "title": str(TITLES[kind.value]), "wording": str(WORDING[kind]), "given": given}


def _entry_json(entry: ConsentEntry) -> Json:
    names = ("id", "kind", "wording", "given", "how")
    return {**{name: getattr(entry, name) for name in names}, "at": instant(entry.at)}


def _fresh(request: Request) -> bool:
    """By the session of the token, or of the cookie."""
    return signed_in_lately(actor(request), request.auth if request.auth is not None else request.session)


class OwnData(MarketView):
    @extend_schema(operation_id="own_data_json", tags=["my data"], responses={200: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> HttpResponseBase:
        """Everything that is known of oneself and one's households: a list per section, sent as it is read."""
        answer = StreamingHttpResponse(json_pieces(actor(request)), content_type="application/json")
        answer["Content-Disposition"] = f'attachment; filename="{JSON_NAME}"'
        return answer


class OwnDataZip(MarketView):
    content_negotiation_class = AnyForm

    @extend_schema(
        operation_id="own_data_zip", tags=["my data"], responses={(200, "application/zip"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request) -> HttpResponseBase:
        """The same as a zip with a table (CSV) per section."""
        held = zip_file(actor(request))
        return FileResponse(held, as_attachment=True, filename=ZIP_NAME, content_type="application/zip")


class Consents(MarketView):
    @extend_schema(operation_id="consents_list", tags=["my data"], responses=page_of(ConsentSerializer))
    def get(self, request: Request) -> Response:
        """The switches, as they count now."""
        given = given_kinds(actor(request).pk)
        return Response(page(request, (consent_json(kind, given=kind in given) for kind in SWITCHED)))


class OneConsent(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="consents_switch",
        tags=["my data"],
        parameters=[KIND],
        request=ConsentBody,
        responses=ConsentSerializer,
    )
    def put(self, request: Request, kind: str) -> Response:
        """Agree, or withdraw it; both are logged with the words that are shown. The same again logs nothing."""
        found = next((one for one in SWITCHED if one.value == kind), None)
        if found is None:
            raise NotFound(kind="consent", id=kind)
        given: bool = sent(request, ConsentBody)["given"]
        answer_consent(kind=found, given=given, wording=str(WORDING[found]), how="api", by=actor(request))
        return Response(consent_json(found, given=given))


class ConsentLog(MarketView, GenericAPIView[ConsentEntry]):
    """Every answer, the newest first."""

    queryset = ConsentEntry.objects.none()
    serializer_class = ConsentEntrySerializer
    pagination_class = NewestFirst

    @extend_schema(operation_id="consents_log", tags=["my data"], responses=ConsentEntrySerializer(many=True))
    def get(self, request: Request) -> Response:
        """What one ever answered."""
        found = self.paginate_queryset(consents_of(actor(request).pk)) or []
        return self.get_paginated_response([_entry_json(entry) for entry in found])


class Erasing(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(operation_id="erasing_get", tags=["my data"], responses=ErasingSerializer)
    def get(self, request: Request) -> Response:
        """What stands in the way of erasing oneself."""
        texts = [obstacle.text for obstacle in obstacles(actor(request))]
        return Response({"obstacles": texts, "sign_in_is_fresh": _fresh(request)})

    @extend_schema(operation_id="erasing_do", tags=["my data"], request=EraseBody, responses={204: None})
    def post(self, request: Request) -> Response:
        """Erase oneself for good: every session ends, the books stay without a name. It needs a fresh sign-in."""
        sent(request, EraseBody)
        if not _fresh(request):
            raise SignInTooOld
        erase_person(by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
