"""Remember many products at once, as remember_product remembers one."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import F

from marketplace.actions.search.remember_product import dictionary_words, search_text_of
from marketplace.models import Product, SearchWord

_AT_ONCE = 500


def remember_products(*, products: Sequence[Product], before: Mapping[int, str]) -> int:
    """Bring the search texts of saved products up to date; how many changed. Joins the caller's transaction.

    `before`: the text that each was found by, by its id; one that is left out is new. Merchant and category of each
    are at hand. A handful of queries for each five hundred products.
    """
    more: Counter[str] = Counter()
    fewer: Counter[str] = Counter()
    changed = []
    for product in products:
        text, old = search_text_of(product), before.get(product.pk, "")
        if text == old:
            continue
        product.search_text = text
        changed.append(product)
        more.update(dictionary_words(text) - dictionary_words(old))
        fewer.update(dictionary_words(old) - dictionary_words(text))
    Product.objects.bulk_update(changed, ["search_text"], batch_size=_AT_ONCE)
    SearchWord.objects.bulk_create(
        [SearchWord(word=word, length=len(word)) for word in sorted(more)], ignore_conflicts=True, batch_size=_AT_ONCE
    )
    _count({word: more[word] - fewer[word] for word in more.keys() | fewer.keys()})
    return len(changed)


def _count(by_word: Mapping[str, int]) -> None:
    """Add to the uses of words, those with the same number together."""
    together: dict[int, list[str]] = {}
    for word, uses in by_word.items():
        together.setdefault(uses, []).append(word)
    for uses, words in sorted(together.items()):
        for start in range(0, len(words), _AT_ONCE):
            some = SearchWord.objects.filter(word__in=sorted(words[start : start + _AT_ONCE]))
            if uses > 0:
                some.update(uses=F("uses") + uses)
            elif uses < 0:
                some.filter(uses__gte=-uses).update(uses=F("uses") + uses)
