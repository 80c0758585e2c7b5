"""The tables of the ground floor, one file per noun."""

from marketplace.models.capacity import Capacity
from marketplace.models.catalogue import Category, DepositType, Product, TaxClass
from marketplace.models.clearing import Allocation, ClearingRun, OfferOutcome
from marketplace.models.handing_over import HandoverProgress, PickupCode
from marketplace.models.hubs import (
    Group,
    GroupMember,
    Hub,
    HubRole,
    JoinPolicy,
    NoShowRule,
    PickupPoint,
    PickupPointHost,
)
from marketplace.models.membership import HubMembership
from marketplace.models.merchants import Merchant, MerchantCounter, MerchantMember, Supply
from marketplace.models.notices import (
    HubNews,
    Notice,
    NoticeDelivery,
    NoticeHours,
    NoticePreference,
    OpeningReminder,
    PushSubscription,
)
from marketplace.models.offers import Offer, OfferChange, OfferDemand, OfferOutlook, PriceStep
from marketplace.models.outbox import HandledEvent, Lease, OutboxEvent, StateChange
from marketplace.models.people import Household, HouseholdMember, User
from marketplace.models.purchase_orders import Dispatch, PurchaseOrder, PurchaseOrderLine, PurchaseOrderRevision
from marketplace.models.reservations import Reservation, ReservationLine, ReservationVersion, Via
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
    "HandoverProgress",
    "Household",
    "HouseholdMember",
    "Hub",
    "HubMembership",
    "HubNews",
    "HubRole",
    "JoinPolicy",
    "Lease",
    "Merchant",
    "MerchantCounter",
    "MerchantMember",
    "NoShowRule",
    "Notice",
    "NoticeDelivery",
    "NoticeHours",
    "NoticePreference",
    "Offer",
    "OfferChange",
    "OfferDemand",
    "OfferOutcome",
    "OfferOutlook",
    "OpeningReminder",
    "OrderingWindow",
    "OutboxEvent",
    "PickupCode",
    "PickupPoint",
    "PickupPointHost",
    "PriceStep",
    "Product",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "PurchaseOrderRevision",
    "PushSubscription",
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
    "Via",
    "WindowSupply",
]
