"""Bring new usual terms into windows that are planned and not announced yet."""

from collections.abc import Collection

from django.db import transaction

from marketplace import clock, locks
from marketplace.actions.catalogue.template_terms import terms_after, terms_at_hand, write_terms
from marketplace.models import Offer, OfferChange, OfferTemplate, OrderingWindow, User
from marketplace.queries.catalogue import templates_of
from marketplace.rules.states import WindowState

_AT_ONCE = 500


@transaction.atomic
def adopt_templates(
    *, product_ids: Collection[int], window_ids: Collection[int] | None = None, reason: str = "", by: User
) -> int:
    """How many offers took their products' usual terms, in all drafts or in the named ones. Offers that were announced
    stay as they are. Who may is the caller's question. Each change is in the offer's history."""
    wanted = frozenset(product_ids)
    offers = Offer.objects.filter(window__state=WindowState.DRAFT, from_stock=False, product__templates__isnull=False)
    if window_ids is not None:
        offers = offers.filter(window__in=window_ids)
    drafts = sorted({window for window, product in offers.values_list("window_id", "product_id") if product in wanted})
    return sum(_adopt(window_id, wanted, reason, by) for window_id in drafts)


def _adopt(window_id: int, product_ids: frozenset[int], reason: str, by: User) -> int:
    locks.window_exclusive(window_id)
    window = OrderingWindow.objects.select_related("round__hub").get(pk=window_id)
    if window.state != WindowState.DRAFT:
        return 0
    rows = window.offers.filter(from_stock=False).select_related("capacity").prefetch_related("steps").order_by("pk")
    offers = [offer for offer in rows if offer.product_id in product_ids]
    templates = templates_of([offer.product_id for offer in offers], window.round.hub.currency)
    pairs = [(offer, templates[offer.product_id]) for offer in offers if offer.product_id in templates]
    differing = [(offer, template) for offer, template in pairs if _differs(offer, template)]
    OfferChange.objects.bulk_create(
        [_change(offer, template, reason, by) for offer, template in differing], batch_size=_AT_ONCE
    )
    for offer, _template in differing:
        offer.version += 1
    write_terms([offer for offer, _template in differing], templates)
    return len(differing)


def _differs(offer: Offer, template: OfferTemplate) -> bool:
    now = terms_at_hand(offer)
    return bool(template.ladder) and terms_after(now, template) != now


def _change(offer: Offer, template: OfferTemplate, reason: str, by: User) -> OfferChange:
    before = terms_at_hand(offer)
    return OfferChange(
        offer=offer,
        version=offer.version + 1,
        before=before.as_json(),
        after=terms_after(before, template).as_json(),
        needs_agreement=False,
        reason=reason[:200],
        by=by,
        changed_at=clock.now(),
    )
