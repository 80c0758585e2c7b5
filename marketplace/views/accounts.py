"""Signing in, up and out, on allauth's own views; too many tries are answered with 429 and when to come back."""

from typing import Any, cast

from allauth.account import views as allauth
from allauth.account.internal.flows.login import record_authentication
from allauth.core.ratelimit import respond_429
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from marketplace.accounts.terms import TERMS
from marketplace.actions.accounts.choose_language import choose_language
from marketplace.actions.accounts.vouch_for_address import vouch_for_address
from marketplace.models import User

TOO_OFTEN = {"too_many_login_attempts", "rate_limited"}
# Seconds after which the mail may be asked for again.
RESEND_SECONDS = 30


class _Patient:
    """A form that was refused because it was sent too often is a 429, like a limit that is met earlier."""

    request: HttpRequest

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        codes = {error.code for errors in form.errors.as_data().values() for error in errors}
        if codes & TOO_OFTEN:
            return respond_429(self.request)
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        return answer


class _Code:
    """A page that waits for a code out of a mail."""

    request: HttpRequest

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().get_context_data(**named)  # type: ignore[misc]
        return {**told, "resend_seconds": RESEND_SECONDS, "minutes": settings.CODE_SECONDS // 60}


class Login(_Patient, allauth.LoginView):
    """An address for a code, or with a password; a passkey beside it."""

    template_name = "marketplace/login.html"


class SignUp(_Patient, allauth.SignupView):
    """Name and address; what one agrees to stands beside the button."""

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        return {**super().get_context_data(**named), "terms": TERMS}


class LoginCode(_Patient, _Code, allauth.ConfirmLoginCodeView):
    pass


@method_decorator(login_required, name="dispatch")
class Address(_Patient, allauth.EmailView):
    """Another e-mail address, confirmed by a code before it counts."""

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if isinstance(request.user, User):
            vouch_for_address(user=request.user)
        return cast(HttpResponse, super().dispatch(request, *args, **named))


class AddressCode(_Patient, _Code, allauth.ConfirmEmailVerificationCodeView):
    pass


class ResetCode(_Patient, _Code, allauth.ConfirmPasswordResetCodeView):
    pass


class SecondStep(_Patient, mfa.AuthenticateView):
    pass


class SecondStepAgain(_Patient, mfa.ReauthenticateView):
    pass


class _Proven:
    """Whoever has just added a way to sign in, has shown enough to see the recovery codes that come with it."""

    request: HttpRequest

    def form_valid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        record_authentication(self.request, cast(User, self.request.user), method="mfa", reauthenticated=True)
        return answer


class AddPasskey(_Proven, webauthn.AddWebAuthnView):
    pass


class AddApp(_Proven, _Patient, totp.ActivateTOTPView):
    pass


class Logout(allauth.LogoutView):
    """Ends the session, and what browsers kept of it on the device: pages and drafts of this person."""

    http_method_names = ["post"]

    def post(self, *args: Any, **named: Any) -> HttpResponse:
        was_somebody = self.request.user.is_authenticated
        answer = super().post(*args, **named)
        if was_somebody:
            answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Read in another language: kept with the account, else in a cookie. An unknown one changes nothing."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    answer = HttpResponseRedirect(back if safe else "/")
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        if isinstance(request.user, User):
            choose_language(language=code, by=request.user)
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=365 * 24 * 3600,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )
    return answer


add_passkey = AddPasskey.as_view()
add_app = AddApp.as_view()
login = Login.as_view()
logout = Logout.as_view()
sign_up = SignUp.as_view()
login_code = LoginCode.as_view()
address = Address.as_view()
address_code = AddressCode.as_view()
reset_code = ResetCode.as_view()
second_step = SecondStep.as_view()
second_step_again = SecondStepAgain.as_view()
