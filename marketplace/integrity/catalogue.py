"""Catalogues: usual terms that can be offered, a history that ends with what is, breaks that keep a merchant out."""

from collections.abc import Iterator

from django.db.models import F, Prefetch

from marketplace.models import CatalogueChange, LeftOut, OfferTemplate, Pledge, Product, TemplateStep, WindowSupply
from marketplace.queries.catalogue import terms_values, values_of
from marketplace.rules.catalogue.columns import LADDER, OF_TEMPLATE
from marketplace.rules.catalogue.terms_rules import terms_problems

BATCH = 500
# Named by lists that the platform keeps: another name there is no change of the product.
_SHARED = frozenset({"category", "tax", "deposit"})


def check_usual_terms_can_be_offered() -> Iterator[str]:
    """Every template has a lawful ladder, and terms that fit each other."""
    steps = Prefetch("steps", queryset=TemplateStep.objects.order_by("from_quantity"))
    for template in OfferTemplate.objects.order_by("pk").prefetch_related(steps).iterator(chunk_size=BATCH):
        values = terms_values(template)
        if not values[LADDER]:
            yield f"the usual terms of product {template.product_id} have no price"
            continue
        for place, broken in terms_problems(values):
            yield f"the usual terms of product {template.product_id}: {place}: {broken}"


def check_the_history_of_a_product_ends_with_what_it_is() -> Iterator[str]:
    """The newest change of each column is its value now."""
    ids = sorted(set(CatalogueChange.objects.values_list("product_id", flat=True)))
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        newest: dict[int, dict[tuple[str, str], object]] = {pk: {} for pk in part}
        changes = CatalogueChange.objects.filter(product__in=part).order_by("pk")
        for pk, currency, after in changes.values_list("product_id", "currency", "after"):
            for name, value in after.items():
                newest[pk][currency if name in OF_TEMPLATE else "", name] = value
        rows = Product.objects.filter(pk__in=part).select_related("category", "tax_class", "deposit_type")
        for product in rows.prefetch_related("templates__steps"):
            terms = {template.currency: terms_values(template) for template in product.templates.all()}
            now = {"": values_of(product, None), **terms}
            for (currency, name), value in newest[product.pk].items():
                if name not in _SHARED and now.get(currency, {}).get(name) != value:
                    yield f"product {product.pk}: {name} {currency} is not what its history ends with"


def check_who_is_left_out_of_a_window_does_not_supply_it() -> Iterator[str]:
    for left in LeftOut.objects.all():
        if WindowSupply.objects.filter(window=left.window_id, supply=left.supply_id).exists():
            yield f"window {left.window_id} has supply {left.supply_id}, which is left out of it"


def check_pledges_stand_only_where_the_offer_changed_with_them() -> Iterator[str]:
    """A pledge that stands and changed something has left a change of its offer."""
    standing = Pledge.objects.filter(state=Pledge.State.STANDING).exclude(before=F("after"))
    for pledge in standing.filter(offer__changes__isnull=True):
        yield f"pledge {pledge.pk} stands, and its offer was never changed"


CHECKS = (
    check_usual_terms_can_be_offered,
    check_the_history_of_a_product_ends_with_what_it_is,
    check_who_is_left_out_of_a_window_does_not_supply_it,
    check_pledges_stand_only_where_the_offer_changed_with_them,
)
