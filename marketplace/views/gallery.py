"""Every component in every state, on one page: what a change to the look is judged by. Invented figures, no query."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from marketplace.accounts.forms import SignInForm
from marketplace.errors import HandoverFull, ReservationChanged, WindowClosed
from marketplace.problems import problem_for
from marketplace.rules.clearing.reasons import OfferReason
from marketplace.rules.clearing.standing import NextStep, OfferStanding
from marketplace.views.baskets import BasketLine, BasketView
from marketplace.views.cards import OfferCard, UnitPrice, price_of
from marketplace.views.clocks import Clock
from marketplace.views.gallery_basket import basket_parts
from marketplace.views.motifs import MOTIFS
from marketplace.views.quantity import Stepper, Suggestion
from marketplace.views.rows import row_of
from marketplace.views.sentences import standing_sentence

_AT = datetime(2026, 11, 26, 20, 0, tzinfo=UTC)


def _standing(
    reserved: int,
    sure: int,
    waits_for: int | None = 0,
    now: int | None = 240,
    step: NextStep | None = None,
    held: int = 0,
) -> OfferStanding:
    return OfferStanding(
        reached=now is not None,
        reason=OfferReason.REACHED if now is not None else OfferReason.NO_FULL_CASE,
        reserved=reserved,
        sure=sure,
        waiting=reserved - sure - held,
        held_by_limit=held,
        extras=0,
        hub=0,
        ordered=sure,
        waits_for=waits_for,
        price_now=now,
        price_at_most=240,
        next_step=step,
        target=reserved + (waits_for or (step.missing if step else 0)),
    )


def _card(number: int, name: str, motif: str, standing: OfferStanding, mine: int = 0, **more: Any) -> OfferCard:
    own = more.pop("stepper", {})
    shown: dict[str, Any] = {
        "facts": ("Quinta do Vale", "500\u00a0g"),
        "per": UnitPrice("€4.20\u00a0/kg", "/kg", 1000, 500),
        "tags": (),
        "deposit": "",
        "stepper": None if own is None else Stepper(action="#", request_key="gallery", firm=mine, **own),
        **more,
    }
    return OfferCard(
        id=number,
        name=name,
        motif=motif,
        row=row_of(
            reserved=standing.reserved, sure=standing.sure, waiting=standing.waiting, target=standing.target, mine=mine
        ),
        sentence=standing_sentence(standing, "EUR"),
        price=price_of(standing, "EUR"),
        mine=mine,
        **shown,
    )


def _cards() -> list[OfferCard]:
    long = "Sun-dried organic vine tomatoes with wild oregano, in first cold-pressed olive oil, family jar"
    return [
        _card(
            1,
            "Vine tomatoes",
            "vegetables",
            _standing(31, 24, 5, step=NextStep(210, 5, 36)),
            3,
            tags=("fresh",),
            ready="picked Thursday 06:00 for you",
            outlook="Likely to reach €2.10, with 34 to 48 reserved.",
            stepper={
                "flexible": 2,
                "means": "You get 3. Up to 2 more only if they complete a case of 12; never above €2.40 each.",
            },
        ),
        _card(
            2,
            "Rye sourdough",
            "bread",
            _standing(18, 18, step=NextStep(210, 2, 20)),
            1,
            tags=("fresh",),
            stepper={"extra": Suggestion("1:case", 2, "if it completes a case of 12")},
        ),
        _card(3, "Whole milk", "dairy", _standing(48, 48, now=195), 4, tags=("chilled",), deposit="+ €0.30 deposit"),
        _card(4, "Reinette apples", "fruit", _standing(0, 0, 12, now=None)),
        _card(5, "Mountain cheese", "cheese", _standing(9, 0, 3, now=None), tags=("chilled", "weighed, within 10 %")),
        _card(
            6,
            "Smoked trout",
            "fish",
            _standing(60, 48, None),
            2,
            tags=("all reserved",),
            stepper={"stop": "All of it is reserved. If somebody gives some back, it can be had again."},
        ),
        _card(
            7,
            long,
            "pantry",
            _standing(1_240, 1_200, 56, step=NextStep(199, 56, 1296)),
            12,
            facts=("Cooperativa Agrícola dos Produtores do Vale Encantado", "1250\u00a0g"),
            per=UnitPrice("€1,234.56\u00a0/kg", "/kg", 1000, 1250),
            closes="closes tomorrow 20:00",
        ),
        _card(8, "Eggs, ten", "eggs", _standing(22, 19, 1, held=3, now=240, step=NextStep(220, 8, 30)), stepper=None),
    ]


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Public, as it shows nothing of anybody."""
    rows = [
        row_of(reserved=r, sure=s, waiting=w, target=t, mine=m)
        for r, s, w, t, m in (
            (0, 0, 0, 6, 0),
            (4, 0, 4, 6, 1),
            (31, 24, 7, 36, 3),
            (48, 48, 0, 48, 4),
            (5, 5, 0, 5, 0),
            (1240, 1200, 40, 1296, 12),
            (1, 1, 0, 1, 1),
        )
    ]
    lines = (
        BasketLine(1, "3–5", "Vine tomatoes", "€6.30"),
        BasketLine(2, "1", "Rye sourdough", "€4.50"),
        BasketLine(3, "4", "Whole milk from the high pastures of the Serra", "€7.80"),
    )
    context = {
        "rows": rows,
        "cards": _cards(),
        "motifs": MOTIFS,
        "clocks": [
            Clock("open", "3 days", "until Thu 26 Nov 20:00, Lisbon time", _AT),
            Clock("open", "1 h 42 min", "until today 20:00, Lisbon time", _AT),
            Clock("soon", "9:41", "until today 20:00, Lisbon time", _AT),
            Clock("over", "Closed", "since today 20:00, Lisbon time", _AT),
            Clock("ahead", "Opens", "tomorrow 08:00, Lisbon time", _AT),
        ],
        "baskets": [
            BasketView(
                lines,
                "€18.60",
                "at most €26.10",
                "and €1.20 deposit",
                "Reserved, change until today 20:00",
                True,
                "Rua das Flores, Thu 26 Nov 17:00–19:00",
                "#",
                "Review",
            ),
            BasketView((), "", "", "", "Tap + and it is reserved", False, "", "", ""),
        ],
        "problems": [
            problem_for(WindowClosed(closes_at=_AT - timedelta(minutes=3))),
            problem_for(HandoverFull(capacity=40)),
            problem_for(ReservationChanged(expected=2, actual=3)),
        ],
        "form": SignInForm(data={"login": "ana", "password": "", "way": "password"}),
        "kept": _("3 reserved, at most €2.40 each."),
        "note": _("10 of 12 kept. There is not that much left."),
        **basket_parts(),
    }
    return render(request, "marketplace/gallery.html", context)
