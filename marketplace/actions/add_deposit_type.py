"""Add a returnable package and its deposit."""

from django.db import transaction

from marketplace.actions.setting_up import require_platform, save_checked
from marketplace.models import DepositType, User


@transaction.atomic
def add_deposit_type(*, name: str, amount: int, by: User) -> DepositType:
    """The deposit type; `amount` in minor units per consumer unit. Raises NotAllowed for others than platform staff,
    InvalidInput where the name is taken."""
    require_platform(by)
    return save_checked(DepositType(name=name, amount_minor=amount))
