"""Threads: a person's own on each side, one with its messages, and the page that asks the first question."""

import uuid
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace import clock
from marketplace.actions.threads.pass_on import pass_on
from marketplace.actions.threads.read import read
from marketplace.actions.threads.settle import settle
from marketplace.actions.threads.write import ask, write
from marketplace.errors import InvalidInput, NotFound
from marketplace.models import Thread
from marketplace.queries.threads import (
    About,
    Seat,
    about_order_line,
    about_reservation,
    merchants_to_pass_to,
    messages_for,
    own_threads,
    present_in,
    seat_for,
    thread_about,
)
from marketplace.rules.threads import LONGEST, Side, ThreadState
from marketplace.thread_words import message_card, readers_words, thread_card, whom_to_ask, zone_of
from marketplace.views.requests import HouseholdRequest


class MessageForm(forms.Form):
    """A message, and who should answer it."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 4, "maxlength": LONGEST}),
        error_messages={
            "required": _("Write your question or answer."),
            "max_length": _("At most %(limit_value)d characters; yours has %(show_value)d."),
        },
    )
    asked = forms.ChoiceField(label=_("Who should answer?"), required=False)
    request_key = forms.CharField(max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        self.fields["asked"].choices = whom_to_ask(seat)  # type: ignore[attr-defined]
        if self.is_bound and self.has_error("text"):
            self.fields["text"].widget.attrs.update({"aria-invalid": "true", "aria-describedby": "id_text_error"})

    def side(self) -> Side | None:
        named = self.cleaned_data["asked"]
        return Side(named) if named else None


def _named_side(request: HouseholdRequest) -> Side | None:
    named = request.POST.get("as", request.GET.get("as", ""))
    return Side(named) if named in {side.value for side in Side} else None


@require_safe
@login_required
@cache_control(private=True, no_store=True)
def own(request: HouseholdRequest) -> HttpResponse:
    """One's own threads: the household's, or with ?as=host those of one's handovers."""
    side, now = _named_side(request) or Side.HOUSEHOLD, clock.now()
    after = request.GET.get("after", "")
    found = own_threads(request.user, side, now, after=int(after) if after.isdecimal() and len(after) < 18 else None)
    context = {
        "cards": [thread_card(one, side, now) for one in found.threads],
        "following": found.following,
        "side": side.value,
    }
    return render(request, "marketplace/threads/threads.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@cache_control(private=True, no_store=True)
def thread(request: HouseholdRequest, thread_id: int) -> HttpResponse:
    """A thread; a message is posted here as well. Reading it marks it as read."""
    seat = seat_for(request.user, thread_id, clock.now(), _named_side(request))
    form = None
    if request.method == "POST":
        form = MessageForm(request.POST, seat=seat)
        if form.is_valid() and _written(form, seat, request):
            return HttpResponseRedirect(_address(seat.thread, seat.side) + "#newest")
    elif request.method == "GET":
        read(seat=seat, by=request.user)
    return _page(request, seat, form)


def _written(form: MessageForm, seat: Seat, request: HouseholdRequest) -> bool:
    try:
        write(
            seat=seat,
            text=form.cleaned_data["text"],
            asked=form.side(),
            request_key=form.cleaned_data["request_key"],
            by=request.user,
        )
    except InvalidInput as refused:
        form.add_error("text", refused.facts["problems"][0]["problem"])
        return False
    return True


def _address(found: Thread, side: Side) -> str:
    return f"{reverse('thread', args=[found.pk])}?as={side.value}"


def _fresh_form(seat: Seat) -> MessageForm:
    initial: dict[str, Any] = {"request_key": uuid.uuid4().hex}
    if seat.side is Side.HOUSEHOLD and seat.thread.waiting_for:
        initial["asked"] = seat.thread.waiting_for  # whoever is asked already
    return MessageForm(initial=initial, seat=seat)


def _page(request: HouseholdRequest, seat: Seat, form: MessageForm | None) -> HttpResponse:
    now, user_id = clock.now(), request.user.pk
    messages = messages_for(seat)
    merchants = merchants_to_pass_to(seat.thread) if seat.side is Side.HUB else ()
    context = {
        "thread": seat.thread,
        "side": seat.side.value,
        "card": thread_card(seat.thread, seat.side, now),
        "messages_shown": [message_card(one, seat.thread, seat.side, user_id, now) for one in messages],
        "zone": zone_of(seat.thread),
        "readers": readers_words(seat),
        "may_settle": seat.side in (Side.HOUSEHOLD, Side.HUB) and seat.thread.state == ThreadState.OPEN.value,
        "merchants": merchants,
        "form": form or _fresh_form(seat),
        "back": _back(seat.side),
    }
    status = 422 if form is not None else 200
    return render(request, "marketplace/threads/thread.html", context, status=status)


def _back(side: Side) -> str:
    if side is Side.HUB:
        return reverse("admin:marketplace_thread_changelist", current_app="hub")
    if side is Side.MERCHANT:
        return reverse("admin:marketplace_thread_changelist", current_app="desk")
    return reverse("threads") + ("?as=host" if side is Side.HOST else "")


@require_POST
@login_required
def settle_thread(request: HouseholdRequest, thread_id: int) -> HttpResponse:
    seat = seat_for(request.user, thread_id, clock.now(), _named_side(request))
    settle(seat=seat, by=request.user)
    return HttpResponseRedirect(_address(seat.thread, seat.side))


@require_POST
@login_required
def pass_thread_on(request: HouseholdRequest, thread_id: int) -> HttpResponse:
    seat = seat_for(request.user, thread_id, clock.now(), Side.HUB)
    merchant = request.POST.get("merchant", "")
    if not merchant.isdecimal() or len(merchant) > 17:
        raise NotFound(kind="merchant", id=merchant[:20])
    pass_on(seat=seat, merchant_id=int(merchant), by=request.user)
    return HttpResponseRedirect(_address(seat.thread, seat.side))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@cache_control(private=True, no_store=True)
def about(request: HouseholdRequest, reservation_id: int, offer_id: int | None = None) -> HttpResponse:
    """The first question about a reservation or one of its lines; where there is a thread already it goes there."""
    found, side = about_reservation(request.user, reservation_id, offer_id, clock.now())
    return _first(request, found, side)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@cache_control(private=True, no_store=True)
def about_order(request: HouseholdRequest, order_line_id: int) -> HttpResponse:
    """The first question about a line of a purchase order, between hub and merchant."""
    found, side = about_order_line(request.user, order_line_id)
    return _first(request, found, side)


def _first(request: HouseholdRequest, found: About, side: Side) -> HttpResponse:
    known = thread_about(found)
    if request.method != "POST" and known is not None:
        return HttpResponseRedirect(_address(known, side))
    seat = Seat(*_not_yet(found, side))
    form = MessageForm(request.POST, seat=seat) if request.method == "POST" else _fresh_form(seat)
    if request.method == "POST" and form.is_valid():
        try:
            message = ask(
                about=found,
                side=side,
                text=form.cleaned_data["text"],
                asked=form.side(),
                request_key=form.cleaned_data["request_key"],
                by=request.user,
            )
            return HttpResponseRedirect(_address(message.thread, side) + "#newest")
        except InvalidInput as refused:
            form.add_error("text", refused.facts["problems"][0]["problem"])
    now = clock.now()
    context = {
        "card": thread_card(seat.thread, side, now),
        "readers": readers_words(seat),
        "form": form,
        "side": side.value,
        "back": _back(side),
    }
    return render(request, "marketplace/threads/ask.html", context, status=422 if form.is_bound else 200)


def _not_yet(found: About, side: Side) -> tuple[Thread, Side, frozenset[Side]]:
    """The thread as it would be, for the words of the page; it is not stored."""
    now = clock.now()
    if found.order_line is not None:
        order = found.order_line.order
        thread = Thread(hub=order.window.round.hub, order_line=found.order_line, merchant=order.merchant)
    elif found.reservation is not None:
        merchant = found.offer.product.merchant if found.offer is not None else None
        thread = Thread(
            hub=found.reservation.round.hub,
            household=found.reservation.household,
            reservation=found.reservation,
            offer=found.offer,
            merchant=merchant,
        )
    else:
        raise ValueError("A question is about something.")
    thread.merchant_since = now if thread.merchant_id else None
    return thread, side, present_in(thread)
