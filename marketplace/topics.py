"""What the marketplace announces: topic → the values that it tells. Values are plain JSON."""

from collections.abc import Mapping

TOPICS: Mapping[str, tuple[str, ...]] = {
    # A window takes reservations now.
    "window.opened": ("window_id", "round_id"),
    # A window was closed and its purchase orders exist; `closes_at` is the deadline, not the worker's lateness.
    "window.closed": ("window_id", "round_id", "run_id", "closes_at"),
    # A closed window takes reservations again until `closes_at`; its orders are void.
    "window.reopened": ("window_id", "round_id", "closes_at"),
    "window.cancelled": ("window_id", "round_id"),
    # The terms of an offer are others; `version` is their number.
    "offer.changed": ("offer_id", "window_id", "round_id", "version"),
    # What a household collects may be placed in an open window.
    "collected.due": ("rest_id", "offer_id"),
    # An exact order to one merchant exists.
    "purchase_order.issued": ("order_id", "window_id", "merchant_id", "revision"),
    "purchase_order.voided": ("order_id", "window_id", "merchant_id"),
    # The merchant answered: `state` is confirmed, partly_confirmed or declined.
    "purchase_order.answered": ("order_id", "window_id", "merchant_id", "state"),
    # Reservations reached a step of their way; for `newest_ids` no later step is known yet.
    "reservation.progressed": ("reservation_ids", "newest_ids", "step", "at", "expected_at"),
    "reservation.step_taken_back": ("reservation_ids", "step"),
    # A household reported a problem (`offer_id` is None for the order as a whole): who knows lots may ask the others.
    "claim.made": ("claim_id", "reservation_id", "offer_id", "kind", "units"),
    # The hub decided: `accepted_minor` is to be given back, None where it was declined.
    "claim.decided": ("claim_id", "reservation_id", "state", "accepted_minor"),
    # A dispatch gave up; somebody has to tell the merchant.
    "dispatch.exhausted": ("dispatch_id", "order_id"),
}
