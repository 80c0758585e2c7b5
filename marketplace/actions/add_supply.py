"""Record what a merchant and a hub agreed, so that the merchant may take part in the hub's windows."""

from django.db import transaction

from marketplace.actions.setting_up import require_at_hub, save_checked
from marketplace.models import Hub, Merchant, Supply, User
from marketplace.rules.roles import Permission


@transaction.atomic
def add_supply(
    *,
    merchant: Merchant,
    hub: Hub,
    minimum_order_value: int = 0,
    small_order_fee: int | None = None,
    lead_hours: int = 12,
    cut_off_minutes: int = 60,
    sells_as: str = Supply.SellsAs.RESELLER,
    payout_days: int = 14,
    by: User,
) -> Supply:
    """The supply. Money in minor units of the hub's currency; `lead_hours` from purchase order to dock;
    `cut_off_minutes` after a window's close the merchant must have the order.

    Raises NotAllowed for others than those who run the hub's rounds, InvalidInput naming each problem.
    """
    require_at_hub(by, hub, Permission.RUN_ROUNDS)
    return save_checked(
        Supply(
            merchant=merchant,
            hub=hub,
            minimum_order_value_minor=minimum_order_value,
            small_order_fee_minor=small_order_fee,
            lead_hours=lead_hours,
            cut_off_minutes=cut_off_minutes,
            sells_as=sells_as,
            payout_days=payout_days,
        )
    )
