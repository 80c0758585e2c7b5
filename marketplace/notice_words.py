"""What each kind of notice says, from its facts, in the reader's language: for inbox, mail and push alike.

A fact may be missing: the sentence gets shorter, it never fails. Times are in the zone that the facts name, which is
named too. Amounts come as minor units with their currency.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.notice_phrases import Facts, fallback_title
from marketplace.rules.notice_texts import NoticeText
from marketplace.rules.notices import NoticeKind

_K = NoticeKind


def notice_text(kind: str, facts: Mapping[str, Any], now: datetime) -> NoticeText:
    """The words of a notice in the active language. An unknown kind, or facts that cannot be read, get plain ones."""
    try:
        return _TABLE[NoticeKind(kind)](Facts(facts, now))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return NoticeText(fallback_title(), action=_("Open"))


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _opens(f: Facts) -> NoticeText:
    title = _("%(round)s is open") % {"round": f.round}
    closes = f.moment("closes_at")
    body = _("You can reserve until %(moment)s.") % {"moment": closes} if closes else ""
    return NoticeText(title, _joined(body, f.at_hub()), _("See what there is"))


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
    return NoticeText(title, _joined(held, until % {"moment": closes} if closes else ""), _("Look at the round"))


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
    return NoticeText(title, _joined(*others, end), _("Help to complete it"))


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
    return NoticeText(
        title, _joined(got, gone, less, f.handover()), _("See what you get"), total=f.money("total_minor")
    )


def _changed(f: Facts) -> NoticeText:
    title = _("%(product)s was changed") % {"product": f.product}
    before, after = f.money("before_minor"), f.money("after_minor")
    price = _("It costs %(after)s instead of %(before)s.") % {"after": after, "before": before} if before else ""
    what, reason = f.text("what"), f.reason()
    closes = f.moment("closes_at")
    if not f.flag("agree"):
        return NoticeText(title, _joined(f.sentence(what), price if after else "", reason), _("Look at it"))
    agree = _("Without your agreement it is taken out of your basket.")
    if closes:
        agree = _("Agree until %(moment)s, or it is taken out of your basket.") % {"moment": closes}
    title = _("%(product)s was changed: do you still want it?") % {"product": f.product}
    return NoticeText(title, _joined(f.sentence(what), price if after else "", reason, agree), _("Decide"))


def _cut(f: Facts) -> NoticeText:
    got, asked = f.count("units"), f.count("asked")
    title = _("There is less %(product)s than hoped") % {"product": f.product}
    if asked:
        title = _("%(product)s: you get %(got)s of %(asked)s") % {"product": f.product, "got": got, "asked": asked}
    pays = _("You pay only for what you get.")
    return NoticeText(title, _joined(f.reason(), pays), _("See your reservation"))


def _released(f: Facts) -> NoticeText:
    title = _("%(product)s was taken out of your basket") % {"product": f.product}
    return NoticeText(title, _joined(f.reason(), _("It costs you nothing.")), _("See your basket"))


def _on_the_way(f: Facts) -> NoticeText:
    expected = f.moment("expected_at")
    body = _("Expected %(moment)s.") % {"moment": expected} if expected else ""
    return NoticeText(_("%(round)s is on its way to you") % {"round": f.round}, body, _("Follow it"))


def _ready(f: Facts) -> NoticeText:
    title = _("Your order is ready")
    if f.text("place"):
        title = _("Your order is ready: %(place)s") % {"place": f.text("place")}
    span = f.span("starts_at", "ends_at")
    code = _("Show the code %(code)s.") % {"code": f.text("code")} if f.text("code") else ""
    return NoticeText(
        title, _joined(_("Collect it %(span)s.") % {"span": span} if span else "", code), _("Show my code")
    )


def _moved(f: Facts) -> NoticeText:
    title = _("The place of your pickup has changed")
    if f.text("moved_to"):
        title = _("Your pickup is now here: %(place)s") % {"place": " ".join(f.text("moved_to").split())}
    span = f.span("starts_at", "ends_at")
    instead = _("Instead of %(place)s.") % {"place": f.text("place")} if f.text("place") else ""
    return NoticeText(title, _joined(f.sentence(span), instead, f.reason()), _("See your reservation"))


def _standing(f: Facts) -> NoticeText:
    lines, closes = f.count("lines"), f.moment("closes_at")
    if f.flag("paused"):
        title = _("Your standing order pauses in %(round)s") % {"round": f.round}
        return NoticeText(title, _("Nothing was reserved for you."), _("Look at the round"))
    title = _("Your standing order for %(round)s") % {"round": f.round}
    made = ngettext("%(n)s product is reserved.", "%(n)s products are reserved.", lines) % {"n": lines} if lines else ""
    gone = _("Not offered this time: %(names)s.") % {"names": f.names("gone")} if f.names("gone") else ""
    dearer = _("Dearer than last time: %(names)s.") % {"names": f.names("dearer")} if f.names("dearer") else ""
    until = _("You can change it until %(moment)s.") % {"moment": closes} if closes else ""
    return NoticeText(title, _joined(made, gone, dearer, until), _("Look at it"), total=f.money("total_minor"))


def _on_behalf(f: Facts) -> NoticeText:
    title = _("The hub entered your order for %(round)s") % {"round": f.round}
    came = {
        "phone": _("You gave it by phone."),
        "paper": _("You gave it on paper."),
    }.get(f.text("via"), "")
    lines = f.count("lines")
    what = ngettext("%(n)s product.", "%(n)s products.", lines) % {"n": lines} if lines else ""
    check = _("If something is not right, you can change it yourself or ask the hub.")
    return NoticeText(title, _joined(came, what, check), _("Check it"), total=f.money("total_minor"))


def _claim(f: Facts) -> NoticeText:
    about = f.text("product")
    told = {
        "received": _("We have your report") if not about else _("We have your report on %(product)s"),
        "accepted": _("Your report was accepted") if not about else _("Your report on %(product)s was accepted"),
        "declined": _("Your report was answered") if not about else _("Your report on %(product)s was answered"),
    }.get(f.text("state"), _("News of your report"))
    amount = f.money("amount_minor") if f.count("amount_minor") else ""
    back = _("%(amount)s comes back to you.") % {"amount": amount} if amount else ""
    return NoticeText(told % {"product": about}, _joined(back, f.sentence(f.text("answer"))), _("See your report"))


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
    return NoticeText(title, _joined(rule, _("If that is a mistake, tell the hub.")), _("See your reservation"))


def _message(f: Facts) -> NoticeText:
    about = f.text("about") or f.text("round")
    asks = f.flag("asks")
    who = {
        "household": _("A household asks") if asks else _("A household wrote"),
        "host": _("Your pickup point asks") if asks else _("Your pickup point wrote"),
        "hub": _("The hub asks") if asks else _("The hub wrote"),
        "merchant": _("The merchant asks") if asks else _("The merchant wrote"),
    }.get(f.text("side"), _("There is a new message"))
    title = _("%(who)s: %(about)s") % {"who": who, "about": about} if about else who
    body = _("An answer is waited for.") if asks else ""
    return NoticeText(title, body, _("Answer") if asks else _("Read it"))


def _invitation(f: Facts) -> NoticeText:
    by, household = f.text("by"), f.text("household")
    title = _("You were invited to a household")
    if by and household:
        title = _("%(by)s invites you to the household %(household)s") % {"by": by, "household": household}
    return NoticeText(title, _("You would reserve and pay together."), _("Look at the invitation"))


def _membership(f: Facts) -> NoticeText:
    hub, household = f.hub, f.text("household")
    asked = _("Somebody would like to order at %(hub)s")
    if household:
        asked = _("%(household)s would like to order at %(hub)s")
    title = {
        "asked": asked,
        "trial": _("You can try %(hub)s"),
        "active": _("You can order at %(hub)s"),
        "declined": _("%(hub)s did not take you in"),
        "left": _("You no longer order at %(hub)s"),
    }.get(f.text("state"), _("News of your membership at %(hub)s"))
    return NoticeText(title % {"hub": hub, "household": household}, f.sentence(f.text("answer")), _("See more"))


def _group(f: Facts) -> NoticeText:
    facts = {"who": f.text("who") or _("A household"), "group": f.text("group") or _("your group")}
    title = {
        "joined": _("%(who)s joined %(group)s"),
        "left": _("%(who)s left %(group)s"),
        "moved": _("%(group)s has another pickup point"),
        "started": _("%(group)s has started"),
    }.get(f.text("event"), _("News of %(group)s"))
    return NoticeText(title % facts, "", _("See the group"))


def _shift(f: Facts) -> NoticeText:
    facts = {"shift": f.text("title") or _("a shift"), "place": f.text("place")}
    title = {
        "gap": _("Somebody is needed: %(shift)s"),
        "taken": _("You are down for %(shift)s"),
        "freed": _("A shift became free: %(shift)s"),
        "tomorrow": _("Tomorrow: %(shift)s"),
    }.get(f.text("event"), _("News of a shift: %(shift)s"))
    span = f.span("starts_at", "ends_at")
    return NoticeText(title % facts, _joined(f.sentence(span), f.sentence(f.text("place"))), _("See the shifts"))


def _hand_out(f: Facts) -> NoticeText:
    title = _("Your list to hand out %(round)s") % {"round": f.round}
    households = f.count("households")
    many = ngettext("%(n)s household collects.", "%(n)s households collect.", households) % {"n": households}
    begins = f.moment("starts_at")
    starts = _("It begins %(moment)s.") % {"moment": begins} if begins else ""
    return NoticeText(
        title, _joined(starts, many if households else "", f.sentence(f.text("place"))), _("Open the list")
    )


def _wish(f: Facts) -> NoticeText:
    title = _("What you wished for is offered: %(product)s") % {"product": f.product}
    closes = f.moment("closes_at")
    body = _("In %(round)s.") % {"round": f.round} if f.text("round") else ""
    until = _("You can reserve until %(moment)s.") % {"moment": closes} if closes else ""
    return NoticeText(title, _joined(body, until), _("See the offer"))


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
    _K.MESSAGE: _message,
    _K.INVITATION: _invitation,
    _K.MEMBERSHIP: _membership,
    _K.GROUP: _group,
    _K.SHIFT: _shift,
    _K.HAND_OUT: _hand_out,
    _K.WISH: _wish,
}


def kinds_without_words() -> Iterable[NoticeKind]:
    """Kinds that nobody has written sentences for: none."""
    return [kind for kind in NoticeKind if kind not in _TABLE]
