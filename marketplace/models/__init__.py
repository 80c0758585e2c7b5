"""The tables of the ground floor, one file per noun."""

from marketplace.models.capacity import Capacity
from marketplace.models.catalogue import Category, DepositType, Product, TaxClass
from marketplace.models.clearing import Allocation, ClearingRun, OfferOutcome
from marketplace.models.hubs import Group, GroupMember, Hub, HubRole, PickupPoint, PickupPointHost
from marketplace.models.merchants import Merchant, MerchantCounter, MerchantMember, Supply
from marketplace.models.offers import Offer, OfferDemand, PriceStep
from marketplace.models.outbox import HandledEvent, Lease, OutboxEvent, StateChange
from marketplace.models.people import Household, HouseholdMember, User
from marketplace.models.purchase_orders import Dispatch, PurchaseOrder, PurchaseOrderLine, PurchaseOrderRevision
from marketplace.models.reservations import Reservation, ReservationLine, ReservationVersion
from marketplace.models.rounds import Handover, Round, RoundRule, RoundRuleException, RoundRuleHandover, RoundRuleWindow
from marketplace.models.windows import OrderingWindow, WindowSupply

__all__ = [
    "Allocation",
    "Capacity",
    "Category",
    "ClearingRun",
    "DepositType",
    "Dispatch",
    "Group",
    "GroupMember",
    "HandledEvent",
    "Handover",
    "Household",
    "HouseholdMember",
    "Hub",
    "HubRole",
    "Lease",
    "Merchant",
    "MerchantCounter",
    "MerchantMember",
    "Offer",
    "OfferDemand",
    "OfferOutcome",
    "OrderingWindow",
    "OutboxEvent",
    "PickupPoint",
    "PickupPointHost",
    "PriceStep",
    "Product",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "PurchaseOrderRevision",
    "Reservation",
    "ReservationLine",
    "ReservationVersion",
    "Round",
    "RoundRule",
    "RoundRuleException",
    "RoundRuleHandover",
    "RoundRuleWindow",
    "StateChange",
    "Supply",
    "TaxClass",
    "User",
    "WindowSupply",
]
