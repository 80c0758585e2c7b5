"""What people type on the pages of household, membership and own data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.models import Household
from marketplace.rules.goods import ALLERGENS, DIETS
from marketplace.rules.money import MoneyError, parse_minor
from marketplace.views.goods_words import ALLERGEN_WORDS, DIET_WORDS

_LINES = forms.Textarea(attrs={"rows": 3})


class HouseholdForm(forms.Form):
    """Name, address and presets."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As your hub and your group read it."))
    address = forms.CharField(
        label=_("Address"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For places near you, and for deliveries. Nobody else of your group sees it."),
    )  # fmt: skip
    delivery_notes = forms.CharField(
        label=_("Notes for the delivery"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    diets = forms.MultipleChoiceField(
        label=_("We eat"), required=False, choices=[(code, DIET_WORDS[code]) for code in DIETS],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    avoids = forms.MultipleChoiceField(
        label=_("We avoid"), required=False, choices=[(code, ALLERGEN_WORDS[code]) for code in ALLERGENS],
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    @classmethod
    def of(cls, household: Household) -> "HouseholdForm":
        fields = ("name", "address", "delivery_notes", "diets", "avoids")
        return cls(initial={name: getattr(household, name) for name in fields})


class InviteForm(forms.Form):
    """Where an invitation is sent; empty for a link to show."""

    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Leave it empty to get a link and a code to show."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )  # fmt: skip


class AskForm(forms.Form):
    message = forms.CharField(
        label=_("A few words to the hub"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who you are, where you live, who told you of it."),
    )  # fmt: skip


class ShareForm(forms.Form):
    """Parts of a line, and whom they are for; no household means a link."""

    parts = forms.IntegerField(label=_("Their parts"), min_value=1, max_value=99)
    total_parts = forms.IntegerField(label=_("Cut into"), min_value=2, max_value=100)
    to = forms.TypedChoiceField(
        label=_("Who takes it"), coerce=int, empty_value=None, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, households: list[Household], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(household.pk), household.name) for household in households]
        self.fields["to"].choices = [*named, ("", _("Somebody else, by link"))]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        parts, total = cleaned.get("parts"), cleaned.get("total_parts")
        if parts is not None and total is not None and parts >= total:
            self.add_error("parts", _("At least one part stays yours."))
        return cleaned


class EraseForm(forms.Form):
    """The word that is typed to erase one's account."""

    word = forms.CharField(
        label=_("Type ERASE to confirm"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_word(self) -> str:
        typed = str(self.cleaned_data["word"]).strip()
        if typed.upper() not in {"ERASE", str(_("ERASE")).upper()}:
            raise forms.ValidationError(_("Type the word ERASE."))
        return typed


class TermsForm(forms.Form):
    """How households come to a hub; amounts as text in the hub's currency."""

    join_policy = forms.ChoiceField(label=_("Who may join"))
    trial_orders = forms.IntegerField(label=_("Trial orders"), min_value=0, max_value=20)
    membership_fee = forms.CharField(label=_("Membership fee"), max_length=20)
    first_credit_limit = forms.CharField(label=_("First credit limit"), max_length=20)

    def __init__(self, *args: Any, currency: str, policies: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["join_policy"].choices = policies  # type: ignore[attr-defined]

    def _minor(self, name: str) -> int:
        text = str(self.cleaned_data[name]).strip().replace(",", ".")
        try:
            return parse_minor(text, self.currency)
        except MoneyError:
            raise forms.ValidationError(_("Write the amount alone, like 15.00.")) from None

    def clean_membership_fee(self) -> int:
        return self._minor("membership_fee")

    def clean_first_credit_limit(self) -> int:
        return self._minor("first_credit_limit")


def take_problems(form: forms.Form, problems: list[dict[str, str]]) -> None:
    """Put an action's problems next to their fields."""
    for problem in problems:
        form.add_error(problem["place"] if problem["place"] in form.fields else None, str(problem["problem"]))
