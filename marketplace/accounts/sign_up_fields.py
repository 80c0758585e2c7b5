"""What everybody who signs up tells beside the e-mail address, on the page and through the API.

Apart from the other forms, since allauth builds its own ones upon it.
"""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.models import User


class SignUpFields(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As neighbours and hosts know you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, request: HttpRequest, user: User) -> None:
        """Everything was done by the adapter already."""
