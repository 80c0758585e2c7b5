"""What stands between the right password, code or passkey and being signed in."""

from typing import Any

from allauth.account.stages import EmailVerificationStage

from marketplace.actions.accounts.vouch_for_address import vouch_for_address
from marketplace.models import User


class VerifyOwnSignUp(EmailVerificationStage):
    """Whoever signed up confirms the address first. An account that a hub or the operator made has no row of
    addresses yet: they vouch for it.
    """

    def handle(self) -> tuple[Any, bool]:
        if isinstance(self.login.user, User):
            vouch_for_address(user=self.login.user)
        answer: tuple[Any, bool] = super().handle()  # type: ignore[no-untyped-call]
        return answer
