"""What notices between people say: questions, invitations, membership, groups and their shifts (notice_words.py)."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.notice_phrases import Facts, joined
from marketplace.rules.notice_texts import NoticeText


def message(f: Facts) -> NoticeText:
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


def invitation(f: Facts) -> NoticeText:
    what = f.text("what")
    if what.startswith("share_"):
        return _share(f, what)
    person, household = f.text("person") or f.text("by"), f.text("household")
    facts = {"person": person or _("Somebody"), "household": household or _("your household")}
    if what == "household_joined":
        title = _("%(person)s joined %(household)s") % facts
        return NoticeText(title, _("You reserve and pay together now."), _("See your household"))
    if what == "household_left":
        title = _("%(person)s is no longer in %(household)s") % facts
        return NoticeText(title, _("What was reserved stays as it is."), _("See your household"))
    title = _("You were invited to a household")
    if person and household:
        title = _("%(person)s invites you to the household %(household)s") % facts
    return NoticeText(title, _("You would reserve and pay together."), _("Look at the invitation"))


def _share(f: Facts, what: str) -> NoticeText:
    facts = {
        "household": f.text("household") or _("A household"),
        "other": f.text("other_household") or _("The other household"),
        "parts": f.count("parts"),
        "total": f.count("total_parts"),
        "product": f.product,
    }
    title = {
        "share_offered": _("%(household)s offers you %(parts)s of %(total)s parts of %(product)s"),
        "share_accepted": _("%(other)s takes %(parts)s of %(total)s parts of %(product)s"),
        "share_declined": _("%(other)s does not take a part of %(product)s"),
        "share_withdrawn": _("%(household)s took back its offer to share %(product)s"),
        "share_unaccepted": _("Nobody took the other part of %(product)s"),
    }.get(what, _("News of your shared %(product)s"))
    closes = f.moment("closes_at")
    body = ""
    if what == "share_offered" and closes:
        body = _("Answer until %(moment)s.") % {"moment": closes}
    elif what in ("share_declined", "share_unaccepted"):
        body = _("The whole line is yours.")
    return NoticeText(title % facts, body, _("Decide") if what == "share_offered" else _("Look at it"))


def membership(f: Facts) -> NoticeText:
    state, household = f.text("what") or f.text("state"), f.text("household")
    facts = {"hub": f.hub, "household": household or _("A household")}
    title = {
        "asked": _("%(household)s would like to order at %(hub)s"),
        "trial": _("You can try %(hub)s"),
        "trial_used": _("Your trial orders at %(hub)s are used"),
        "active": _("You can order at %(hub)s"),
        "member": _("You can order at %(hub)s"),
        "declined": _("%(hub)s did not take you in"),
        "refused": _("%(hub)s did not take you in"),
        "left": _("You no longer order at %(hub)s"),
    }.get(state, _("News of your membership at %(hub)s"))
    body = joined(_next_of(f, state), f.reason(), f.sentence(f.text("answer")))
    return NoticeText(title % facts, body, _("See who asks") if state == "asked" else _("See more"))


def _next_of(f: Facts, state: str) -> str:
    """What follows from a membership's new state."""
    left, fee = f.count("trial_orders_left"), f.money("fee_minor") if f.count("fee_minor") else ""
    if state == "trial" and left:
        return ngettext("You have %(n)s order to try it.", "You have %(n)s orders to try it.", left) % {"n": left}
    if state in ("member", "active") and fee:
        return _("The fee is %(amount)s.") % {"amount": fee}
    if state == "trial_used":
        asked = _("The hub decides whether you join, and was told.")
        become = _("Become a member to go on; the fee is %(amount)s.") % {"amount": fee}
        return asked if f.text("join_policy") == "approval" else become if fee else _("Become a member to go on.")
    return ""


def group(f: Facts) -> NoticeText:
    facts = {
        "who": f.text("who") or f.text("household") or f.text("person") or _("A household"),
        "group": f.text("group") or _("your group"),
    }
    title = {
        "joined": _("%(who)s joined %(group)s"),
        "left": _("%(who)s left %(group)s"),
        "removed": _("You are no longer in %(group)s"),
        "host": _("You are the host of %(group)s now"),
        "place": _("%(group)s proposes its own pickup point"),
        "moved": _("%(group)s has another pickup point"),
        "started": _("%(group)s has started"),
    }.get(f.text("what") or f.text("event"), _("News of %(group)s"))
    return NoticeText(title % facts, f.sentence(f.text("address")), _("Look at it"))


def shift(f: Facts) -> NoticeText:
    facts = {"shift": f.text("task") or f.text("title") or _("a shift"), "person": f.text("person") or _("Somebody")}
    title = {
        "gap": _("Somebody is needed: %(shift)s"),
        "taken": _("You are down for %(shift)s"),
        "stepped_back": _("%(person)s cannot do %(shift)s"),
        "removed": _("The shift is no longer needed: %(shift)s"),
        "freed": _("A shift became free: %(shift)s"),
        "tomorrow": _("Tomorrow: %(shift)s"),
    }.get(f.text("what") or f.text("event"), _("News of a shift: %(shift)s"))
    missing, needed = f.count("missing"), f.count("needed")
    gap = _missing(missing, needed) if missing else ""
    body = joined(gap, f.sentence(f.span("starts_at", "ends_at")), f.sentence(f.place))
    return NoticeText(title % facts, body, _("See the shifts"))


def _missing(missing: int, needed: int) -> str:
    text = ngettext("%(missing)s of %(needed)s is missing.", "%(missing)s of %(needed)s are missing.", missing)
    return text % {"missing": missing, "needed": needed}


def hand_out(f: Facts) -> NoticeText:
    title = _("Your list to hand out %(round)s") % {"round": f.round}
    households = f.count("households")
    many = ngettext("%(n)s household collects.", "%(n)s households collect.", households) % {"n": households}
    begins = f.moment("starts_at")
    starts = _("It begins %(moment)s.") % {"moment": begins} if begins else ""
    body = joined(starts, many if households else "", f.sentence(f.place))
    return NoticeText(title, body, _("Open the list"))
