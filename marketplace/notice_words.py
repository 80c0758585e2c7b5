"""What each kind of notice says, from its facts, in the reader's language: for inbox, mail and push alike.

A fact may be missing: the sentence gets shorter, it never fails. Times are in the zone that the facts name, which is
named too. Amounts come as minor units with their currency.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace import notice_words_people as people
from marketplace.notice_phrases import Facts, fallback_title, joined
from marketplace.rules.notice_texts import NoticeText
from marketplace.rules.notices import NoticeKind
from marketplace.words import listed

_K = NoticeKind


def notice_text(kind: str, facts: Mapping[str, Any], now: datetime) -> NoticeText:
    """The words of a notice in the active language. An unknown kind, or facts that cannot be read, get plain ones."""
    try:
        return _TABLE[NoticeKind(kind)](Facts(facts, now))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return NoticeText(fallback_title(), action=_("Open"))


def _opens(f: Facts) -> NoticeText:
    title = _("%(round)s is open") % {"round": f.round}
    closes = f.moment("closes_at")
    body = _("You can reserve until %(moment)s.") % {"moment": closes} if closes else ""
    return NoticeText(title, joined(body, f.at_hub()), _("See what there is"))


def _closes_soon(f: Facts) -> NoticeText:
    closes = f.moment("closes_at")
    title = _("%(round)s closes soon") % {"round": f.round}
    if closes:
        title = _("%(round)s closes %(moment)s") % {"round": f.round, "moment": f.moment("closes_at", zone=False)}
    units = f.count("units")
    held = (
        ngettext("You have %(n)s unit reserved.", "You have %(n)s units reserved.", units) % {"n": units}
        if units
        else _("You have nothing reserved yet.")
    )
    until = _("You can change it until %(moment)s.") if units else _("You can reserve until %(moment)s.")
    return NoticeText(title, joined(held, until % {"moment": closes} if closes else ""), _("Look at the round"))


def _units_wait(f: Facts) -> NoticeText:
    items = [item for item in f.items("items") if item.text("product")]
    first = items[0] if items else f
    missing, product = first.count("missing"), first.text("product")
    title = _("Something in your basket still waits")
    if missing and product:
        title = ngettext("%(product)s waits for %(n)s more", "%(product)s waits for %(n)s more", missing) % {
            "product": product,
            "n": missing,
        }
    others = [
        _("%(product)s: %(n)s more needed.") % {"product": item.text("product"), "n": item.count("missing")}
        for item in items[1:]
    ]
    closes = f.moment("closes_at")
    end = (
        _("What is not complete when %(round)s closes, %(moment)s, is not ordered.")
        % {"round": f.round, "moment": closes}
        if closes
        else _("What is not complete at the close is not ordered.")
    )
    return NoticeText(title, joined(*others, end), _("Help to complete it"))


def _closed(f: Facts) -> NoticeText:
    lines, lost = f.count("lines"), f.count("lost")
    title = _("%(round)s has closed: see what you get") % {"round": f.round}
    if lines and not lost:
        title = _("%(round)s has closed: you get everything") % {"round": f.round}
    elif lost and not lines:
        title = _("%(round)s has closed: nothing was reached this time") % {"round": f.round}
    got = ngettext("%(n)s product was ordered.", "%(n)s products were ordered.", lines) % {"n": lines} if lines else ""
    gone = (
        ngettext("%(n)s was not reached and costs nothing.", "%(n)s were not reached and cost nothing.", lost)
        % {"n": lost}
        if lost and lines
        else ""
    )
    saved = f.money("saved_minor") if f.count("saved_minor") else ""
    less = _("%(amount)s less than at most.") % {"amount": saved} if saved else ""
    return NoticeText(title, joined(got, gone, less, f.handover()), _("See what you get"), total=f.money("total_minor"))


def _changed(f: Facts) -> NoticeText:
    needs = f.flag("agree") or f.flag("needs_agreement")
    title = _("%(product)s was changed") % {"product": f.product}
    if needs:
        title = _("%(product)s was changed: do you still want it?") % {"product": f.product}
    body = joined(f.sentence(f.text("what")), _what_changed(f), f.reason())
    if not needs:
        return NoticeText(title, body, _("Look at it"))
    closes = f.moment("closes_at")
    agree = _("Without your agreement it is taken out of your basket.")
    if closes:
        agree = _("Agree until %(moment)s, or it is taken out of your basket.") % {"moment": closes}
    return NoticeText(title, joined(body, agree), _("Decide"))


def _what_changed(f: Facts) -> str:
    """The terms that a household feels, before and after."""
    before, after = f.part("before"), f.part("after")
    was = f.money("before_minor") or before.first_price()
    now = f.money("after_minor") or after.first_price()
    told = []
    if was and now and was != now:
        told.append(_("It costs at most %(after)s instead of %(before)s.") % {"after": now, "before": was})
    if before.count("case") and after.count("case") and before.count("case") != after.count("case"):
        counts = {"after": after.count("case"), "before": before.count("case")}
        told.append(_("A case has %(after)s instead of %(before)s.") % counts)
    if after.count("cap") and before.count("cap") != after.count("cap"):
        told.append(_("There are %(n)s of it at most.") % {"n": after.count("cap")})
    return joined(*told)


def _cut(f: Facts) -> NoticeText:
    got, asked = f.count("units"), f.count("asked") or f.count("units_before")
    title = _("There is less %(product)s than hoped") % {"product": f.product}
    if asked:
        title = _("%(product)s: you get %(got)s of %(asked)s") % {"product": f.product, "got": got, "asked": asked}
    instead = f.names("substitutes") or listed(one.text("product") for one in f.items("substitutes"))
    offered = _("Offered instead: %(names)s.") % {"names": instead} if instead else ""
    pays = _("You pay only for what you get.")
    return NoticeText(title, joined(f.reason(), offered, pays), _("See your reservation"))


def _released(f: Facts) -> NoticeText:
    lines = [line.text("product") for line in f.items("lines") if line.text("product")]
    product = f.text("product") or (lines[0] if lines else f.product)
    title = _("%(product)s was taken out of your basket") % {"product": product}
    others = _("So were: %(names)s.") % {"names": listed(lines[1:])} if lines[1:] else ""
    why = f.reason() or _("It was changed, and nobody agreed to the change in time.")
    return NoticeText(title, joined(others, why, _("It costs you nothing.")), _("See your basket"))


def _on_the_way(f: Facts) -> NoticeText:
    expected = f.moment("expected_at")
    body = _("Expected %(moment)s.") % {"moment": expected} if expected else ""
    return NoticeText(_("%(round)s is on its way to you") % {"round": f.round}, body, _("Follow it"))


def _ready(f: Facts) -> NoticeText:
    title = _("Your order is ready")
    place = f.text("moved_to") or f.place
    if place:
        title = _("Your order is ready: %(place)s") % {"place": place}
    span = f.span("starts_at", "ends_at")
    code = _("Show the code %(code)s.") % {"code": f.text("code")} if f.text("code") else ""
    return NoticeText(
        title, joined(_("Collect it %(span)s.") % {"span": span} if span else "", code), _("Show my code")
    )


def _moved(f: Facts) -> NoticeText:
    span, place = f.span("starts_at", "ends_at"), f.place
    if f.text("what") == "back":
        title = _("Your pickup is back in its place: %(place)s") % {"place": place}
        body = joined(f.sentence(f.text("address")), f.sentence(span), f.reason())
        return NoticeText(title, body, _("See your reservation"))
    title = _("The place of your pickup has changed")
    instead = _("Instead of %(place)s.") % {"place": place} if place else ""
    if f.text("moved_to"):
        title = _("Your pickup is now here: %(place)s") % {"place": f.text("moved_to")}
    elif f.text("usual_starts_at"):
        title, instead = _("The time of your pickup has changed"), f.sentence(place)
    return NoticeText(title, joined(f.sentence(span), instead, f.reason()), _("See your reservation"))


def _collected(f: Facts) -> NoticeText:
    """What was not reached and moves on to the next round, as the household agreed."""
    units, facts = f.count("units"), {"product": f.product, "round": f.round}
    closes = f.moment("closes_at")
    until = _("You can change it until %(moment)s.") % {"moment": closes} if closes else ""
    most = f.money("at_most_minor")
    price = _("At most %(price)s each.") % {"price": most} if most else ""
    if f.text("what") == "placed":
        many = ngettext("%(n)s unit is reserved.", "%(n)s units are reserved.", units) % {"n": units}
        return NoticeText(_("%(product)s moves on to %(round)s") % facts, joined(many, price, until), _("Look at it"))
    if f.text("what") == "expired":
        body = _("It was not complete in time, and nothing is collected any more. It costs you nothing.")
        return NoticeText(_("%(product)s was not reached") % facts, body, _("See your standing orders"))
    body = joined(f.reason(), _("It waits for the next round."))
    return NoticeText(_("%(product)s could not move on to %(round)s") % facts, body, _("See your standing orders"))


def _standing(f: Facts) -> NoticeText:
    if f.text("kind") == "collected":
        return _collected(f)
    lines, closes = f.count("lines"), f.moment("closes_at")
    if f.flag("paused") and not lines:
        title = _("Your standing order pauses in %(round)s") % {"round": f.round}
        return NoticeText(title, _("Nothing was reserved for you."), _("Look at the round"))
    title = _("Your standing order for %(round)s") % {"round": f.round}
    made = ngettext("%(n)s product is reserved.", "%(n)s products are reserved.", lines) % {"n": lines} if lines else ""
    gone = _("Not offered this time: %(names)s.") % {"names": f.names("gone")} if f.names("gone") else ""
    dearer = _("Dearer than last time: %(names)s.") % {"names": f.names("dearer")} if f.names("dearer") else ""
    until = _("You can change it until %(moment)s.") % {"moment": closes} if closes else ""
    return NoticeText(title, joined(made, gone, dearer, until), _("Look at it"), total=f.money("total_minor"))


def _on_behalf(f: Facts) -> NoticeText:
    title = _("The hub entered your order for %(round)s") % {"round": f.round}
    came = {
        "phone": _("You gave it by phone."),
        "paper": _("You gave it on paper."),
    }.get(f.text("via"), "")
    lines = f.many("lines")
    what = ngettext("%(n)s product.", "%(n)s products.", lines) % {"n": lines} if lines else ""
    most = f.money("at_most_minor")
    worst = _("At most %(amount)s.") % {"amount": most} if most else ""
    check = _("If something is not right, you can change it yourself or ask the hub.")
    return NoticeText(title, joined(came, what, worst, check), _("Check it"), total=f.money("total_minor"))


def _claim(f: Facts) -> NoticeText:
    about = f.text("product")
    told = {
        "open": _("We have your report") if not about else _("We have your report on %(product)s"),
        "received": _("We have your report") if not about else _("We have your report on %(product)s"),
        "accepted": _("Your report was accepted") if not about else _("Your report on %(product)s was accepted"),
        "declined": _("Your report was answered") if not about else _("Your report on %(product)s was answered"),
    }.get(f.text("state"), _("News of your report"))
    amount = f.money("amount_minor") if f.count("amount_minor") else ""
    back = _("%(amount)s comes back to you.") % {"amount": amount} if amount else ""
    return NoticeText(told % {"product": about}, joined(back, f.sentence(f.text("answer"))), _("See your report"))


def _no_show(f: Facts) -> NoticeText:
    title = _("Your order was not collected")
    until = f.moment("until")
    rule = {
        "keep": _("It is kept for you until %(moment)s.") % {"moment": until}
        if until
        else _("It is kept until the next opening."),
        "rescue": _("It was offered to others the same evening."),
        "donate": _("It was given away."),
    }.get(f.text("rule"), "")
    where = f.sentence(f.place)
    tell = _("If that is a mistake, tell the hub.")
    if f.text("hub_email"):
        tell = _("If that is a mistake, tell the hub: %(email)s.") % {"email": f.text("hub_email")}
    return NoticeText(title, joined(where, rule, tell), _("See your reservation"))


def _wish(f: Facts) -> NoticeText:
    title = _("What you wished for is offered: %(product)s") % {"product": f.product}
    closes = f.moment("closes_at")
    body = _("In %(round)s.") % {"round": f.round} if f.text("round") else ""
    until = _("You can reserve until %(moment)s.") % {"moment": closes} if closes else ""
    return NoticeText(title, joined(body, until), _("See the offer"))


_TABLE: Mapping[NoticeKind, Callable[[Facts], NoticeText]] = {
    _K.OPENS: _opens,
    _K.CLOSES_SOON: _closes_soon,
    _K.UNITS_WAIT: _units_wait,
    _K.CLOSED: _closed,
    _K.CHANGED: _changed,
    _K.CUT: _cut,
    _K.RELEASED: _released,
    _K.ON_THE_WAY: _on_the_way,
    _K.READY: _ready,
    _K.MOVED: _moved,
    _K.STANDING: _standing,
    _K.ON_BEHALF: _on_behalf,
    _K.CLAIM: _claim,
    _K.NO_SHOW: _no_show,
    _K.MESSAGE: people.message,
    _K.INVITATION: people.invitation,
    _K.MEMBERSHIP: people.membership,
    _K.GROUP: people.group,
    _K.SHIFT: people.shift,
    _K.HAND_OUT: people.hand_out,
    _K.WISH: _wish,
}


def kinds_without_words() -> Iterable[NoticeKind]:
    """Kinds that nobody has written sentences for: none."""
    return [kind for kind in NoticeKind if kind not in _TABLE]
