"""A household's wishes for what nobody offers."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.access import household_of
from marketplace.actions.wishes.make_wish import MOST_A_WEEK, make_wish, not_this, withdraw_wish
from marketplace.errors import InvalidInput
from marketplace.models import Hub, Wish
from marketplace.queries.wishes import OwnWish, hubs_of_household, own_wishes
from marketplace.rules.wishes import LONGEST_WISH
from marketplace.views.requests import HouseholdRequest
from marketplace.words import date_words


class WishForm(forms.Form):
    """What, about how many a week, and at which hub where there are several."""

    text = forms.CharField(label=gettext_lazy("What would you take?"), max_length=LONGEST_WISH)
    a_week = forms.IntegerField(
        label=gettext_lazy("How many a week, about"), min_value=1, max_value=MOST_A_WEEK, required=False
    )
    hub = forms.TypedChoiceField(label=gettext_lazy("At which hub"), coerce=int)

    def __init__(self, *args: Any, hubs: list[Hub], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["hub"]
        field.choices = [(str(hub.pk), hub.name) for hub in hubs]  # type: ignore[attr-defined]
        if len(hubs) == 1:
            field.widget, field.initial = forms.HiddenInput(), hubs[0].pk


@dataclass(frozen=True, slots=True)
class WishCard:
    """A wish in words. `link` leads to the offer that answers it, or is empty."""

    id: int
    text: str
    hub: str
    since: str
    sentence: str
    product: str
    link: str


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def wishes(request: HouseholdRequest) -> HttpResponse:
    """The household's wishes, and a form for another one; a search without a result leads here with its words."""
    hubs = hubs_of_household(household_of(request.user).pk)
    if request.method == "GET":
        typed = request.GET.get("text", "")[:LONGEST_WISH].replace("\0", "")
        hub = request.GET.get("hub", "")
        initial = {"text": typed, **({"hub": hub} if hub.isdecimal() else {})}
        return _page(request, WishForm(hubs=hubs, initial=initial))
    form = WishForm(request.POST, hubs=hubs)
    if not form.is_valid():
        return _page(request, form, status=422)
    asked = form.cleaned_data
    try:
        wish = make_wish(hub_id=asked["hub"], text=asked["text"], a_week=asked["a_week"], by=request.user)
    except InvalidInput as error:
        for problem in error.facts["problems"]:
            form.add_error(problem["place"], problem["problem"])
        return _page(request, form, status=422)
    messages.success(request, _("Noted: %(wish)s. You hear of it when a round offers it.") % {"wish": wish.text})
    return redirect("wishes")


@login_required
@require_POST
@never_cache
def withdraw(request: HouseholdRequest, wish_id: int) -> HttpResponse:
    withdraw_wish(wish_id=wish_id, by=request.user)
    return redirect("wishes")


@login_required
@require_POST
@never_cache
def reject(request: HouseholdRequest, wish_id: int) -> HttpResponse:
    """What was offered is something else."""
    not_this(wish_id=wish_id, by=request.user)
    return redirect("wishes")


def _page(request: HouseholdRequest, form: WishForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "wishes": [_card(own) for own in own_wishes(request.user)]}
    return render(request, "marketplace/wishes/list.html", context, status=status)


def _card(own: OwnWish) -> WishCard:
    wish, offer = own.wish, own.wish.offered
    return WishCard(
        id=wish.pk,
        text=wish.text if wish.a_week is None else f"{wish.text} · {_a_week(wish.a_week)}",
        hub=wish.topic.hub.name,
        since=date_words(wish.since.date()),
        sentence=_sentence(own),
        product=offer.product.name if offer else "",
        link=reverse("offer", args=[offer.window.round_id, offer.pk]) if offer else "",
    )


def _a_week(many: int) -> str:
    return ngettext("about %(n)s a week", "about %(n)s a week", many) % {"n": many}


def _sentence(own: OwnWish) -> str:
    if own.wish.state == Wish.State.OFFERED:
        return _("A round offered this:")
    if own.households is not None:
        told = ngettext("%(n)s household wishes for it.", "%(n)s households wish for it.", own.households)
        number = _("The merchants see the number, and nobody’s name.")
        return f"{told % {'n': own.households}} {number}"
    return _("You hear of it when a round offers it. From five households on the merchants see the number.")
