"""What stands between the right password, code or passkey and being signed in."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.stages import EmailVerificationStage


class VerifyOwnSignUp(EmailVerificationStage):
    """Whoever signed up confirms the address first. An account that a hub or the operator made has no row of
    addresses yet: they vouch for it.
    """

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        if user is not None and not EmailAddress.objects.filter(user_id=user.pk).exists():
            return None, True
        answer: tuple[Any, bool] = super().handle()
        return answer
