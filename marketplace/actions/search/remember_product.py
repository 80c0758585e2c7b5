"""Remember a product: what it is found by, and its words in the dictionary that corrects mistyped ones."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from marketplace.models import Product, SearchWord
from marketplace.rules.folding import for_search
from marketplace.rules.spelling import SHORTEST


@transaction.atomic
def remember_product(*, product: Product) -> bool:
    """Bring a product's search text up to date after it was saved; whether anything changed. Doing it twice is
    harmless.
    """
    text = search_text_of(product)
    before = Product.objects.select_for_update(of=("self",)).values_list("search_text", flat=True).get(pk=product.pk)
    if text == before:
        return False
    Product.objects.filter(pk=product.pk).update(search_text=text)
    product.search_text = text
    old, new = dictionary_words(before), dictionary_words(text)
    add_words(new - old)
    SearchWord.objects.filter(word__in=old - new, uses__gt=0).update(uses=F("uses") - 1)
    return True


def search_text_of(product: Product) -> str:
    """Folded words of name, merchant, category, pack and description."""
    named = (product.name, product.merchant.name, product.category.name, product.pack, product.description)
    return for_search(*named)


def dictionary_words(text: str) -> set[str]:
    """The words of a search text that somebody may mistype: long enough, and no numbers."""
    return {word for word in text.split() if len(word) >= SHORTEST and not word.isdecimal()}


def add_words(words: Iterable[str]) -> None:
    """Count one use more of each word; new ones come into the dictionary. Two queries."""
    wanted = sorted(words)
    SearchWord.objects.bulk_create(
        [SearchWord(word=word, length=len(word)) for word in wanted], ignore_conflicts=True, batch_size=500
    )
    SearchWord.objects.filter(word__in=wanted).update(uses=F("uses") + 1)
