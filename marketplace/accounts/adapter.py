"""Where django-allauth meets the marketplace: how an account begins, its mails, and who tries too often."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal.httpkit import is_headless_request
from allauth.core.ratelimit import respond_429
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from marketplace import sign_ins
from marketplace.accounts.terms import TERMS
from marketplace.actions.accounts.begin_account import begin_account
from marketplace.actions.privacy.answer_consent import answer_consent
from marketplace.models import User
from marketplace.rules.consents import ConsentKind

logger = logging.getLogger(__name__)

WAYS = {
    "reauthenticate": _("the password"),
    "mfa_reauthenticate:webauthn": _("a passkey"),
    "mfa_reauthenticate": _("a code of the app, or a recovery code"),
}
MAILS = "emails/account/"
STAGES = {"allauth.account.stages.EmailVerificationStage": "marketplace.accounts.stages.VerifyOwnSignUp"}


class AccountAdapter(DefaultAccountAdapter):
    """E-mail address as the only name; every new person begins with a household of one."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Write to the hub if that is a mistake."),
        "email_password_mismatch": _("This address and password do not belong together. Check both and try again."),
        "incorrect_code": _("That is not the code of the newest mail. Check it letter by letter."),
        "incorrect_password": _("That is not your password."),
        "enter_current_password": _("That is not your present password."),
        "too_many_login_attempts": _("That was tried too often. Wait five minutes, then try again."),
        "rate_limited": _("That was a little fast. Wait half a minute, then try again."),
        "duplicate_email": _("This is your address already."),
        "email_taken": _("That did not work. Use another address."),
    }

    @transaction.atomic
    def save_user(self, request: HttpRequest, user: User, form: Form, commit: bool = True) -> User:  # type: ignore[override]
        asked = form.cleaned_data
        begin_account(
            user=user,
            email=asked["email"],
            name=asked["name"].strip(),
            password=asked.get("password1") or asked.get("password") or None,
            language=get_language() or "",
        )
        how = "app" if is_headless_request(request) else "sign-up page"
        answer_consent(kind=ConsentKind.TERMS, given=True, wording=str(TERMS), how=how, by=user)
        return user

    def get_login_stages(self) -> list[str]:
        return [STAGES.get(path, path) for path in super().get_login_stages()]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        # Counted before the password is looked at. Answered at once, whatever door it came through: 429.
        if not sign_ins.may_try(request, credentials.get("email", "")):
            request.wait_seconds = sign_ins.COUNTED_SECONDS  # type: ignore[attr-defined]
            raise ImmediateHttpResponse(respond_429(request))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None:
            sign_ins.forget(request, credentials.get("email", ""))
        return user

    def reauthenticate(self, user: User, password: str) -> bool:  # type: ignore[override]
        # By the address of the account: an account that a hub made has no row of addresses.
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        # The first one is asked for: the password, then a passkey, then a code, which may be a recovery code only.
        order = {"reauthenticate": 0, "mfa_reauthenticate:webauthn": 1, "mfa_reauthenticate": 2}
        methods = sorted(super().get_reauthentication_methods(user), key=lambda method: order[method["id"]])
        return [{**method, "description": WAYS[method["id"]]} for method in methods]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the account where it has one, else of the request. A failing mail server keeps nobody
        from the page, which names the other ways in.
        """
        asked = self.request
        next_page = asked.POST.get("next") or asked.GET.get("next") or ""
        told = {**context, "next": next_page if next_page and self.is_safe_url(next_page) else ""}
        language = User.objects.filter(email__iexact=email).values_list("language", flat=True).first() or get_language()
        try:
            with override(language):
                super().send_mail(f"{MAILS}{template_prefix.rpartition('/')[2]}", email, told)
        except (SMTPException, OSError) as error:
            # Its text may name the address, which has no place in a log.
            logger.error("The mail %s was not sent: %s", template_prefix, type(error).__name__)

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("mfa_index")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")
