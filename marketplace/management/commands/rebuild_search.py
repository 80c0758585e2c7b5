"""Rebuild what the shop's search knows, after products were loaded past the actions."""

from typing import Any

from django.core.management.base import BaseCommand

from marketplace.actions.search.rebuild_search import rebuild_search


class Command(BaseCommand):
    help = "Folds every product's words anew and rebuilds the dictionary that corrects mistyped ones."

    def handle(self, *args: Any, **options: Any) -> None:
        products, words = rebuild_search()
        self.stdout.write(f"{products} products changed, {words} words in the dictionary.")
