"""What the documents name exists: files, commands of the Makefile, variables of the environment, links, decisions."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
MAPS = [ROOT / "README.md", DOCS / "architecture.md", DOCS / "api.md", DOCS / "glossary.md", *DOCS.glob("adr/*.md")]
IDS = [page.name for page in PAGES]

# A path in backticks: it ends in a slash or in a name with one of these endings, and has no placeholder in it.
PATH = re.compile(r"(?<!\()[\w.-]+(?:/[\w.-]+)*(?:/|\.(?:py|md|json|html|css|js|txt|toml|yaml))")
# Addresses of the API, whose names end in a slash too.
ADDRESSES = re.compile(r"(?:GET|POST|PUT|PATCH|DELETE)\b|^auth/|^rounds/<|^/")


def named_paths(page: Path) -> list[str]:
    """Every path in backticks, in the page's order; several may stand in one pair."""
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    if page.name == "api.md":  # its tables list addresses and codes
        text = re.sub(r"^\|.*$", "", text, flags=re.MULTILINE)
    quoted = re.findall(r"`([^`\n]+)`", text)
    return [word for text in quoted if not ADDRESSES.search(text) for word in text.split() if PATH.fullmatch(word)]


def found(path: str) -> bool:
    """From the project's own folder, from an app, or, for a verb's file, from its actions."""
    starts = (
        ROOT,
        ROOT / "config",
        ROOT / "marketplace",
        ROOT / "marketplace" / "actions",
        ROOT / "marketplace" / "api",
    )
    return any((start / path).exists() for start in starts)


@pytest.mark.parametrize("page", MAPS, ids=[page.name for page in MAPS])
def test_every_file_that_a_map_of_the_house_names_exists(page: Path) -> None:
    # What the product makes on the user's machine is not part of it.
    made = {".venv/", ".windrow/", "screenshots/"}
    assert [path for path in named_paths(page) if path not in made and not found(path)] == []


def test_the_life_of_a_window_names_a_file_at_each_station() -> None:
    table = (ROOT / "README.md").read_text().split("## The life of a window")[1].split("\n## ")[0]
    stations = [row.split("|")[2] for row in table.splitlines() if row.startswith("| ")][1:]
    assert len(stations) >= 10
    assert [station for station in stations if "`" not in station] == []


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_link_between_documents_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_decisions_are_numbered_without_gaps_and_have_their_three_parts() -> None:
    decisions = sorted(DOCS.glob("adr/*.md"))
    assert [path.name[:4] for path in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for path in decisions:
        text = path.read_text()
        assert text.startswith(f"# {path.name[:4]} "), path.name
        for part in ("**Context.**", "**Decision.**", "**Consequences.**"):
            assert part in text, f"{path.name} has no {part}"


def test_every_make_command_in_the_documents_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    for page in PAGES:
        for command in re.findall(r"^make ([a-z ]+)|`make ([a-z ]+)", page.read_text(), flags=re.MULTILINE):
            assert set("".join(command).split()) <= targets, f"{page.name}: {command}"


def test_the_example_environment_has_every_variable_that_is_read_and_no_other() -> None:
    read = {
        str(node.args[0].value)
        for node in ast.walk(ast.parse((ROOT / "config" / "env.py").read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "_env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    shown = re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    assert sorted(shown) == sorted(read)
