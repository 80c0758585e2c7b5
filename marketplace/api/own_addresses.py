"""Addresses of finding, reserving, what comes after, and messages: a household's own life with the API."""

from django.urls import URLPattern, path

from marketplace.api import (
    absences,
    claims,
    collected,
    home,
    inbox,
    notice_wishes,
    offer_changes,
    offers,
    outcomes,
    ratings,
    reminders,
    round_offers,
    standing,
    threads,
    usual,
    wishes,
)

_RESERVATION = "rounds/<id:round_id>/reservation/"

finding: list[URLPattern] = [
    path("home/", home.HomeRounds.as_view(), name="api-home"),
    path("pickup-points/", home.PickupPoints.as_view(), name="api-pickup-points"),
    path("streets/", home.Streets.as_view(), name="api-streets"),
    path("me/place/", home.OwnPlace.as_view(), name="api-own-place"),
    path("windows/<id:window_id>/reminder/", reminders.Reminder.as_view(), name="api-reminder"),
    path("rounds/<id:round_id>/offers/", round_offers.RoundOffers.as_view(), name="api-round-offers"),
    path("categories/", round_offers.Categories.as_view(), name="api-categories"),
    path("offers/<id:offer_id>/substitutes/", offers.Substitutes.as_view(), name="api-substitutes"),
]

reserving: list[URLPattern] = [
    path(f"{_RESERVATION}changes/", offer_changes.PendingChanges.as_view(), name="api-offer-changes"),
    path(
        f"{_RESERVATION}changes/<id:offer_id>/agree/",
        offer_changes.AgreeToChange.as_view(),
        name="api-offer-change-agree",
    ),
    path(
        f"{_RESERVATION}changes/<id:offer_id>/decline/",
        offer_changes.DeclineChange.as_view(),
        name="api-offer-change-decline",
    ),
    path("collected-rests/", collected.CollectedRests.as_view(), name="api-collected-rests"),
    path("rounds/<id:round_id>/usual/", usual.OwnUsual.as_view(), name="api-usual"),
    path("standing/", standing.StandingList.as_view(), name="api-standing"),
    path("standing/coming/", standing.ComingRounds.as_view(), name="api-standing-coming"),
    path("standing/runs/", standing.StandingRuns.as_view(), name="api-standing-runs"),
    path("standing/<id:standing_id>/", standing.OneStanding.as_view(), name="api-one-standing"),
    path("standing/<id:standing_id>/pause/", standing.PauseStanding.as_view(), name="api-standing-pause"),
    path("standing/<id:standing_id>/skips/<id:round_id>/", standing.SkipRound.as_view(), name="api-standing-skip"),
    path("absences/", absences.Absences.as_view(), name="api-absences"),
    path("absences/<id:absence_id>/", absences.OneAbsence.as_view(), name="api-absence"),
    path("wishes/", wishes.Wishes.as_view(), name="api-wishes"),
    path("wishes/<id:wish_id>/", wishes.OneWish.as_view(), name="api-wish"),
    path("wishes/<id:wish_id>/not-this/", wishes.NotThis.as_view(), name="api-wish-not-this"),
]

after: list[URLPattern] = [
    path("reservations/", outcomes.PastOrders.as_view(), name="api-reservations"),
    path(f"{_RESERVATION}outcome/", outcomes.OwnOutcome.as_view(), name="api-outcome"),
    path(f"{_RESERVATION}progress/", outcomes.OwnProgress.as_view(), name="api-progress"),
    path(f"{_RESERVATION}pickup-code/", outcomes.OwnPickupCode.as_view(), name="api-pickup-code"),
    path(f"{_RESERVATION}claims/", claims.ReservationClaims.as_view(), name="api-make-claim"),
    path(f"{_RESERVATION}claim-photos/", claims.ClaimPhotos.as_view(), name="api-claim-photos"),
    path(f"{_RESERVATION}claim-photos/<id:photo_id>/", claims.WaitingPhoto.as_view(), name="api-waiting-claim-photo"),
    path("claims/", claims.Claims.as_view(), name="api-claims"),
    path("claims/<id:claim_id>/", claims.OneClaim.as_view(), name="api-claim"),
    path("claim-photos/<id:photo_id>/", claims.OnePhoto.as_view(), name="api-claim-photo"),
    path(f"{_RESERVATION}ratings/", ratings.Ratings.as_view(), name="api-ratings"),
    path(f"{_RESERVATION}ratings/<id:merchant_id>/", ratings.OneRating.as_view(), name="api-rating"),
]

messages: list[URLPattern] = [
    path("inbox/", inbox.Inbox.as_view(), name="api-inbox"),
    path("inbox/unread/", inbox.Unread.as_view(), name="api-inbox-unread"),
    path("inbox/read/", inbox.ReadAll.as_view(), name="api-inbox-read"),
    path("inbox/<id:notice_id>/read/", inbox.ReadOne.as_view(), name="api-notice-read"),
    path("me/notice-ways/", notice_wishes.NoticeWays.as_view(), name="api-notice-ways"),
    path("me/notice-hours/", notice_wishes.Hours.as_view(), name="api-notice-hours"),
    path("push-key/", notice_wishes.PushKey.as_view(), name="api-push-key"),
    path("push-subscriptions/", notice_wishes.PushSubscriptions.as_view(), name="api-push-subscriptions"),
    path(
        "push-subscriptions/<id:subscription_id>/",
        notice_wishes.OnePushSubscription.as_view(),
        name="api-push-subscription",
    ),
    path("threads/", threads.Threads.as_view(), name="api-threads"),
    path("threads/<id:thread_id>/", threads.OneThread.as_view(), name="api-thread"),
    path("threads/<id:thread_id>/messages/", threads.Messages.as_view(), name="api-messages"),
    path("threads/<id:thread_id>/read/", threads.ReadThread.as_view(), name="api-thread-read"),
    path("threads/<id:thread_id>/settle/", threads.SettleThread.as_view(), name="api-thread-settle"),
]

urlpatterns: list[URLPattern] = [*finding, *reserving, *after, *messages]
