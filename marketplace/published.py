"""What the rooms above may do here: actions that join their transaction. Nothing else of the actions is theirs."""

from marketplace.actions.handing_over.record_progress import record_progress
from marketplace.actions.handing_over.take_back_step import take_back_step
from marketplace.actions.handing_over.tell_outlook import OfferExpectation, tell_outlook

__all__ = ["OfferExpectation", "record_progress", "take_back_step", "tell_outlook"]
