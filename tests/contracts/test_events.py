"""Every event that is told is described, and every topic that somebody listens to is told by somebody."""

import ast

from marketplace.events import subscribed_topics
from marketplace.topics import TOPICS
from tests.contracts.test_house import APPS, sources


def emitted() -> dict[str, list[tuple[str, set[str]]]]:
    """Topic → where it is emitted, with the names of the values."""
    found: dict[str, list[tuple[str, set[str]]]] = {}
    for name, tree in sources(*APPS):
        for node in ast.walk(tree):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "emit"
            if called and isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                values = {keyword.arg for keyword in node.keywords if keyword.arg}
                found.setdefault(str(node.args[0].value), []).append((f"{name}:{node.lineno}", values))
    return found


def test_every_emitted_payload_fits_its_topic() -> None:
    for topic, places in emitted().items():
        for place, values in places:
            assert topic in TOPICS, f"{place} tells {topic}, which topics.py does not describe"
            assert values == set(TOPICS[topic]), place


def test_every_described_topic_is_told_somewhere() -> None:
    assert set(TOPICS) == set(emitted())


def test_every_topic_that_is_listened_to_is_described() -> None:
    assert subscribed_topics() <= set(TOPICS)
