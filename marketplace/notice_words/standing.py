"""What notices about reservations say that somebody or something else made: standing, collected, on behalf."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.notice_phrases import Facts, joined
from marketplace.rules.notice_texts import NoticeText


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
        return NoticeText(_("%(product)s was not reached") % facts, body, _("See your standing reservations"))
    body = joined(_why_not(f.text("reason")), _("It waits for the next round."))
    return NoticeText(
        _("%(product)s could not move on to %(round)s") % facts, body, _("See your standing reservations")
    )


def _why_not(code: str) -> str:
    """Why a round did not take it; empty for a reason that the next round's page tells better."""
    return {
        "stock-short": _("There was not enough of it left."),
        "handover-full": _("Your pickup place is full this time."),
        "membership-needed": _("The hub knows its households, and yours has not joined it yet."),
        "credit-limit-exceeded": _("Your credit at the hub does not cover it."),
    }.get(code, "")


def standing(f: Facts) -> NoticeText:
    if f.text("kind") == "collected":
        return _collected(f)
    lines, closes = f.count("lines"), f.moment("closes_at")
    if f.flag("paused") and not lines:
        title = _("Your standing reservations rest in %(round)s") % {"round": f.round}
        return NoticeText(title, _("Nothing was reserved for you."), _("Look at the round"))
    title = _("Your standing reservations for %(round)s") % {"round": f.round}
    made = ngettext("%(n)s product is reserved.", "%(n)s products are reserved.", lines) % {"n": lines} if lines else ""
    gone = _("Not offered this time: %(names)s.") % {"names": f.names("gone")} if f.names("gone") else ""
    dearer = _("Dearer than last time: %(names)s.") % {"names": f.names("dearer")} if f.names("dearer") else ""
    until = _("You can change it until %(moment)s.") % {"moment": closes} if closes else ""
    return NoticeText(title, joined(made, gone, dearer, until), _("Look at it"), total=f.money("total_minor"))


def on_behalf(f: Facts) -> NoticeText:
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
