"""What the house knows about a person and its household, table by table: what the export shows, and what stays.

Each area adds its own rows here. A contract test walks every table that names a person or a household and fails where
neither a section nor an exclusion says what becomes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Erasing(StrEnum):
    """What becomes of the rows when the person (or the household's last one) is erased."""

    KEEP = "keep"  # the books, by ids that no longer name anybody
    BLANK = "blank"  # the row stays, its free texts are emptied
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Section:
    """`path` leads from the table to the person, or to the household where `of_household`; `columns` are shown.

    `blank` are the columns that are emptied, with what they become.
    """

    name: str
    model: str
    path: str
    columns: tuple[str, ...]
    erasing: Erasing
    of_household: bool = False
    blank: Mapping[str, object] = field(default_factory=dict)


_K, _B, _D = Erasing.KEEP, Erasing.BLANK, Erasing.DELETE
_M = "marketplace."


def _person(name: str, model: str, path: str, columns: str, erasing: Erasing, /, **blank: object) -> Section:
    return Section(name, model, path, tuple(columns.split()), erasing, blank=blank)


def _household(name: str, model: str, path: str, columns: str, erasing: Erasing, /, **blank: object) -> Section:
    return Section(name, model, path, tuple(columns.split()), erasing, of_household=True, blank=blank)


SECTIONS: tuple[Section, ...] = (
    # who
    _person("person", _M + "User", "pk", "id email name language joined_at last_login", _K),
    _person("addresses", "account.EmailAddress", "user", "email verified primary", _D),
    _person("consents", _M + "ConsentEntry", "user", "kind wording given at how", _K),
    _person("ways_to_sign_in", "mfa.Authenticator", "user", "type created_at last_used_at", _D),
    _person("sessions", "usersessions.UserSession", "user", "created_at last_seen_at ip user_agent", _D),
    _person("households_of_mine", _M + "HouseholdMember", "user", "household_id household__name joined_at", _D),
    _person("hub_roles", _M + "HubRole", "user", "hub__name role", _D),
    _person("hosted_points", _M + "PickupPointHost", "user", "pickup_point__name is_deputy", _D),
    _person("hosted_groups", _M + "Group", "host", "name hub__name pickup_point__name", _K),
    _person("merchants", _M + "MerchantMember", "user", "merchant__name", _D),
    # the household
    _household(
        "household", _M + "Household", "pk",
        "id name address delivery_notes latitude longitude preferred_point__name avoids diets created_at", _B,
        name="Erased", address="", delivery_notes="", latitude=None, longitude=None, preferred_point=None,
        avoids=[], diets=[],
    ),
    _household("people_of_the_household", _M + "HouseholdMember", "household", "user__name joined_at", _D),
    _household(
        "invitations_to_the_household", _M + "HouseholdInvitation", "household",
        "email created_at expires_at used_at withdrawn_at", _B, email="",
    ),
    _household("groups", _M + "GroupMember", "household", "group__name group__hub__name joined_at", _D),
    _household(
        "memberships_of_hubs", _M + "HubMembership", "household",
        "hub__name state trial_orders_left credit_limit_minor fee_minor fee_received_at message reason asked_at "
        "decided_at", _B, message="",
    ),
    _person("invitations_to_hubs", _M + "HubInvitation", "by", "hub__name created_at expires_at used_at", _K),
    # reserving
    _household(
        "reservations", _M + "Reservation", "household",
        "id round__hub__name round__name round__handover_on handover__pickup_point__name handover__starts_at state "
        "version created_at changed_at", _K,
    ),
    _household(
        "reserved_lines", _M + "ReservationLine", "reservation__household",
        "reservation_id offer_id offer__product__name firm flexible flexible_for max_unit_price_minor whole_only "
        "placed_at", _K,
    ),
    _household(
        "versions", _M + "ReservationVersion", "household",
        "reservation_id number state lines via placed_at by__name", _K,
    ),
    _household(
        "outcomes", _M + "OfferOutcome", "offer__lines__reservation__household",
        "run__number run__voided_at offer_id offer__product__name reached reason unit_price_minor", _K,
    ),
    _household(
        "allocations", _M + "Allocation", "line__reservation__household",
        "run__number line__reservation_id line__offer_id quantity extra charged_minor reason", _K,
    ),
    _household(
        "shares_of_ours", _M + "LineShare", "reservation__household",
        "reservation_id offer__product__name parts total_parts state offered_at answered_at", _K,
    ),
    _household(
        "shares_we_take", _M + "LineShare", "household",
        "offer__product__name reservation__household__name parts total_parts state offered_at answered_at", _K,
    ),
    _household("trial_orders_used", _M + "TrialUse", "household", "round__name used_at", _K),
    # usual, wishes: runs go before the orders that they are runs of
    _household(
        "runs_of_standing_orders", _M + "StandingRun", "standing__household",
        "standing__product__name round__name state reason units at", _D,
    ),
    _household(
        "standing_orders", _M + "StandingReservation", "household",
        "hub__name product__name firm flexible flexible_for max_unit_price_minor whole_only since paused_at "
        "paused_until stopped_at", _D,
    ),
    _household(
        "collected_rests", _M + "CollectedRest", "household",
        "hub__name product__name missed units at_most_minor until state created_at", _D,
    ),
    _household("absences", _M + "Absence", "household", "starts_on ends_on", _D),
    _household("wishes", _M + "Wish", "household", "text a_week state since told_at", _D),
    # after the close
    _household(
        "progress", _M + "HandoverProgress", "reservation__household", "reservation_id step at note", _B, note="",
    ),
    _household("pickup_codes", _M + "PickupCode", "reservation__household", "reservation_id code", _D),
    _household(
        "ticks_at_the_handover", _M + "HandOutTick", "reservation__household", "reservation_id kind at", _K
    ),
    _household(
        "claims", _M + "Claim", "reservation__household",
        "reservation_id kind units text state made_at answer answered_at accepted_minor", _B, text="",
    ),
    _household(
        "claim_photos", _M + "ClaimPhoto", "reservation__household", "reservation_id width height added_at", _D
    ),
    _household(
        "ratings", _M + "Rating", "reservation__household", "reservation_id merchant__name stars words rated_at", _B,
        words="",
    ),
    # messages
    _household("threads", _M + "Thread", "household", "id hub__name reservation_id state opened_at last_at", _K),
    _person("messages", _M + "Message", "by", "thread_id side text at", _B, text=""),
    _person("messages_read", _M + "ThreadRead", "user", "thread_id message_id", _D),
    _person("notices", _M + "Notice", "user", "kind facts link created_at read_at", _B, facts={}),
    _person("wishes_about_notices", _M + "NoticePreference", "user", "kind channel wanted", _D),
    _person(
        "hours_of_notices", _M + "NoticeHours", "user",
        "time_zone quiet_from quiet_until digest_at hours_before_close", _D,
    ),
    _person("push_devices", _M + "PushSubscription", "user", "device created_at last_sent_at", _D),
    _person("reminders", _M + "OpeningReminder", "user", "window__name window__round__name created_at", _D),
    _person("followed_hubs", _M + "HubNews", "user", "hub__name created_at", _D),
    # hosting
    _person("shifts", _M + "ShiftVolunteer", "user", "shift_id signed_at", _D),
    _person("lists_by_mail", _M + "HandOutMail", "user", "handover_id state sent_at", _K),
)  # fmt: skip

_ACTOR = "who did it; what was done is shown with what it was done to, and the name goes with the person"
# Columns that name a person or household and belong to no section, and why.
EXCLUDED: Mapping[tuple[str, str], str] = {
    ("marketplace.User", "acts_as"): "a choice of view; cleared when the person is erased",
    ("marketplace.OfferChange", "by"): _ACTOR,
    ("marketplace.ReservationVersion", "by"): _ACTOR,
    ("marketplace.HandoverProgress", "by"): _ACTOR,
    ("marketplace.DeputyLink", "made_by"): _ACTOR,
    ("marketplace.HandOutTick", "by"): _ACTOR,
    ("marketplace.HandoverMove", "by"): _ACTOR,
    ("marketplace.StateChange", "by"): _ACTOR,
    ("marketplace.HubMembership", "invited_by"): _ACTOR,
    ("marketplace.HubMembership", "decided_by"): _ACTOR,
    ("marketplace.HubInvitation", "used_by"): "shown as the membership that came of it",
    ("marketplace.HouseholdInvitation", "by"): "shown with the household that it invites to",
    ("marketplace.HouseholdInvitation", "used_by"): "shown as the household that was joined",
    ("marketplace.LineShare", "by"): _ACTOR,
    ("marketplace.LineShare", "answered_by"): _ACTOR,
    ("marketplace.Claim", "by"): _ACTOR,
    ("marketplace.Claim", "answered_by"): _ACTOR,
    ("marketplace.Rating", "by"): _ACTOR,
    ("marketplace.StandingReservation", "by"): _ACTOR,
    ("marketplace.Wish", "by"): _ACTOR,
    ("marketplace.ShiftVolunteer", "household"): "shown with the person's shifts",
    ("admin.LogEntry", "user"): "the desks' own log of what staff did; names no household",
}
