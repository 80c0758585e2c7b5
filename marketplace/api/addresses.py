"""Every address of version 1, by area; more exact ones stand before those that would take them too."""

from collections.abc import Mapping

from rest_framework.views import APIView

import marketplace.converters  # noqa: F401 - registers <id:> and <token:>
from marketplace.api import (
    absences,
    accounts,
    balances,
    catalogue,
    claims,
    collected,
    deputies,
    group_rounds,
    groups,
    home,
    hosting,
    hosting_lists,
    hosting_points,
    hosting_shifts,
    household_invitations,
    households,
    hub_invitations,
    hub_members,
    hubs,
    inbox,
    membership,
    notice_wishes,
    offer_changes,
    offers,
    outcomes,
    past_orders,
    places,
    pledges,
    privacy,
    purchase_orders,
    ratings,
    reservations,
    round_offers,
    rounds,
    share_invitations,
    sharing,
    standing,
    standing_rests,
    standing_rounds,
    threads,
    usual,
    windows,
    wishes,
)

_Area = Mapping[str, type[APIView]]
_ROUND = "rounds/<id:round_id>/"
_RESERVATION, _HUB = f"{_ROUND}reservation/", "hubs/<slug:slug>/"
_HOUSEHOLD, _GROUP = "households/<id:household_id>/", "groups/<id:group_id>/"
_HANDOVER = "hosting/handovers/<id:handover_id>/"

FINDING: _Area = {
    "rounds/": rounds.Rounds,
    _ROUND: rounds.OneRound,
    f"{_ROUND}offers/": round_offers.RoundOffers,
    "windows/": windows.Windows,
    "windows/<id:window_id>/": windows.OneWindow,
    "windows/<id:window_id>/reminder/": windows.Reminder,
    "offers/": offers.Offers,
    "offers/<id:offer_id>/": offers.OneOffer,
    "offers/<id:offer_id>/substitutes/": offers.Substitutes,
    "categories/": round_offers.Categories,
    "home/": home.HomeRounds,
    "pickup-points/": places.PickupPoints,
    "streets/": places.Streets,
    "me/place/": places.OwnPlace,
}

RESERVING: _Area = {
    _RESERVATION: reservations.OwnReservation,
    f"{_RESERVATION}changes/": offer_changes.PendingChanges,
    f"{_RESERVATION}changes/<id:offer_id>/agree/": offer_changes.AgreeToChange,
    f"{_RESERVATION}changes/<id:offer_id>/decline/": offer_changes.DeclineChange,
    "collected-rests/": collected.CollectedRests,
    f"{_ROUND}usual/": usual.OwnUsual,
    "standing/": standing.StandingList,
    "standing/coming/": standing_rounds.ComingRounds,
    "standing/runs/": standing_rounds.StandingRuns,
    "standing/<id:standing_id>/": standing.OneStanding,
    "standing/<id:standing_id>/pause/": standing_rests.PauseStanding,
    "standing/<id:standing_id>/skips/<id:round_id>/": standing_rests.SkipRound,
    "absences/": absences.Absences,
    "absences/<id:absence_id>/": absences.OneAbsence,
    "wishes/": wishes.Wishes,
    "wishes/<id:wish_id>/": wishes.OneWish,
    "wishes/<id:wish_id>/not-this/": wishes.NotThis,
    "shares/": sharing.Shares,
    "shares/neighbours/": sharing.Neighbours,
    "shares/<id:share_id>/": sharing.OneShare,
    "shares/<id:share_id>/accept/": sharing.ShareAccepted,
    "shares/<id:share_id>/decline/": sharing.ShareDeclined,
    "shares/<id:share_id>/withdraw/": sharing.ShareWithdrawn,
    "share-invitations/<token:token>/": share_invitations.ShareFacts,
    "share-invitations/<token:token>/accept/": share_invitations.ShareTaken,
}

AFTER: _Area = {
    "reservations/": past_orders.PastOrders,
    f"{_RESERVATION}outcome/": outcomes.OwnOutcome,
    f"{_RESERVATION}progress/": outcomes.OwnProgress,
    f"{_RESERVATION}pickup-code/": outcomes.OwnPickupCode,
    f"{_RESERVATION}claims/": claims.ReservationClaims,
    f"{_RESERVATION}claim-photos/": claims.ClaimPhotos,
    f"{_RESERVATION}claim-photos/<id:photo_id>/": claims.WaitingPhoto,
    "claims/": claims.Claims,
    "claims/<id:claim_id>/": claims.OneClaim,
    "claim-photos/<id:photo_id>/": claims.OnePhoto,
    f"{_RESERVATION}ratings/": ratings.Ratings,
    f"{_RESERVATION}ratings/<id:merchant_id>/": ratings.OneRating,
}

MESSAGES: _Area = {
    "inbox/": inbox.Inbox,
    "inbox/unread/": inbox.Unread,
    "inbox/read/": inbox.ReadAll,
    "inbox/<id:notice_id>/read/": inbox.ReadOne,
    "me/notice-ways/": notice_wishes.NoticeWays,
    "me/notice-hours/": notice_wishes.Hours,
    "push-key/": notice_wishes.PushKey,
    "push-subscriptions/": notice_wishes.PushSubscriptions,
    "push-subscriptions/<id:subscription_id>/": notice_wishes.OnePushSubscription,
    "threads/": threads.Threads,
    "threads/<id:thread_id>/": threads.OneThread,
    "threads/<id:thread_id>/messages/": threads.Messages,
    "threads/<id:thread_id>/read/": threads.ReadThread,
    "threads/<id:thread_id>/settle/": threads.SettleThread,
}

