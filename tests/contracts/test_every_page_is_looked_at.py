"""Every address that shows a page is among those that the browser looks at: a new page cannot be forgotten."""

import re
from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, resolve

from marketplace import urls
from marketplace.admin.desks import hub_desk, merchant_desk
from tests.browser.every_page import PAGES, STEPS, UNFOLD

# What is only posted to, by name.
POSTED = {
    *("logout", "account_logout", "language", "take_place", "follow_hub", "remind", "cancel", "consent", "push"),
    *("leave_group", "hand_over_group", "remove_member", "renew_invitation", "hand_out_mail", "move_back"),
    *("revoke_deputy", "remove_shift", "copy_shifts", "help_in_shift", "household_invite", "household_choose"),
    *("household_withdraw", "share_answer", "inbox_read", "thread_settle", "thread_pass_on", "standing_keep"),
    *("absence_add", "absence_remove", "standing_pause", "standing_resume", "standing_stop", "standing_skip"),
    *("wish_withdraw", "wish_reject", "rate", "end_device", "end_other_devices", "mfa_login_webauthn"),
    *("mfa_reauthenticate_webauthn",),
}
# Files, fragments and answers for scripts; a notice leads on to what it is about.
NOT_PAGES = {
    *("live", "calendar", "bundle", "picture", "manifest", "service_worker", "join_card", "hand_out_ticks"),
    *("deputy_ticks", "export_json", "export_csv", "inbox_unread", "inbox_notice", "reservation_news"),
    *("claim_photo", "mfa_download_recovery_codes"),
}
_ORDER = "marketplace_purchaseorder_"
POSTED_AT_DESKS = {
    *(f"{_ORDER}{name}" for name in ("release", "send_again", "hold", "acknowledge", "pack", "revoke_link")),
    *("marketplace_offer_pledge_withdraw", "marketplace_supplybreak_end", "marketplace_product_export"),
}
# The same page as one that is looked at, under an invitation.
SAME_PAGE = {"hub_join_invited"}
UNFOLDS_OWN = re.compile(r"_(changelist|add|change|delete|history|autocomplete)$")
FACT = re.compile(r"\{\w+\}")
# Facts that stand where an address asks for a word, and not for a number.
WORDS = {"{invitation}", "{share_link}", "{household_invitation}", "{stop}", "{deputy}", "{order_link}"}


def patterns(found: Iterable[object]) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        elif isinstance(one, URLPattern):
            yield one


def named(addresses: tuple[str, ...]) -> set[str]:
    """The names of what stands behind these addresses."""
    filled = [FACT.sub(lambda fact: "word" if fact[0] in WORDS else "1", one.split("?")[0]) for one in addresses]
    return {resolve(address).url_name or "" for address in filled if address != "/nowhere/"}


def test_every_page_of_the_house_is_looked_at_by_the_browser() -> None:
    here = {resolve_name for pattern in patterns(urls.urlpatterns) if (resolve_name := pattern.name)}
    seen = named(tuple(address for addresses in PAGES.values() for address in addresses))
    same = {name for name in here if name in ("account_login", "account_request_login_code", "mfa_index")}
    same |= {"mfa_list_webauthn"} & here
    assert here - seen - STEPS - POSTED - NOT_PAGES - SAME_PAGE - same == set()


def test_no_name_is_excused_that_the_house_does_not_have() -> None:
    here = {pattern.name for one in (urls.urlpatterns, merchant_desk.get_urls()) for pattern in patterns(one)}
    assert (STEPS | POSTED | NOT_PAGES | SAME_PAGE) - here == set()


def test_every_page_of_ours_on_the_desks_is_looked_at_by_the_browser() -> None:
    ours = {
        pattern.name
        for desk in (merchant_desk, hub_desk)
        for pattern in patterns(desk.get_urls())
        if pattern.name and pattern.name.startswith("marketplace_") and not UNFOLDS_OWN.search(pattern.name)
    }
    seen = named(tuple(address for addresses in PAGES.values() for address in addresses))
    assert ours - seen - STEPS - POSTED_AT_DESKS == set()


def test_every_list_of_the_desks_is_looked_at_by_the_browser() -> None:
    lists = {
        f"/{desk.name}/marketplace/{model._meta.model_name}/"
        for desk in (merchant_desk, hub_desk)
        for model in desk._registry
    }
    looked_at = {address for addresses in (*UNFOLD.values(), *PAGES.values()) for address in addresses}
    assert lists - looked_at == set()
