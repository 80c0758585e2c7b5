"""A broken rule as a sentence that the floors above translate: rules themselves know no language."""

from collections.abc import Mapping
from typing import NamedTuple


class Broken(NamedTuple):
    """`text` is the English original with %(named)s places for its facts."""

    text: str
    facts: Mapping[str, object] = {}

    def __str__(self) -> str:
        return self.text % self.facts


def gettext_noop(text: str) -> str:
    """Marks an original for the catalogues, which find it by this name."""
    return text
