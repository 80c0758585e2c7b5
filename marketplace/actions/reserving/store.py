"""Where a request reads and writes: one statement each on PostgreSQL, plain ones elsewhere, with the same results."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from django.db import connection

from marketplace.actions.reserving import portable, postgres
from marketplace.actions.reserving.context import Context, Who
from marketplace.actions.reserving.request import Request
from marketplace.actions.reserving.writing import Want, Writing
from marketplace.models import User


class Store(Protocol):
    """The steps that touch the database, in the order in which a request takes them."""

    def who(self, request: Request, by: User) -> Who:
        """The household, from now on held against its other devices, and the windows concerned.

        Raises NotFound for a household that is not the user's.
        """

    def context(self, request: Request, who: Who) -> Context:
        """Everything to decide on, as of after the locks. Raises NotFound for an unknown round."""

    def hold_households(self, household_ids: Collection[int]) -> None:
        """Hold these households as `who` holds one. Only as the first lock of all, and the own one among them."""

    def try_households(self, household_ids: Collection[int]) -> set[int]:
        """Hold those that nobody else holds, without waiting; which they are. They may be read afterwards."""

    def hold_offers(self, offer_ids: Sequence[int]) -> None:
        """In the filling stretch: let no other request change these offers until the transaction ends."""

    def take_and_write(self, wants: Sequence[Want], writing: Writing) -> int | None:
        """Take all that is wanted and write the new version; the id of the reservation. None, and nothing done, where
        somebody else took it meanwhile: to be called when it fits by what the context told."""

    def take(self, wants: Sequence[Want]) -> Mapping[int, int]:
        """Units granted per capacity; what is missing there got none. Locks in id order, held until the end, except
        what is full."""

    def write(self, writing: Writing) -> int:
        """Write the new version; the id of the reservation. Raises ReservationChanged if it was not the next one."""


def store() -> Store:
    """The one that suits the database."""
    return postgres if connection.vendor == "postgresql" else portable
