"""The areas of this app that have checks."""

from marketplace.integrity import books, catalogue, closing, orders, reserving, settlements
from marketplace.integrity.frame import register


def register_all() -> None:
    """Called once the app is ready."""
    register("reserving", reserving.CHECKS)
    register("closing", closing.CHECKS)
    register("books", books.CHECKS)
    register("catalogue", catalogue.CHECKS)
    register("settlements", settlements.CHECKS)
    register("orders", orders.CHECKS)
