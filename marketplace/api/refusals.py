"""Refusals of the API's own: what a request lacks before any action sees it. The rest are marketplace/errors.py."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException


class Refusal(APIException):
    """`slug` is the stable code of the problem type; the detail says what to send."""

    slug: str
    title: Promise
    header: str = ""


class RequestKeyMissing(Refusal):
    status_code = 400
    slug = "request-key-missing"
    title = _("The request has no key.")
    header = "Idempotency-Key"
    default_detail = _(
        "Send the header Idempotency-Key with a value of your own for each change; repeat it to repeat the request."
    )


class MatchUnreadable(Refusal):
    status_code = 400
    slug = "match-unreadable"
    title = _("The condition cannot be read.")
    header = "If-Match"
    default_detail = _('If-Match takes the ETag of the reservation, like "3", on PATCH, PUT and DELETE.')


class BodyTooLarge(Refusal):
    status_code = 413
    slug = "body-too-large"
    title = _("That is too much at once.")
    default_detail = _("Send a smaller body.")
