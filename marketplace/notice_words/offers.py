"""What notices about offers in a basket say: changed, cut, taken out."""

from django.utils.translation import gettext as _

from marketplace.notice_phrases import Facts, joined
from marketplace.rules.notice_texts import NoticeText
from marketplace.words import listed


def changed(f: Facts) -> NoticeText:
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
    earlier = before.later_steps()
    for units, price in after.later_steps().items():
        if price and earlier.get(units) != price:
            told.append(_("From %(units)s units in all everybody pays %(price)s.") % {"units": units, "price": price})
    if before.count("case") and after.count("case") and before.count("case") != after.count("case"):
        counts = {"after": after.count("case"), "before": before.count("case")}
        told.append(_("A case has %(after)s instead of %(before)s.") % counts)
    if after.count("cap") and before.count("cap") != after.count("cap"):
        told.append(_("There are %(n)s of it at most.") % {"n": after.count("cap")})
    return joined(*told)


def cut(f: Facts) -> NoticeText:
    if f.items("lines"):
        return _short(f)
    got, asked = f.count("units"), f.count("asked") or f.count("units_before")
    title = _("There is less %(product)s than hoped") % {"product": f.product}
    if asked:
        title = _("%(product)s: you get %(got)s of %(asked)s") % {"product": f.product, "got": got, "asked": asked}
    instead = f.names("substitutes") or listed(one.text("product") for one in f.items("substitutes"))
    offered = _("Offered instead: %(names)s.") % {"names": instead} if instead else ""
    pays = _("You pay only for what you get.")
    return NoticeText(title, joined(f.reason(), offered, pays), _("See your reservation"))


def _short(f: Facts) -> NoticeText:
    """After the close: what the merchant sends, line by line; of some more comes after all."""
    lines = f.items("lines")
    title = _("%(round)s: what you get has changed") % {"round": f.round}
    if len(lines) == 1:
        title = _("%(product)s: you get %(got)s of %(asked)s") % _counts(lines[0])
    told = []
    for line in lines:
        if len(lines) > 1:
            told.append(_("%(product)s: %(got)s of %(asked)s.") % _counts(line))
        instead = listed(f"{one.count('units')} × {one.text('product')}" for one in line.items("substitutes"))
        told.append(_("Instead you get %(names)s.") % {"names": instead} if instead else "")
        told.append(line.reason())
    pays = _("You pay only for what you get.")
    if all(line.flag("more") for line in lines):
        pays = _("More comes than was said before.")
    return NoticeText(title, joined(*told, pays), _("See your reservation"))


def _counts(line: Facts) -> dict[str, object]:
    return {"product": line.product, "got": line.count("units"), "asked": line.count("asked")}


def released(f: Facts) -> NoticeText:
    lines = [line.text("product") for line in f.items("lines") if line.text("product")]
    product = f.text("product") or (lines[0] if lines else f.product)
    title = _("%(product)s was taken out of your basket") % {"product": product}
    others = _("So were: %(names)s.") % {"names": listed(lines[1:])} if lines[1:] else ""
    why = f.reason() or _("It was changed, and nobody agreed to the change in time.")
    return NoticeText(title, joined(others, why, _("It costs you nothing.")), _("See your basket"))
