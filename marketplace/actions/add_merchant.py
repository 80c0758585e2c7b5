"""Add a merchant to the platform."""

from django.db import transaction

from marketplace.actions.setting_up import require_platform, save_checked
from marketplace.models import Merchant, User


@transaction.atomic
def add_merchant(
    *, name: str, slug: str, email: str = "", place: str = "", language: str = "en", gln: str = "", by: User
) -> Merchant:
    """The merchant. Without an e-mail address its orders are told by telephone.

    Raises NotAllowed for others than platform staff, InvalidInput where name or short name is taken.
    """
    require_platform(by)
    return save_checked(Merchant(name=name, slug=slug, email=email, place=place, language=language, gln=gln))
