"""What pages let people type: signing in, a line's quantities, the review of a basket."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from marketplace import sign_ins
from marketplace.models import ReservationLine
from marketplace.rules.money import MoneyError, parse_minor
from marketplace.rules.wanted import MOST_UNITS, WantedLine

# A key is the page's uuid, the offer's number and a letter; longer ones are refused by the action.
KEY_LENGTH = 80


class LoginForm(AuthenticationForm):
    """Sign-in by e-mail address, whatever its capitals."""

    username = forms.CharField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True, "inputmode": "email"}),
    )
    error_messages = {
        "invalid_login": _("This address and password do not belong together. Check both and try again."),
        "too_often": _("That was tried too often. Wait five minutes, then try again."),
        "inactive": _("This account is closed. Write to the hub if that is a mistake."),
    }

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        account = self.cleaned_data.get("username")
        if self.request is None or not account:
            return super().clean()
        if not sign_ins.may_try(self.request, account):
            raise forms.ValidationError(self.error_messages["too_often"], code="too_often")
        cleaned = super().clean()
        sign_ins.forget(self.request, account)
        return cleaned


class LineForm(forms.Form):
    """A card's stepper: the number shown, plus or minus one, or the whole range from "Up to, limit"."""

    request_key = forms.CharField(max_length=KEY_LENGTH)
    firm = forms.IntegerField(min_value=0, max_value=MOST_UNITS)
    step = forms.TypedChoiceField(choices=[("-1", "-1"), ("1", "1")], coerce=int, required=False)
    flexible = forms.IntegerField(min_value=0, max_value=MOST_UNITS, required=False)
    up_to = forms.IntegerField(min_value=0, max_value=MOST_UNITS, required=False)
    flexible_for = forms.ChoiceField(choices=ReservationLine.FlexibleFor, required=False)
    limit = forms.CharField(max_length=20, required=False)
    whole_only = forms.BooleanField(required=False)
    handover = forms.IntegerField(min_value=1, required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency

    def clean_limit(self) -> int | None:
        """Minor units; None for no limit. A comma counts as the decimal point."""
        text = str(self.cleaned_data["limit"]).strip().replace(",", ".")
        if not text:
            return None
        try:
            return parse_minor(text, self.currency)
        except MoneyError:
            raise forms.ValidationError(_("Write the price alone, like 2.10.")) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        firm, up_to = cleaned.get("firm"), cleaned.get("up_to")
        if firm is not None and up_to is not None and firm and up_to < firm:
            self.add_error("up_to", _("“Up to” is the larger number; leave it empty for no extra."))
        return cleaned

    def wanted(self, offer_id: int) -> WantedLine:
        """The line that was asked for; of a valid form."""
        asked = self.cleaned_data
        firm = max(0, asked["firm"] + (asked["step"] or 0))
        up_to = asked["up_to"]
        extra = (asked["flexible"] or 0) if up_to is None else max(0, up_to - firm)
        return WantedLine(
            offer_id=offer_id,
            firm=firm,
            flexible=extra if firm else 0,
            flexible_for=asked["flexible_for"] or ReservationLine.FlexibleFor.CASE.value,
            max_unit_price_minor=asked["limit"] if firm else None,
            whole_only=bool(asked["whole_only"]) and bool(firm),
        )

    def sentences(self) -> list[str]:
        """Every problem of a refused form."""
        return [str(text) for texts in self.errors.values() for text in texts]


class ReviewForm(forms.Form):
    """Where the basket is handed over, checked against the round's own handovers."""

    request_key = forms.CharField(max_length=KEY_LENGTH)
    version = forms.IntegerField(min_value=0)
    handover = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, handover_ids: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(pk), str(pk)) for pk in handover_ids]
        self.fields["handover"].choices = choices  # type: ignore[attr-defined]


class CancelForm(forms.Form):
    """Gives the whole basket back."""

    request_key = forms.CharField(max_length=KEY_LENGTH)
    version = forms.IntegerField(min_value=0)
