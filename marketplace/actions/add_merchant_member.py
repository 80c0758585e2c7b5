"""Let a person work at a merchant's desk."""

from django.db import transaction

from marketplace.access import merchants_of
from marketplace.actions.setting_up import require_platform
from marketplace.models import Merchant, MerchantMember, User


@transaction.atomic
def add_merchant_member(*, merchant: Merchant, user: User, by: User) -> MerchantMember:
    """The membership; giving it twice is harmless. Raises NotAllowed unless the actor is platform staff or works at
    this merchant's desk already."""
    if not merchants_of(by).filter(pk=merchant.pk).exists():
        require_platform(by)
    member, _ = MerchantMember.objects.get_or_create(merchant=merchant, user=user)
    return member
