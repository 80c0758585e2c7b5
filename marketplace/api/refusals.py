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


class RequestKeyUnreadable(Refusal):
    status_code = 400
    slug = "request-key-unreadable"
    title = _("The key of the request cannot be read.")
    header = "Idempotency-Key"
    default_detail = _("Use at most 80 characters that can be printed, like a UUID.")


class MatchMissing(Refusal):
    status_code = 428
    slug = "match-missing"
    title = _("Say which version this is meant for.")
    header = "If-Match"
    default_detail = _(
        "So that nobody else's change is lost, send If-Match with the ETag that you read, or * to replace whatever "
        "there is."
    )


class MatchUnreadable(Refusal):
    status_code = 400
    slug = "match-unreadable"
    title = _("The condition cannot be read.")
    header = "If-Match"
    default_detail = _('If-Match takes the ETag of the reservation, like "3", on PATCH, PUT and DELETE.')


class SignInTooOld(Refusal):
    status_code = 403
    slug = "sign-in-too-old"
    title = _("Sign in once more first.")
    default_detail = _(
        "This cannot be undone, so the sign-in has to be a few minutes old at most. Nothing was changed."
    )


class BodyTooLarge(Refusal):
    status_code = 413
    slug = "body-too-large"
    title = _("That is too much at once.")
    default_detail = _("Send a smaller body.")
