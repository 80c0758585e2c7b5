"""Add a shelf to the shop."""

from django.db import transaction

from marketplace.actions.setting_up import require_platform, save_checked
from marketplace.models import Category, User


@transaction.atomic
def add_category(*, name: str, slug: str, motif: str = "basket", position: int = 0, by: User) -> Category:
    """The category. Raises NotAllowed for others than platform staff, InvalidInput where the name is taken."""
    require_platform(by)
    return save_checked(Category(name=name, slug=slug, motif=motif, position=position))
