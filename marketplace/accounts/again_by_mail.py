"""Showing once more that it is you, for people who have neither a password nor a second step: a code by mail."""

from typing import Any, Final, cast

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest

from marketplace.models import User

STATE: Final = "account_again_by_mail"


class AgainByMail(AbstractCodeVerificationProcess):
    """A code on its way to the address of who is signed in; waits in the session, for this browser alone."""

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(
            state=state,
            timeout=app_settings.LOGIN_BY_CODE_TIMEOUT,
            max_attempts=app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS,
            user=cast(User, request.user),
        )

    @classmethod
    def begin(cls, request: HttpRequest) -> "AgainByMail":
        user = cast(User, request.user)
        process = cls(request, cls.initial_state(user=user, email=user.email))
        process.send()
        return process

    @classmethod
    def resume(cls, request: HttpRequest) -> "AgainByMail | None":
        """The one under way, unless its time is over or somebody else has signed in meanwhile."""
        state = request.session.get(STATE)
        if not state or state.get("user_id") != str(cast(User, request.user).pk):
            return None
        process = cls(request, state)
        if process.is_valid():
            return process
        process.abort()
        return None

    def send(self) -> None:
        """Mail a new code; the one before it no longer counts."""
        adapter = get_adapter()
        self.state["code"] = adapter.generate_login_code()
        self.persist()
        context = {"request": self.request, "code": self.state["code"]}
        adapter.send_mail("account/email/again_code", self.state["email"], context)

    def resend(self) -> None:
        self.record_resend()
        self.send()

    @property
    def can_resend(self) -> bool:
        return not self.is_resend_quota_reached(app_settings.LOGIN_BY_CODE_MAX_RESEND_COUNT)

    def persist(self) -> None:
        self.request.session[STATE] = self.state

    def abort(self) -> None:
        self.request.session.pop(STATE, None)

    def finish(self) -> None:
        """It is the person: for the next minutes, what is important may change."""
        self.abort()
        record_authentication(self.request, self.user, method="code", email=self.state["email"], reauthenticated=True)
