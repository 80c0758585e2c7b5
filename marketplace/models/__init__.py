"""The tables of the ground floor, one file per noun."""

from marketplace.models.capacity import Capacity
from marketplace.models.catalogue import Category, DepositType, Product, ProductPicture, SearchWord, TaxClass
from marketplace.models.catalogue_changes import CatalogueChange, CatalogueImport, ImportMapping
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
from marketplace.models.ledger import LedgerAccount, LedgerEntry, LedgerLock, LedgerTransaction
from marketplace.models.membership import HubInvitation, HubMembership
from marketplace.models.merchant_invoices import MerchantInvoice, MerchantInvoiceLine
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
from marketplace.models.offer_templates import OfferTemplate, TemplateStep
from marketplace.models.offers import Offer, OfferChange, OfferDemand, OfferOutlook, PriceStep
from marketplace.models.order_changes import (
    HouseholdConsent,
    OrderChange,
    OrderLineSubstitute,
    OrderLink,
    SubstituteAllocation,
)
from marketplace.models.outbox import HandledEvent, Lease, OutboxEvent, StateChange
from marketplace.models.people import Household, HouseholdMember, User
from marketplace.models.places import Street
from marketplace.models.pledges import DemandSignal, Pledge
from marketplace.models.privacy import ConsentEntry
from marketplace.models.purchase_orders import Dispatch, PurchaseOrder, PurchaseOrderLine, PurchaseOrderRevision
from marketplace.models.ratings import Rating
from marketplace.models.reservations import Reservation, ReservationLine, ReservationVersion, Via
from marketplace.models.rounds import Handover, Round, RoundRule, RoundRuleException, RoundRuleHandover, RoundRuleWindow
from marketplace.models.settlements import Settlement, SettlementLine
from marketplace.models.shares import LineShare
from marketplace.models.standing import Absence, StandingReservation, StandingRun
from marketplace.models.supply_breaks import LeftOut, SupplyBreak
from marketplace.models.threads import Message, Thread, ThreadRead
from marketplace.models.windows import OrderingWindow, WindowSupply
from marketplace.models.wishes import Wish, WishTopic

__all__ = [
    "Absence",
    "Allocation",
    "Capacity",
    "CatalogueChange",
    "CatalogueImport",
    "Category",
    "Claim",
    "ClaimPhoto",
    "ClearingRun",
    "CollectedRest",
    "ConsentEntry",
    "DemandSignal",
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
    "HouseholdConsent",
    "HouseholdInvitation",
    "HouseholdMember",
    "Hub",
    "HubInvitation",
    "HubMembership",
    "HubNews",
    "HubRole",
    "ImportMapping",
    "JoinPolicy",
    "Lease",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerLock",
    "LedgerTransaction",
    "LeftOut",
    "LineShare",
    "Merchant",
    "MerchantCounter",
    "MerchantInvoice",
    "MerchantInvoiceLine",
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
    "OfferTemplate",
    "OpeningReminder",
    "OrderChange",
    "OrderLineSubstitute",
    "OrderLink",
    "OrderingWindow",
    "OutboxEvent",
    "PickupCode",
    "PickupPoint",
    "PickupPointHost",
    "Pledge",
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
    "Settlement",
    "SettlementLine",
    "ShiftVolunteer",
    "StandingReservation",
    "StandingRun",
    "StateChange",
    "Street",
    "SubstituteAllocation",
    "Supply",
    "SupplyBreak",
    "TaxClass",
    "TemplateStep",
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
