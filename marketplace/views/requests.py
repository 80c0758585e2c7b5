"""The request of somebody who is signed in, for types."""

from django.http import HttpRequest

from marketplace.models import User


class HouseholdRequest(HttpRequest):
    user: User
