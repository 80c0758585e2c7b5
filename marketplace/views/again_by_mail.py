"""/me/security/again/mail/: a code out of a mail, before something important changes."""

from typing import Any, cast

from allauth.account.views import BaseReauthenticateView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from marketplace.accounts.again_by_mail import AgainByMail
from marketplace.accounts.forms import AgainCodeForm
from marketplace.models import User
from marketplace.views.accounts import RESEND_SECONDS


@method_decorator([login_required, never_cache], name="dispatch")
class ByMail(BaseReauthenticateView):
    """Asks before it mails; then waits for the code."""

    form_class = AgainCodeForm
    template_name = "account/again_by_mail.html"

    def dispatch(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        self.process = AgainByMail.resume(request)
        return cast(HttpResponse, super().dispatch(request, *args, **named))

    def post(self, request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.POST.get("action") == "send" or self.process is None:
            AgainByMail.begin(request)
            return self._here()
        if request.POST.get("action") == "resend":
            if self.process.can_resend:
                self.process.resend()
            return self._here()
        return super().post(request, *args, **named)

    def _here(self) -> HttpResponse:
        return HttpResponseRedirect(self.passthrough_next_url(self.request.path))  # type: ignore[no-untyped-call]  # allauth's

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "code": self.process.code if self.process else ""}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        if self.process is not None:
            self.process.finish()
        return super().form_valid(form)

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        if self.process is None or self.process.record_invalid_attempt():
            return super().form_invalid(form)
        messages.error(self.request, _("That was not the code three times. Let us mail you another one."))
        return self._here()

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().get_context_data(**named)
        told |= {"email": cast(User, self.request.user).email, "verify_form": told["form"]}
        if self.process is not None:
            told |= {"sent": True, "can_resend": self.process.can_resend}
        return {**told, "resend_seconds": RESEND_SECONDS, "minutes": settings.CODE_SECONDS // 60}


again_by_mail = ByMail.as_view()
