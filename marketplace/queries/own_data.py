"""Everything that the house knows about a person and its households, section by section."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from marketplace.models import HouseholdMember, User
from marketplace.queries.own_data_sections import SECTIONS, Section

# Rows fetched at a time: an export holds no more of them in memory.
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose data: the person and the households whose data is its own."""

    user_id: int
    household_ids: tuple[int, ...]


def subject_of(user: User) -> Subject:
    """One query."""
    held = HouseholdMember.objects.filter(user=user).order_by("pk").values_list("household_id", flat=True)
    return Subject(user.pk, tuple(held))


def rows_of(section: Section, subject: Subject) -> QuerySet[Any]:
    """The section's rows of this person or its households; evaluated by the caller."""
    model = apps.get_model(section.model)
    keys = list(subject.household_ids) if section.of_household else [subject.user_id]
    found = model._default_manager.filter(**{f"{section.path}__in": keys})
    # Through a line an outcome is found once per household of the person.
    once: QuerySet[Any] = model._default_manager.filter(pk__in=found.order_by().values("pk")).order_by("pk")
    return once


def sections_of(subject: Subject) -> Iterator[tuple[Section, Iterator[Mapping[str, Any]]]]:
    """Each section with its rows, fetched as they are read. One query per section, whatever the number of rows."""
    for section in SECTIONS:
        rows = rows_of(section, subject).values(*section.columns)
        yield section, rows.iterator(chunk_size=AT_A_TIME)
