"""All desks with everything registered on them: what the addresses of the house import."""

from marketplace.admin import claims as _claims
from marketplace.admin import hosting as _hosting
from marketplace.admin import hub_desk as _hub
from marketplace.admin import membership as _membership
from marketplace.admin import merchant_desk as _merchant
from marketplace.admin import ratings as _ratings
from marketplace.admin import staff as _staff
from marketplace.admin import threads as _threads
from marketplace.admin import wishes as _wishes
from marketplace.admin.sites import hub_desk, merchant_desk, staff_admin

__all__ = ["hub_desk", "merchant_desk", "staff_admin"]

# The modules are imported for what they register.
REGISTERED = (_hosting, _claims, _hub, _membership, _merchant, _ratings, _staff, _threads, _wishes)
