"""What notices about the goods say, from the van to the claim."""

from django.utils.translation import gettext as _

from marketplace.notice_phrases import Facts, joined
from marketplace.rules.notice_texts import NoticeText


def on_the_way(f: Facts) -> NoticeText:
    expected = f.moment("expected_at")
    body = _("Expected %(moment)s.") % {"moment": expected} if expected else ""
    return NoticeText(_("%(round)s is on its way to you") % {"round": f.round}, body, _("Follow it"))


def ready(f: Facts) -> NoticeText:
    title = _("Your order is ready")
    place = f.text("moved_to") or f.place
    if place:
        title = _("Your order is ready: %(place)s") % {"place": place}
    span = f.span("starts_at", "ends_at")
    code = _("Show the code %(code)s.") % {"code": f.text("code")} if f.text("code") else ""
    return NoticeText(
        title, joined(_("Collect it %(span)s.") % {"span": span} if span else "", code), _("Show my code")
    )


def moved(f: Facts) -> NoticeText:
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


def claim(f: Facts) -> NoticeText:
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


def no_show(f: Facts) -> NoticeText:
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
