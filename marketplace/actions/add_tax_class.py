"""Add a class of goods for value-added tax."""

from django.db import transaction

from marketplace.actions.setting_up import require_platform, save_checked
from marketplace.models import TaxClass, User


@transaction.atomic
def add_tax_class(*, name: str, rate_basis_points: int, by: User) -> TaxClass:
    """The tax class; 6 % are 600 basis points. Raises NotAllowed for others than platform staff, InvalidInput for a
    rate above 100 % or a name that is taken."""
    require_platform(by)
    return save_checked(TaxClass(name=name, rate_basis_points=rate_basis_points))
