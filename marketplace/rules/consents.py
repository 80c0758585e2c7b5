"""What a person may be asked to agree to. Nothing is on unless it was given; service messages never depend on it."""

from enum import StrEnum


class ConsentKind(StrEnum):
    TERMS = "terms"
    SUGGESTIONS = "suggestions"
    RESEARCH = "research"


CONSENT_KINDS = tuple(kind.value for kind in ConsentKind)
# Kinds that can be switched on a page; the terms end with the account.
SWITCHED = (ConsentKind.SUGGESTIONS, ConsentKind.RESEARCH)
