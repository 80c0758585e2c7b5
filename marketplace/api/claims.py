"""Problems with what was handed over: reported with pictures, answered by the hub."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace.actions.claims.drop_photo import drop_photo
from marketplace.actions.claims.keep_photo import keep_photo
from marketplace.actions.claims.make_claim import WantedClaim, make_claim
from marketplace.actions.claims.pictures import MOST_BYTES
from marketplace.api.asking import IdField, path_id
from marketplace.api.base import MarketView, actor
from marketplace.api.bodies import Body, Json, sent
from marketplace.api.fields import CodeField
from marketplace.api.headers import request_key
from marketplace.api.limits import UploadsPerUser, WritesPerUser
from marketplace.api.paging import NewestFirst
from marketplace.api.parsing import BoundedMultiPartParser
from marketplace.api.schema import REQUEST_KEY, ROUND_ID
from marketplace.api.values import amount_or_none, instant, instant_or_none
from marketplace.errors import NotFound
from marketplace.models import Claim, ClaimPhoto
from marketplace.queries.claims import claimable, own_claim, own_claims, photo_for
from marketplace.rules.claims import MOST_TEXT, ClaimKind, ClaimState

CLAIM_ID, PHOTO_ID = path_id("claim_id"), path_id("photo_id")


class ClaimBody(Body):
    """`line_id` null: the order as a whole; `units` null: it cannot be counted. What is meant by `other`, and by the
    order as a whole, is said in `text`. The pictures sent before under the same Idempotency-Key come along."""

    kind = CodeField("ClaimKind", ClaimKind)
    line_id = IdField(required=False, allow_null=True, default=None)
    units = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False, allow_null=True, default=None)
    text = serializers.CharField(max_length=MOST_TEXT, required=False, default="", allow_blank=True)


class PhotoBody(Body):
    """A JPEG, PNG, WebP or AVIF of at most 12 MB; what the camera noted in it is not kept."""

    photo = serializers.FileField(
        max_length=255,
        allow_empty_file=False,
        error_messages={"invalid": _("Send the picture as a file of the form, in the field “photo”.")},
    )


class ClaimPhotoSerializer(serializers.Serializer[Any]):
    """A kept picture, WebP; `path` serves it to those whom it concerns."""

    id = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    path = serializers.CharField()


class ClaimSerializer(serializers.Serializer[Any]):
    """`accepted`: what the hub gives back."""

    id = serializers.IntegerField()
    round_id = serializers.IntegerField()
    line_id = serializers.IntegerField(allow_null=True)
    product_name = serializers.CharField(allow_null=True)
    kind = CodeField("ClaimKind", ClaimKind)
    units = serializers.IntegerField(allow_null=True)
    text = serializers.CharField(allow_blank=True)
    state = CodeField("ClaimState", ClaimState)
    made_at = serializers.DateTimeField()
    answer = serializers.CharField(allow_blank=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    currency = serializers.CharField()
    accepted = serializers.CharField(allow_null=True)
    photos = ClaimPhotoSerializer(many=True)


class ClaimableLineSerializer(serializers.Serializer[Any]):
    line_id = serializers.IntegerField()
    product_name = serializers.CharField()
    got = serializers.IntegerField()


class ClaimableSerializer(serializers.Serializer[Any]):
    """What can be reported, and from when until when."""

    open = serializers.BooleanField()
    opens_at = serializers.DateTimeField()
    deadline = serializers.DateTimeField()
    time_zone = serializers.CharField()
    lines = ClaimableLineSerializer(many=True)


def _photo_json(photo: ClaimPhoto) -> Json:
    path = f"/api/v1/claim-photos/{photo.pk}/"
    return {"id": photo.pk, "width": photo.width, "height": photo.height, "path": path}


def _claim_json(claim: Claim) -> Json:
    currency = claim.reservation.round.hub.currency
    return {
        "id": claim.pk,
        "round_id": claim.reservation.round_id,
        "line_id": claim.line_id,
        "product_name": claim.line.offer.product.name if claim.line else None,
        "kind": claim.kind,
        "units": claim.units,
        "text": claim.text,
        "state": claim.state,
        "made_at": instant(claim.made_at),
        "answer": claim.answer,
        "answered_at": instant_or_none(claim.answered_at),
        "currency": currency,
        "accepted": amount_or_none(claim.accepted_minor, currency),
        "photos": [_photo_json(photo) for photo in claim.photos.all()],
    }


class Claims(MarketView, GenericAPIView[Claim]):
    queryset = Claim.objects.none()
    serializer_class = ClaimSerializer
    pagination_class = NewestFirst

    @extend_schema(operation_id="claims_list", tags=["after"], responses=ClaimSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The claims of the own households, newest first."""
        mine = self.paginate_queryset(own_claims(actor(request))) or []
        return self.get_paginated_response([_claim_json(claim) for claim in mine])


