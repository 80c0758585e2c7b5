"""Every text of the sources is there in every language: collected anew and compared with the kept catalogues."""

import re
import runpy
import shutil
import subprocess
import sys
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

from tests.services.packages import install

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("de", "ar")
TOLD = ("config", "marketplace", "logistics", "analytics", "templates", "locale", "manage.py")
PLACES = re.compile(r"%\((\w+)\)[sd]|%s|\{(\w*)\}|(</?\w+)")

pytestmark = pytest.mark.slow


def catalogue(source: Path, language: str | None = None) -> Catalog:
    with source.open("rb") as text:
        return read_po(text, locale=language)


def originals(found: Catalog) -> dict[tuple[str, str], Message]:
    told = {}
    for message in found:
        if message.id:
            first = message.id if isinstance(message.id, str) else message.id[0]
            told[message.context or "", first] = message
    return told


def kept(language: str) -> dict[tuple[str, str], Message]:
    return originals(catalogue(ROOT / "locale" / language / "LC_MESSAGES" / "django.po", language))


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def places(text: str) -> list[str]:
    return sorted(found[0] for found in PLACES.finditer(text))


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Message]:
    """What `make messages` collects, from a copy: the repository's own catalogues stay as they are."""
    if shutil.which("xgettext") is None or shutil.which("msguniq") is None:
        install("GNU gettext", "gettext")
    copy = tmp_path_factory.mktemp("sources")
    for name in TOLD:
        whole = ROOT / name
        if whole.is_file():
            shutil.copy(whole, copy / name)
        else:
            ignored = shutil.ignore_patterns(
                "__pycache__", "*.mo", "*.gz", "*.csv", *LANGUAGES if name == "locale" else ()
            )
            shutil.copytree(whole, copy / name, ignore=ignored)
    command = [
        sys.executable,
        "manage.py",
        "makemessages",
        "--locale",
        "de",
        "--keep-pot",
        "--no-location",
        "--no-wrap",
    ]
    done = subprocess.run(
        [*command, "--settings=config.settings.test"], cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return originals(catalogue(copy / "locale" / "de" / "LC_MESSAGES" / "django.po", "de"))


def test_the_languages_are_those_that_the_site_offers() -> None:
    assert {code for code, _name in settings.LANGUAGES} == {"en", *LANGUAGES}
    assert {path.name for path in (ROOT / "locale").iterdir() if path.is_dir()} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_the_sources_is_translated_and_no_other(
    sources: dict[tuple[str, str], Message], language: str
) -> None:
    told = kept(language)
    assert sorted(sources.keys() - told.keys()) == [], "run `make messages` and translate what is new"
    assert sorted(told.keys() - sources.keys()) == [], "run `make messages`: these are in no source any more"
    assert [key for key, message in told.items() if not all(forms(message))] == []
    assert [
        key for key, message in told.items() if isinstance(message.id, str) != isinstance(sources[key].id, str)
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess_and_each_has_every_plural_form(language: str) -> None:
    source = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    text = source.read_text(encoding="utf-8")
    assert "fuzzy" not in {word for line in text.splitlines() if line.startswith("#,") for word in line[2:].split(", ")}
    assert "\n#~" not in text
    many = {"de": 2, "ar": 6}[language]
    told = kept(language)
    assert catalogue(source, language).num_plurals == many
    assert [key for key, m in told.items() if not isinstance(m.id, str) and len(forms(m)) != many] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_places_of_its_original(language: str) -> None:
    wrong = []
    for key, message in kept(language).items():
        if isinstance(message.id, str):
            if places(message.id) != places(str(message.string)):
                wrong.append(key)
        elif any(set(places(form)) - set(places(message.id[1])) for form in forms(message)):  # "two" may be a word
            wrong.append(key)
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogues_are_in_one_order_with_one_head(language: str, tmp_path: Path) -> None:
    """So that a change shows what changed and nothing else."""
    source = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    copy = tmp_path / language / "LC_MESSAGES" / "django.po"
    copy.parent.mkdir(parents=True)
    shutil.copy(source, copy)
    tools()["tidy_catalogue"](copy)
    assert copy.read_text(encoding="utf-8") == source.read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "said"), [("de", "Abholstelle"), ("ar", "نقطة استلام")])
def test_the_compiled_catalogue_is_made_without_a_systems_gettext(tmp_path: Path, language: str, said: str) -> None:
    copy = tmp_path / language / "LC_MESSAGES" / "django.po"
    copy.parent.mkdir(parents=True)
    shutil.copy(ROOT / "locale" / language / "LC_MESSAGES" / "django.po", copy)
    assert tools()["compile_catalogue"](copy) is True
    assert tools()["compile_catalogue"](copy) is False  # nothing newer
    with copy.with_suffix(".mo").open("rb") as compiled:
        found = GNUTranslations(compiled)
    assert found.gettext("pickup point") == said
    assert found.ngettext("%(days)d day", "%(days)d days", 2) != "%(days)d days"


def tools() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / ".ci" / "messages.py"))
