"""Rules of every test run: services that fail instead of skip, Hypothesis profiles, slow tests named.

Builders of domain data live in tests/factories.py.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from tests.services import chromium, postgres, redis
from tests.services.errors import ServiceMissing

SLOW_SECONDS = 0.1
# Folders whose tests hold on both databases: `make test` runs them a second time on PostgreSQL.
BOTH_FORMS = ("tests/marketplace/", "tests/logistics/", "tests/analytics/", "tests/flows/")
# Tests that are slow by nature and never part of the quick run.
NOT_QUICK = {"slow", "pg", "redis", "browser", "race"}
HOW = "run it with `make test`, or: python -m tests.services run --browser -- python -m pytest ..."

settings.register_profile(
    "windrow", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("thorough", settings.get_profile("windrow"), max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "windrow"))

_over_the_limit: dict[str, float] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--totals-file", help="write the counts by outcome to this file, as JSON")


@pytest.hookimpl(tryfirst=True)  # before the filter of -m, which reads the marks set here
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(BOTH_FORMS):
            item.add_marker("both_forms")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test whose service is missing fails and says how to run it."""
    marks = {mark.name for mark in item.iter_markers()}
    if marks & {"pg", "race"} and "postgresql" not in django_settings.DATABASES["default"]["ENGINE"]:
        pytest.fail(f"needs PostgreSQL as the database of the run; {HOW}", pytrace=False)
    if "redis" in marks and not django_settings.REDIS_URL:
        pytest.fail(f"needs Redis as the broker of the run; {HOW}", pytrace=False)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.duration > SLOW_SECONDS and not NOT_QUICK & set(report.keywords):
        _over_the_limit[report.nodeid] = report.duration


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _over_the_limit:
        terminalreporter.section(f"over {SLOW_SECONDS} s and not marked slow")
        for name, seconds in sorted(_over_the_limit.items(), key=lambda pair: -pair[1])[:25]:
            terminalreporter.line(f"{seconds:6.2f} s  {name}")
    path = config.getoption("--totals-file")
    if path:
        stats = terminalreporter.stats
        outcomes = {
            "passed": "passed",
            "failed": "failed",
            "error": "errors",
            "skipped": "skipped",
            "xfailed": "xfailed",
        }
        counts = {told: len(stats.get(outcome, [])) for outcome, told in outcomes.items()}
        Path(path).write_text(json.dumps(counts))


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Rows of one test are rolled back and their keys used again; what was cached of them must not live on."""
    cache.clear()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL of the test run whose role may create databases (not the database of the run itself)."""
    try:
        with postgres.running() as url:
            yield url
    except ServiceMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis of the test run that may be emptied."""
    try:
        with redis.running() as url:
            yield url
    except ServiceMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """A Chromium that runs."""
    try:
        return chromium.find()
    except ServiceMissing as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(scope="session")
def chromium_browser(chromium_path: str) -> Iterator[Browser]:
    """A headless Chromium driven by Playwright; each test opens its own context."""
    # Playwright keeps an event loop in this thread, and Django would refuse its ORM beside one.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium_path, args=[*sandbox, "--disable-dev-shm-usage"]
            )
            yield browser
            browser.close()
    finally:
        if before is None:
            os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before