class OneClaim(MarketView):
    @extend_schema(operation_id="claims_get", tags=["after"], parameters=[CLAIM_ID], responses=ClaimSerializer)
    def get(self, request: Request, claim_id: int) -> Response:
        """A claim with what the hub answered."""
        return Response(_claim_json(own_claim(actor(request), claim_id)))


class ReservationClaims(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(operation_id="claimable_get", tags=["after"], parameters=[ROUND_ID], responses=ClaimableSerializer)
    def get(self, request: Request, round_id: int) -> Response:
        """What can be reported of a round's order."""
        found = claimable(actor(request), round_id)
        lines = [{"line_id": line.line_id, "product_name": line.product_name, "got": line.got} for line in found.lines]
        return Response(
            {
                "open": found.time.is_open,
                "opens_at": instant(found.time.opens_at),
                "deadline": instant(found.time.deadline),
                "time_zone": found.reservation.round.hub.time_zone,
                "lines": lines,
            }
        )

    @extend_schema(
        operation_id="claim_make",
        tags=["after"],
        parameters=[ROUND_ID, REQUEST_KEY],
        request=ClaimBody,
        responses={201: ClaimSerializer},
    )
    def post(self, request: Request, round_id: int) -> Response:
        """Report a problem. The same key again gives the first claim."""
        user, key, said = actor(request), request_key(request), sent(request, ClaimBody)
        made = make_claim(round_id=round_id, wanted=WantedClaim(**said), request_key=key, by=user)
        return Response(_claim_json(own_claim(user, made.pk)), status=status.HTTP_201_CREATED)


class ClaimPhotos(MarketView):
    """Pictures come one by one before the claim, so that a lost connection loses one at most."""

    throttle_classes = [UploadsPerUser]
    parser_classes: ClassVar[list[type[BaseParser]]] = [BoundedMultiPartParser]  # type: ignore[misc]

    @extend_schema(
        operation_id="claim_photo_add",
        tags=["after"],
        parameters=[ROUND_ID, REQUEST_KEY],
        request={"multipart/form-data": PhotoBody},
        responses={201: ClaimPhotoSerializer},
    )
    def post(self, request: Request, round_id: int) -> Response:
        """Keep a picture for the claim that comes with the same Idempotency-Key; at most three."""
        user, key = actor(request), request_key(request)
        photo = sent(request, PhotoBody)["photo"]
        kept = keep_photo(round_id=round_id, request_key=key, content=photo.read(MOST_BYTES + 1), by=user)
        return Response(_photo_json(kept), status=status.HTTP_201_CREATED)


class WaitingPhoto(MarketView):
    throttle_classes = [WritesPerUser]

    @extend_schema(
        operation_id="claim_photo_drop",
        tags=["after"],
        parameters=[ROUND_ID, PHOTO_ID, REQUEST_KEY],
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, round_id: int, photo_id: int) -> Response:
        """Take back a picture whose claim was not made yet."""
        key = request_key(request)
        if not drop_photo(round_id=round_id, request_key=key, photo_id=photo_id, by=actor(request)):
            raise NotFound(kind="photo", id=photo_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class OnePhoto(MarketView):
    @extend_schema(
        operation_id="claim_photo_get",
        tags=["after"],
        parameters=[PHOTO_ID],
        responses={(200, "image/webp"): OpenApiResponse(OpenApiTypes.BINARY, description="The picture.")},
    )
    def get(self, request: Request, photo_id: int) -> HttpResponse:
        """A picture of a claim."""
        found = photo_for(actor(request), photo_id)
        self.headers["Cache-Control"] = "private, max-age=86400, immutable"
        return HttpResponse(bytes(found.content), content_type="image/webp")
