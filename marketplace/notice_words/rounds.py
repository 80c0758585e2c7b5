"""What notices about a round say: it opens, closes, waits for more, has closed, offers what somebody wished for."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.notice_phrases import Facts, joined
from marketplace.rules.notice_texts import NoticeText


def opens(f: Facts) -> NoticeText:
    title = _("%(round)s is open") % {"round": f.round}
    closes = f.moment("closes_at")
    body = _("You can reserve until %(moment)s.") % {"moment": closes} if closes else ""
    return NoticeText(title, joined(body, f.at_hub()), _("See what there is"))


def closes_soon(f: Facts) -> NoticeText:
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


def units_wait(f: Facts) -> NoticeText:
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


def closed(f: Facts) -> NoticeText:
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


def wish(f: Facts) -> NoticeText:
    title = _("What you wished for is offered: %(product)s") % {"product": f.product}
    closes = f.moment("closes_at")
    body = _("In %(round)s.") % {"round": f.round} if f.text("round") else ""
    until = _("You can reserve until %(moment)s.") % {"moment": closes} if closes else ""
    return NoticeText(title, joined(body, until), _("See the offer"))
