"""Rebuild what search knows: every product's search text and the dictionary of their words."""

from collections import Counter

from django.db import transaction

from marketplace.actions.search.remember_product import dictionary_words, search_text_of
from marketplace.models import Product, SearchWord

_AT_ONCE = 500


@transaction.atomic
def rebuild_search() -> tuple[int, int]:
    """How many products changed, and how many words the dictionary holds now. Rebuilding twice changes nothing."""
    uses: Counter[str] = Counter()
    changed: list[Product] = []
    products = Product.objects.select_related("merchant", "category").order_by("pk")
    for product in products.iterator(chunk_size=_AT_ONCE):
        text = search_text_of(product)
        uses.update(dictionary_words(text))
        if text != product.search_text:
            product.search_text = text
            changed.append(product)
    Product.objects.bulk_update(changed, ["search_text"], batch_size=_AT_ONCE)
    _forget_unused(uses)
    SearchWord.objects.bulk_create(
        [SearchWord(word=word, length=len(word), uses=many) for word, many in sorted(uses.items())],
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["uses"],
        batch_size=_AT_ONCE,
    )
    return len(changed), len(uses)


def _forget_unused(uses: Counter[str]) -> None:
    """Words that no product has any more go; asked for in parts, as a database bounds the values of one question."""
    gone = [word for word in SearchWord.objects.values_list("word", flat=True).iterator() if word not in uses]
    for start in range(0, len(gone), _AT_ONCE):
        SearchWord.objects.filter(word__in=gone[start : start + _AT_ONCE]).delete()