PEOPLE: _Area = {
    "socket-ticket/": accounts.SocketTicket,
    "me/": accounts.Me,
    "me/data/": privacy.OwnData,
    "me/data/zip/": privacy.OwnDataZip,
    "me/consents/": privacy.Consents,
    "me/consents/log/": privacy.ConsentLog,
    "me/consents/<slug:kind>/": privacy.OneConsent,
    "me/erase/": privacy.Erasing,
    "households/": households.Households,
    _HOUSEHOLD: households.OneHousehold,
    f"{_HOUSEHOLD}choose/": households.ChosenHousehold,
    f"{_HOUSEHOLD}people/<id:person_id>/": households.PersonOfHousehold,
    f"{_HOUSEHOLD}invitations/": household_invitations.HouseholdInvitations,
    f"{_HOUSEHOLD}invitations/<id:invitation_id>/": household_invitations.OneHouseholdInvitation,
    "household-invitations/<token:token>/": household_invitations.HouseholdInvitationFacts,
    "household-invitations/<token:token>/accept/": household_invitations.HouseholdInvitationAccepted,
}

HUBS: _Area = {
    "hubs/": hubs.Hubs,
    _HUB: hubs.OneHub,
    f"{_HUB}follow/": hubs.Following,
    f"{_HUB}membership/": membership.OwnMembership,
    f"{_HUB}membership/full/": membership.FullMembership,
    f"{_HUB}invitations/": hub_invitations.HubInvitations,
    f"{_HUB}members/": hub_members.Members,
    f"{_HUB}members/<id:membership_id>/": hub_members.OneMember,
    f"{_HUB}members/<id:membership_id>/admit/": hub_members.MemberAdmitted,
    f"{_HUB}members/<id:membership_id>/refuse/": hub_members.MemberRefused,
    f"{_HUB}members/<id:membership_id>/fee-received/": hub_members.FeeReceived,
    f"{_HUB}terms/": hubs.Terms,
    "hub-invitations/<token:token>/": hub_invitations.HubInvitationFacts,
    "memberships/": membership.Memberships,
    "purchase-orders/": purchase_orders.PurchaseOrders,
    "purchase-orders/<id:order_id>/": purchase_orders.OnePurchaseOrder,
    "purchase-orders/<id:order_id>/acknowledge/": purchase_orders.Acknowledgement,
    "purchase-orders/<id:order_id>/confirm/": purchase_orders.Confirmation,
    "purchase-orders/<id:order_id>/revisions/<id:number>/": purchase_orders.OneRevision,
    "purchase-orders/<id:order_id>/ship/": purchase_orders.Shipment,
}

GROUPS: _Area = {
    "groups/": groups.Groups,
    _GROUP: groups.OneGroup,
    f"{_GROUP}membership/": groups.GroupMembership,
    f"{_GROUP}members/<id:household_id>/": groups.MemberOfGroup,
    f"{_GROUP}hand-over/": groups.GroupHandedOver,
    f"{_GROUP}link/": groups.GroupLink,
    f"{_GROUP}rounds/<id:round_id>/": group_rounds.GroupInRound,
    "group-invitations/<token:token>/": group_rounds.GroupFacts,
    "group-invitations/<token:token>/join/": group_rounds.GroupJoined,
}

HOSTING: _Area = {
    "hosting/points/": hosting_points.HostedPoints,
    "hosting/points/<id:point_id>/": hosting_points.HostedPoint,
    "hosting/handovers/": hosting.HostedHandovers,
    _HANDOVER: hosting.HostedHandover,
    f"{_HANDOVER}room/": hosting.HandoverRoom,
    f"{_HANDOVER}move/": hosting.HandoverMoved,
    f"{_HANDOVER}list/": hosting_lists.HandOut,
    f"{_HANDOVER}list/mail/": hosting_lists.ListByMail,
    f"{_HANDOVER}ticks/": hosting_lists.Ticks,
    f"{_HANDOVER}deputies/": deputies.Deputies,
    f"{_HANDOVER}deputies/<id:link_id>/": deputies.Deputy,
    f"{_HANDOVER}shifts/": hosting_shifts.HostShifts,
    f"{_HANDOVER}shifts/copy/": hosting_shifts.CopiedShifts,
    "hosting/shifts/<id:shift_id>/": hosting_shifts.HostShift,
    "shifts/": hosting_shifts.Shifts,
    "shifts/<id:shift_id>/sign-up/": hosting_shifts.SignUp,
}

_MERCHANT, _PRICE_LIST = "merchants/<id:merchant_id>/", "price-lists/<id:import_id>/"

CATALOGUE: _Area = {
    f"{_MERCHANT}products/": catalogue.Products,
    f"{_MERCHANT}price-lists/": catalogue.PriceLists,
    f"{_MERCHANT}demand/": pledges.Demand,
    _PRICE_LIST: catalogue.OnePriceList,
    f"{_PRICE_LIST}take/": catalogue.PriceListTaken,
    f"{_PRICE_LIST}drop/": catalogue.PriceListDropped,
    "offers/<id:offer_id>/pledges/": pledges.Pledges,
    "pledges/<id:pledge_id>/withdraw/": pledges.PledgeWithdrawn,
}

MONEY: _Area = {
    "balances/": balances.Balances,
    f"{_HUB}balance/movements/": balances.Movements,
}

AREAS = (FINDING, RESERVING, AFTER, MESSAGES, PEOPLE, HUBS, GROUPS, HOSTING, MONEY, CATALOGUE)
