"""The request of somebody who is signed in, for types."""

from django.http import HttpRequest

from marketplace.models import User


class HouseholdRequest(HttpRequest):
    """`wait_seconds` is set where a limit was met: when to come back (views/problems.py)."""

    user: User
    wait_seconds: int
