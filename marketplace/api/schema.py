"""How the API describes itself: the token, the problem that any address may answer, shared headers."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from marketplace.api.authentication import HEADER
from marketplace.api.problems import MEDIA_TYPE

REQUEST_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="A value of your own for each change, at most 80 characters. The same key with the same body gets the "
    "same answer; with another body it is refused.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description='The ETag of the reservation that the change is meant for, like "3"; 412 when it changed meanwhile.',
)
IF_MATCH_NEEDED = OpenApiParameter(
    "If-Match",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description='The ETag of what is replaced, like "3"; * for whatever there is; 412 when it changed meanwhile, 428 '
    "without it.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="ETags that are known: 304 for one of them."
)
NOT_CHANGED = OpenApiResponse(description="It is as it was told before.")
ETAG = OpenApiParameter(
    "ETag", OpenApiTypes.STR, OpenApiParameter.HEADER, response=[200, 201], description="The reservation's version."
)
ROUND_ID = OpenApiParameter("round_id", OpenApiTypes.INT64, OpenApiParameter.PATH)
WINDOW_ID = OpenApiParameter("window_id", OpenApiTypes.INT64, OpenApiParameter.PATH)
OFFER_ID = OpenApiParameter("offer_id", OpenApiTypes.INT64, OpenApiParameter.PATH)
ORDER_ID = OpenApiParameter("order_id", OpenApiTypes.INT64, OpenApiParameter.PATH)
HOUSEHOLD = OpenApiParameter(
    "household",
    OpenApiTypes.INT64,
    description="The household that reserves, for people of several; else the one joined first.",
)


class MistakeSerializer(serializers.Serializer[Any]):
    """One mistake with its place: a pointer into the body, a query parameter or a header."""

    pointer = serializers.CharField(required=False)
    parameter = serializers.CharField(required=False)
    header = serializers.CharField(required=False)
    code = serializers.CharField(required=False)
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457 problem details. `type` is stable; `detail` says what was kept, `next_step` what to do."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    next_step = serializers.CharField()
    facts = serializers.DictField()
    errors = MistakeSerializer(many=True)  # type: ignore[assignment]  # the member that RFC 9457 names so


class MarketSchema(AutoSchema):
    """Adds the problem as every operation's answer to anything that is refused."""

    def get_operation(self, *args: Any, **named: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **named)
        if operation is not None:
            problem = self.resolve_serializer(ProblemSerializer, "response").ref
            operation["responses"]["default"] = {
                "description": "A problem, as RFC 9457 describes it.",
                "content": {MEDIA_TYPE: {"schema": problem}},
            }
        return operation


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "marketplace.api.authentication.SessionTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": HEADER,
            "description": "The session_token that signing in gives (`meta.session_token` of auth/…).",
        }
