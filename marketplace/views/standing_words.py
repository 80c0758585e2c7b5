"""Standing reservations in words: what stands, what becomes of it in coming rounds, what came of it in past ones."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from marketplace.models import StandingReservation, StandingRun
from marketplace.queries.standing import ComingRound
from marketplace.rules.money import format_minor
from marketplace.views.cards import Picture, picture_of
from marketplace.views.standing_forms import StandingForm
from marketplace.words import date_words, moment_words, money


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One standing reservation in words, with its form. `rests`: why it is not placed now, or empty."""

    id: int
    hub: str
    motif: str
    picture: Picture | None
    name: str
    merchant: str
    units: str
    limit: str
    rests: str
    form: StandingForm


@dataclass(frozen=True, slots=True)
class ComingView:
    """A coming round and the standing reservations by what becomes of them there."""

    id: int
    name: str
    opens: str
    rows: tuple[tuple[int, str, str, str], ...]  # id, product, what becomes of it, "skip" | "keep" | ""


@dataclass(frozen=True, slots=True)
class RunRow:
    """What came of one in a past round."""

    product: str
    round: str
    word: str
    mood: str


def standing_row(standing: StandingReservation, refused: StandingForm | None) -> StandingRow:
    currency = standing.hub.currency
    limit = standing.max_unit_price_minor
    given = refused if refused is not None and refused.is_for(standing) else None
    return StandingRow(
        id=standing.pk,
        hub=standing.hub.name,
        motif=standing.product.category.motif,
        picture=picture_of(getattr(standing.product, "picture", None)),
        name=standing.product.name,
        merchant=standing.product.merchant.name,
        units=_units(standing),
        limit=_("at most %(price)s") % {"price": money(limit, currency)} if limit is not None else "",
        rests=_rests(standing),
        form=given or StandingForm.of(standing, format_minor(limit, currency) if limit is not None else ""),
    )


def _units(standing: StandingReservation) -> str:
    least, most = standing.firm, standing.firm + standing.flexible
    return f"{least}–{most}" if standing.flexible else str(least)


def _rests(standing: StandingReservation) -> str:
    if standing.paused_at is None:
        return ""
    if standing.paused_until is None:
        return _("paused until you take it up again")
    return _("paused until %(day)s") % {"day": date_words(standing.paused_until)}


def coming_view(coming: ComingRound, now: datetime) -> ComingView:
    parts = (
        (coming.placed, _("will be reserved"), "skip"),
        (coming.skipped, _("left out this once"), "keep"),
        (coming.resting, _("rests: paused, or you are away"), ""),
        (coming.not_yet, _("not among the offers so far"), "skip"),
    )
    return ComingView(
        id=coming.round.pk,
        name=coming.round.name,
        opens=moment_words(coming.opens_at, now, coming.round.hub.time_zone),
        rows=tuple((s.pk, f"{_units(s)} {s.product.name}", word, do) for found, word, do in parts for s in found),
    )


def run_row(run: StandingRun) -> RunRow:
    state = StandingRun.State
    mood = {state.PLACED: "", state.HELD_ALREADY: "", state.WAITING: "waits", state.REFUSED: "lost"}
    return RunRow(
        product=run.standing.product.name,
        round=run.round.name,
        word=run.get_state_display(),
        mood=mood.get(state(run.state), "plain"),
    )
