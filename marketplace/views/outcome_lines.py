"""The lines of a reservation in words, merchant by merchant: asked, got, why, and what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marketplace.queries.outcomes import LineResult, LineStatus
from marketplace.queries.progress import OwnOrder
from marketplace.queries.shares import SharedLine
from marketplace.queries.shop import BasketRow, OfferRow
from marketplace.rules.clearing.reasons import OfferReason
from marketplace.rules.states import ShareState, WindowState
from marketplace.views.cards import open_sentence
from marketplace.views.outcomes import offered_back_sentence, outcome_sentence
from marketplace.words import moment_words, money


@dataclass(frozen=True, slots=True)
class ReservedLine:
    """One line in words. `mood` colours the tag beside `word`: nothing for good, waits, lost, plain."""

    name: str
    units: str
    amount: str
    word: str
    mood: str
    sentence: str
    saved: str = ""
    shared: tuple[str, ...] = ()
    claim_id: int = 0


@dataclass(frozen=True, slots=True)
class MerchantPart:
    """A merchant's lines; `news` says what its order waits for, or when it was sent."""

    id: int
    name: str
    lines: tuple[ReservedLine, ...]
    news: str
    waits: bool


def merchant_parts(
    order: OwnOrder, standings: Mapping[int, BasketRow], shares: Mapping[int, Sequence[SharedLine]]
) -> list[MerchantPart]:
    """The lines by merchant, in the order of their names. `standings` of the offers that are still open."""
    parts = []
    for (merchant_id, name), found in groupby(
        order.result.lines, key=lambda line: (line.merchant_id, line.merchant_name)
    ):
        lines = list(found)
        news, waits = _news(order, merchant_id, lines)
        words = tuple(_line(order, line, standings.get(line.offer_id), shares.get(line.offer_id, ())) for line in lines)
        if len(lines) > 1 and all(line.reason == OfferReason.BELOW_MINIMUM_ORDER_VALUE for line in lines):
            # One reason for all of them is said once.
            news, words = words[0].sentence, tuple(replace(line, sentence="") for line in words)
        parts.append(MerchantPart(merchant_id, name, words, news, waits))
    return parts


def window_news(order: OwnOrder) -> list[str]:
    """What happened to whole windows: called off, or opened again after their close."""
    zone, told = order.reservation.round.hub.time_zone, []
    for window in order.windows:
        facts = {"window": window.name, "reason": window.reason}
        if window.state == WindowState.CANCELLED:
            told.append(_("“%(window)s” was called off: %(reason)s Nothing of it is charged.") % facts)
        elif window.reopened and window.state == WindowState.OPEN:
            facts["moment"] = moment_words(window.closes_at, order.now, zone)
            told.append(
                _("“%(window)s” had closed and is open again until %(moment)s: %(reason)s The first figures are void.")
                % facts
            )
    return told


def _news(order: OwnOrder, merchant_id: int, lines: Sequence[LineResult]) -> tuple[str, bool]:
    zone = order.reservation.round.hub.time_zone
    got = {line.window_id for line in lines if line.got}
    facts = [order.orders[key] for key in sorted((w, merchant_id) for w in got) if key in order.orders]
    if any(fact.declined for fact in facts):
        return _("The merchant cannot deliver this order. The hub will write to you."), True
    if any(fact.held for fact in facts):
        return _("The hub holds this order back for now; it may still change."), True
    sent = [fact.sent_at for fact in facts if fact.sent_at]
    if sent:
        return _("The merchant got the order %(moment)s.") % {"moment": moment_words(max(sent), order.now, zone)}, False
    return "", False


def _line(order: OwnOrder, line: LineResult, standing: BasketRow | None, shares: Sequence[SharedLine]) -> ReservedLine:
    currency = order.reservation.round.hub.currency
    if line.status is LineStatus.CANCELLED:
        words = ReservedLine(
            line.product_name, _asked(line), money(0, currency), _("called off"), "plain", _("Nothing is charged.")
        )
    elif line.status is LineStatus.FINAL:
        words = _final_line(line, currency, shares)
    else:
        words = _standing_line(line, standing, currency, shares)
    return words


def _asked(line: LineResult) -> str:
    return f"{line.asked}–{line.asked + line.flexible}" if line.flexible else str(line.asked)


def _standing_line(
    line: LineResult, found: BasketRow | None, currency: str, shares: Sequence[SharedLine]
) -> ReservedLine:
    each = _("%(units)s at most %(price)s each") % {"units": _asked(line), "price": money(line.at_most_minor, currency)}
    is_open = line.status is LineStatus.OPEN and found is not None
    sure = found is not None and found.standing.reached and not found.standing.waiting
    sentence = ""
    if is_open and found is not None:
        offered = offered_back_sentence(line.asked, line.offered_back)
        sentence = (
            f"{open_sentence(OfferRow(found.line.offer, found.standing, found.line), currency)} {offered}".strip()
        )
    return ReservedLine(
        name=line.product_name,
        units=each,
        amount=money(line.may_cost_minor, currency),
        word=(_("sure") if sure else _("waiting")) if is_open else _("being counted"),
        mood=("" if sure else "waits") if is_open else "plain",
        sentence=sentence,
        shared=shared_words(shares, currency),
    )


def _final_line(line: LineResult, currency: str, shares: Sequence[SharedLine]) -> ReservedLine:
    units = _("%(units)s of %(asked)s") % {"units": line.got, "asked": line.asked}
    if line.unit_price_minor is not None and line.got:
        units += " · " + _("%(price)s each") % {"price": money(line.unit_price_minor, currency)}
    if line.got >= line.asked:
        word, mood = (_("more than asked") if line.got > line.asked else _("in full")), ""
    else:
        word, mood = (_("part of it"), "waits") if line.got else (_("not this time"), "plain")
    saved = _("%(saved)s less than at most") % {"saved": money(line.saved_minor, currency)}
    return ReservedLine(
        name=line.product_name,
        units=units,
        amount=money(line.charged_minor, currency),
        word=word,
        mood=mood,
        sentence=_why(line),
        saved=saved if line.saved_minor > 0 else "",
        shared=shared_words(shares, currency),
        claim_id=line.line_id if line.got else 0,
    )


def _why(line: LineResult) -> str:
    """The reason in a sentence; who gets nothing also reads that it costs nothing, and what happens to the rest."""
    said = [outcome_sentence(line.reason), offered_back_sentence(line.asked, line.offered_back, closed=True)]
    if line.got < line.asked and line.collect_until is not None:
        until = {"day": date_format(line.collect_until, "DAY")}
        said.append(_("What is missing moves to the next round, at no higher price, until %(day)s.") % until)
    if not line.got:
        said.append(_("Nothing is charged."))
    return " ".join(filter(None, said))


def shared_words(shares: Sequence[SharedLine], currency: str) -> tuple[str, ...]:
    """With whom a line is shared, and who pays what of it."""
    said = []
    for shared in shares:
        share = shared.share
        name = share.household.name if share.household else _("somebody with your link")
        facts = {"name": name, "parts": share.parts, "total": share.total_parts}
        if share.state != ShareState.ACCEPTED:
            said.append(_("%(parts)d of %(total)d parts are offered to %(name)s.") % facts)
        elif shared.theirs is None:
            said.append(_("%(name)s takes %(parts)d of %(total)d parts.") % facts)
        else:
            facts["amount"] = money(shared.theirs[0], currency)
            said.append(_("%(name)s takes %(parts)d of %(total)d parts and pays %(amount)s.") % facts)
    return tuple(said)
