"""Where django-allauth meets the marketplace: how an account begins, its mails, and who tries too often."""

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
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
from marketplace.accounts.lately import signed_in_lately
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
    "mail": _("a code by mail"),
}
MAILS = "emails/account/"
# Mails that whoever knows an address can have sent there: counted, so that nobody is flooded.
FOR_THE_ASKING = frozenset(
    {
        "login_code",
        "again_code",
        "password_reset_code",
        "email_confirmation",
        "email_confirmation_signup",
        "unknown_account",
        "account_already_exists",
    }
)
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
        # Before there is an account that would wait for a mail which is not sent.
        self._count_mail(asked["email"])
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
        # The first one is asked for: the password, then a passkey, then a code, which may be a recovery code only. A
        # code by mail opens the door, so it is good enough here too, unless the door asks for a second step.
        order = {"reauthenticate": 0, "mfa_reauthenticate:webauthn": 1, "mfa_reauthenticate": 2, "mail": 3}
        methods = super().get_reauthentication_methods(user)
        if user.is_authenticated and not any(method["id"].startswith("mfa") for method in methods):
            methods = [*methods, {"id": "mail", "url": reverse("again_by_mail")}]
        methods = sorted(methods, key=lambda method: order[method["id"]])
        return [{**method, "description": WAYS[method["id"]]} for method in methods]

    def is_reauthentication_required(self, *, app: str, **named: Any) -> bool:
        """Raises ReauthenticationRequired itself for somebody who has neither a password nor a second step: allauth
        would let these pass, however long ago they signed in. Apps have no way for them yet but to sign in again.
        """
        required = bool(super().is_reauthentication_required(app=app, **named))
        request, user = self.request, self.request.user
        if (
            required
            and isinstance(user, User)
            and not is_headless_request(request)
            and not get_reauthentication_flows(user)
            and not signed_in_lately(user, request.session)
        ):
            raise ReauthenticationRequired
        return required

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the account where it has one, else of the request. A failing mail server keeps nobody
        from the page, which names the other ways in; too many mails are answered with 429, alike for addresses with
        an account and without one.
        """
        asked, kind = self.request, template_prefix.rpartition("/")[2]
        if kind in FOR_THE_ASKING:
            self._count_mail(email)
        next_page = asked.POST.get("next") or asked.GET.get("next") or ""
        told = {**context, "next": next_page if next_page and self.is_safe_url(next_page) else ""}
        language = User.objects.filter(email__iexact=email).values_list("language", flat=True).first() or get_language()
        try:
            with override(language):
                super().send_mail(f"{MAILS}{kind}", email, told)
        except (SMTPException, OSError) as error:
            # Its text may name the address, which has no place in a log.
            logger.error("The mail %s was not sent: %s", template_prefix, type(error).__name__)

    def _count_mail(self, email: str) -> None:
        """Count a mail, once in a request. Raises the answer 429 where it would be one too many."""
        request, address = self.request, email.lower()
        counted: set[str] = request.__dict__.setdefault("counted_mails", set())
        if address in counted:
            return
        counted.add(address)
        if not sign_ins.may_mail(request, address):
            request.wait_seconds = sign_ins.MAIL_SECONDS
            raise ImmediateHttpResponse(respond_429(request))

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return reverse("mfa_index")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")
