"""What people type to sign up, to sign in and to look after their account; allauth's own forms in our words."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy as _

EMAIL = {"type": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false", "maxlength": "254"}
CODE = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
LENGTH_OF_CODE = 6


def _plain(field: forms.Field, label: Any, **attributes: Any) -> None:
    """Say what to type above the field, never inside it."""
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


def _new_password(form: forms.Form, label: Any) -> None:
    """One new password, typed once; a mistyped or forgotten one is set anew by mail."""
    form.fields.pop("password2", None)
    _plain(form.fields["password1"], label, autocomplete="new-password")
    form.fields["password1"].help_text = _("At least 10 characters. A few words that nobody else would put together.")


class _Form:
    """Labels as they are said, without a colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class SignInForm(_Form, allauth.LoginForm):
    """An address and, for those who have one, a password. Without a password a code is mailed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["login"], _("E-mail"), **EMAIL, autocomplete="username webauthn")
        _plain(self.fields["password"], _("Password"), autocomplete="current-password")
        self.fields["password"].required = False
        self.fields["password"].help_text = ""

    def clean(self) -> dict[str, Any]:
        if self.data.get("way") == "password" and not self.cleaned_data.get("password"):
            self.add_error("password", _("Type your password, or let us mail you a code."))
        cleaned: dict[str, Any] = super().clean()  # type: ignore[no-untyped-call]
        return cleaned

    def _clean_without_password(self, email: str | None, phone: str | None) -> dict[str, Any]:
        # As allauth does it, but with the codes of the mistakes: "too often" is answered with 429.
        asked = allauth.RequestLoginCodeForm({"email": email})
        if asked.is_valid():
            self.user = asked._user
        for mistakes in asked.errors.as_data().values():
            for mistake in mistakes:
                self.add_error("login", mistake)
        return self.cleaned_data


class SignUpForm(_Form, allauth.SignupForm):
    """Name and address; the code that is mailed opens."""

    field_order = ["name", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password1", None)
        _plain(self.fields["email"], _("E-mail"), **EMAIL, autocomplete="email")


class NewAddressForm(_Form, allauth.AddEmailForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["email"], _("New address"), **EMAIL, autocomplete="email")


class NewPasswordForm(_Form, allauth.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["oldpassword"], _("Present password"))
        self.fields["oldpassword"].help_text = ""
        _new_password(self, _("New password"))


class FirstPasswordForm(_Form, allauth.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self, _("Password"))


class ForgottenPasswordForm(_Form, allauth.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self, _("New password"))


class ForgottenForm(_Form, allauth.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["email"], _("E-mail"), **EMAIL, autocomplete="username")


class AgainForm(_Form, allauth.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self.fields["password"], _("Password"), autofocus=True)
        self.fields["password"].help_text = ""


class _CodeForm(_Form, forms.Form):
    """A code out of a mail: spaces, dashes and small letters do not matter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Longer than the code itself, so that a pasted one may bring spaces along.
        _plain(self.fields["code"], _("Code"), **CODE, maxlength=str(4 * LENGTH_OF_CODE), size=str(LENGTH_OF_CODE))


class SignInCodeForm(_CodeForm, allauth.ConfirmLoginCodeForm):
    """The code that signs in."""


class AddressCodeForm(_CodeForm, allauth.ConfirmEmailVerificationCodeForm):
    """The code that shows that an address is one's own."""


class ResetCodeForm(_CodeForm, allauth.ConfirmPasswordResetCodeForm):
    """The code that lets one set a new password."""
