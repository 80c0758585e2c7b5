"""The tables of the ground floor, one file per noun."""

from marketplace.models.capacity import Capacity
from marketplace.models.catalogue import Category, DepositType, Product, ProductPicture, SearchWord, TaxClass
from marketplace.models.claims import Claim, ClaimPhoto
from marketplace.models.clearing import Allocation, ClearingRun, OfferOutcome
from marketplace.models.collecting import CollectedRest, TrialUse
from marketplace.models.handing_over import HandoverProgress, PickupCode
from marketplace.models.hosting import (
    DeputyLink,
    HandOutMail,
    HandOutTick,
    HandoverMove,
    ShiftVolunteer,
    VolunteerShift,
)
from marketplace.models.households import HouseholdInvitation
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
from marketplace.models.membership import HubInvitation, HubMembership
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
from marketplace.models.places import Street
from marketplace.models.privacy import ConsentEntry
from marketplace.models.purchase_orders import Dispatch, PurchaseOrder, PurchaseOrderLine, PurchaseOrderRevision
from marketplace.models.ratings import Rating
from marketplace.models.reservations import Reservation, ReservationLine, ReservationVersion, Via
from marketplace.models.rounds import Handover, Round, RoundRule, RoundRuleException, RoundRuleHandover, RoundRuleWindow
from marketplace.models.shares import LineShare
from marketplace.models.standing import Absence, StandingReservation, StandingRun
from marketplace.models.threads import Message, Thread, ThreadRead
from marketplace.models.windows import OrderingWindow, WindowSupply
from marketplace.models.wishes import Wish, WishTopic

__all__ = [
    "Absence",
    "Allocation",
    "Capacity",
    "Category",
    "Claim",
    "ClaimPhoto",
    "ClearingRun",
    "CollectedRest",
    "ConsentEntry",
    "DepositType",
    "DeputyLink",
    "Dispatch",
    "Group",
    "GroupMember",
    "HandOutMail",
    "HandOutTick",
    "HandledEvent",
    "Handover",
    "HandoverMove",
    "HandoverProgress",
    "Household",
    "HouseholdInvitation",
    "HouseholdMember",
    "Hub",
    "HubInvitation",
    "HubMembership",
    "HubNews",
    "HubRole",
    "JoinPolicy",
    "Lease",
    "LineShare",
    "Merchant",
    "MerchantCounter",
    "MerchantMember",
    "Message",
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
    "ProductPicture",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "PurchaseOrderRevision",
    "PushSubscription",
    "Rating",
    "Reservation",
    "ReservationLine",
    "ReservationVersion",
    "Round",
    "RoundRule",
    "RoundRuleException",
    "RoundRuleHandover",
    "RoundRuleWindow",
    "SearchWord",
    "ShiftVolunteer",
    "StandingReservation",
    "StandingRun",
    "StateChange",
    "Street",
    "Supply",
    "TaxClass",
    "Thread",
    "ThreadRead",
    "TrialUse",
    "User",
    "Via",
    "VolunteerShift",
    "WindowSupply",
    "Wish",
    "WishTopic",
]
