"""What people type for the second step: codes of an authenticator app, names of passkeys."""

from typing import Any

from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false", "autofocus": True}


def _code(form: forms.Form, label: Any) -> None:
    field = form.fields["code"]
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(CODE, maxlength="20")


class SecondStepForm(base.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        _code(self, _("Code of your app, or a recovery code"))


class SecondStepAgainForm(base.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        _code(self, _("Code of your app, or a recovery code"))


class AuthenticatorAppForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        _code(self, _("The six digits that the app shows now"))


class PasskeyForm(webauthn.AddWebAuthnForm):
    """A new passkey always signs in by itself: phones and computers know it by finger, face or PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].widget = forms.HiddenInput()
        name = self.fields["name"]
        name.label, name.initial = _("Name of this device"), ""
        self.initial["name"] = ""
        name.widget.attrs.update(maxlength="60", autocomplete="off")
        name.help_text = _("So that you know it again, like “Ana’s phone”.")


class PasskeyNameForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["name"].label = _("Name of this device")
        self.fields["name"].widget.attrs.update(maxlength="60", autocomplete="off")
