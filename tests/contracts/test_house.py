"""House rules as code: what a reader may rely on everywhere (docs/architecture.md)."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("marketplace", "logistics", "analytics")
STATES = {"state"}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def sources(*folders: str, skip: tuple[str, ...] = ("migrations",)) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not set(path.parts) & set(skip):
                yield name, parsed(path)


def imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def writes_a_state(node: ast.AST) -> bool:
    """`thing.state = …`, `.update(state=…)`, but not a filter, a constructor or a class attribute."""
    if isinstance(node, ast.Assign):
        return any(isinstance(t, ast.Attribute) and t.attr in STATES for t in node.targets)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update":
        return any(keyword.arg in STATES for keyword in node.keywords)
    return False


# Where a state may be written: actions, and the relay, whose rows are its own.
STATE_WRITERS = ("marketplace/actions/", "logistics/actions/", "analytics/actions/", "marketplace/relay.py")


def test_states_are_written_in_actions_only() -> None:
    wrong = [
        f"{name}:{getattr(node, 'lineno', 0)}"
        for name, tree in sources(*APPS, "config")
        if not name.startswith(STATE_WRITERS)
        for node in ast.walk(tree)
        if writes_a_state(node)
    ]
    assert wrong == []


def test_the_check_on_states_sees_a_wrong_write() -> None:
    written = ast.parse("Window.objects.filter(pk=1).update(state='open')\nwindow.state = 'open'")
    assert sum(writes_a_state(node) for node in ast.walk(written)) == 2


def test_tasks_are_doors_of_ten_lines_at_most() -> None:
    long = [
        f"{name}:{node.name}"
        for name, tree in sources(*(f"{app}/tasks" for app in APPS))
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno is not None and node.end_lineno - node.lineno >= 10
    ]
    assert long == []


def test_every_task_has_an_explicit_name_of_its_app() -> None:
    for name, tree in sources(*(f"{app}/tasks" for app in APPS)):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                names = [
                    keyword.value.value
                    for decorator in node.decorator_list
                    if isinstance(decorator, ast.Call)
                    for keyword in decorator.keywords
                    if keyword.arg == "name" and isinstance(keyword.value, ast.Constant)
                ]
                assert names, f"{name}: {node.name} has no explicit task name"
                assert str(names[0]).startswith(f"{name.split('/')[0]}."), names


def test_only_one_file_reads_the_environment() -> None:
    # Entry points name the settings module by setdefault; env.py reads everything else.
    entry_points = {"config/asgi.py", "config/wsgi.py", "config/celery.py"}
    readers = set()
    for name, tree in sources(*APPS, "config"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
                readers.add(name)
    assert readers <= entry_points | {"config/env.py"}


def test_rules_are_plain_python() -> None:
    banned = ("django", "rest_framework", "celery", "channels", "redis", "psycopg")
    for name, tree in sources(*(f"{app}/rules" for app in APPS)):
        assert not [module for module in imported(tree) if module.split(".")[0] in banned], name


def test_migrations_import_no_code_of_ours() -> None:
    for app in APPS:
        for path in (ROOT / app).glob("migrations/0*.py"):
            own = {module for module in imported(ast.parse(path.read_text())) if module.split(".")[0] in APPS}
            assert own == set(), path.name


def test_package_files_are_blank_except_the_models() -> None:
    filled = [
        name
        for name, tree in sources(*APPS, "config")
        if name.endswith("__init__.py") and tree.body and not name.endswith("models/__init__.py")
    ]
    assert filled == []


def test_nobody_listens_to_model_signals() -> None:
    for name, tree in sources(*APPS):
        assert "django.db.models.signals" not in imported(tree), name


def test_actions_take_keywords_only() -> None:
    """The verb of each action file: its function is called by keywords, with the actor as `by`."""
    for name, tree in sources("marketplace/actions"):
        if name.count("/") > 2:  # the inner parts of a verb, in a folder of its own
            continue
        verb = Path(name).stem
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name == verb:
                assert node.args.args == [], f"{name}: {verb} takes positional arguments"


@pytest.mark.parametrize(
    "folder", ["marketplace", "logistics", "analytics", "config", "benchmarks", "docs", "templates"]
)
def test_no_file_carries_a_path_of_somebodys_machine(folder: str) -> None:
    marks = tuple("/" + folder + "/" for folder in ("home", "Users", "root", "work"))
    for path in (ROOT / folder).rglob("*"):
        if path.suffix in {".py", ".md", ".html", ".txt", ".toml", ".css", ".js", ".yaml"}:
            text = path.read_text()
            assert not [mark for mark in marks if mark in text], path.name
