"""After every flow everything has to fit together."""

from collections.abc import Iterator

import pytest

from marketplace.integrity.frame import findings


@pytest.fixture(autouse=True)
def _everything_fits(db: None) -> Iterator[None]:
    """What `manage.py check_integrity` says once the test is done."""
    yield
    assert list(findings()) == []
