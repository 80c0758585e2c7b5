"""Compiles the translations: every locale/*/LC_MESSAGES/*.po that is newer than its .mo. Needs no system's gettext.

`python .ci/messages.py` is part of making the environment; compiled files are not kept in the repository.
`python .ci/messages.py tidy` writes the catalogues in one order with one head: only what changed shows.
"""

import re
import sys
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

HEAD: Final = """# The texts of Windrow in {name}.
# This file is distributed under the same licence as Windrow.
msgid ""
msgstr ""
"Project-Id-Version: Windrow\\n"
"Language: {language}\\n"
"Plural-Forms: nplurals={count}; plural={plural};\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""
# The rules of the Unicode CLDR, as GNU gettext writes them.
PLURALS: Final = {
    "de": (2, "(n != 1)"),
    "ar": (6, "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5"),
}
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def compile_catalogue(source: Path) -> bool:
    """Write the .mo beside a .po where it is missing or older; whether anything was written."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    language = source.parent.parent.name
    with source.open("rb") as text:
        catalogue = read_po(text, locale=language)
    # Fuzzy ones are guesses of a tool: the original is better than a wrong sentence.
    part = target.with_suffix(".part")
    with part.open("wb") as binary:
        write_mo(binary, catalogue, use_fuzzy=False)
    part.replace(target)
    return True


def tidy_catalogue(source: Path) -> None:
    """Write a .po with the head of the project and its messages in the order of their originals. Keeps what is said."""
    language = source.parent.parent.name
    with source.open("rb") as text:
        catalogue = read_po(text, locale=language)
    count, plural = PLURALS[language]
    name = catalogue.locale.english_name if catalogue.locale else language
    blocks = [HEAD.format(name=name, language=language, count=count, plural=plural)]
    blocks += [_block(message, catalogue) for message in sorted(catalogue, key=_order) if message.id]
    source.write_text("\n".join(blocks), encoding="utf-8")


def _order(message: Message) -> tuple[str, str, str]:
    original = message.id if isinstance(message.id, str) else message.id[0]
    return original.strip().casefold(), original, message.context or ""


def _block(message: Message, catalogue: Catalog) -> str:
    lines = [f"#. {note}" for note in message.auto_comments]
    flags = sorted(flag for flag in message.flags if not flag.startswith("no-"))
    lines += [f"#, {', '.join(flags)}"] if flags else []
    lines += [f"msgctxt {_quoted(message.context)}"] if message.context else []
    if isinstance(message.id, str):
        lines += [f"msgid {_quoted(message.id)}", f"msgstr {_quoted(str(message.string or ''))}"]
    else:
        forms = message.string if isinstance(message.string, tuple) else ("",) * catalogue.num_plurals
        lines += [f"msgid {_quoted(message.id[0])}", f"msgid_plural {_quoted(message.id[1])}"]
        lines += [f"msgstr[{number}] {_quoted(form)}" for number, form in enumerate(forms)]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """One line, or a line for each line of a longer text, as msgcat --no-wrap writes it."""
    parts = [
        '"' + "".join(_ESCAPES.get(letter, letter) for letter in part) + '"'
        for part in re.findall(r"[^\n]*\n|[^\n]+", text)
    ]
    return "\n".join(['""', *parts]) if len(parts) > 1 else parts[0] if parts else '""'


def main() -> int:
    root = Path(__file__).resolve().parent.parent / "locale"
    act = tidy_catalogue if sys.argv[1:] == ["tidy"] else compile_catalogue
    for source in sorted(root.glob("*/LC_MESSAGES/*.po")):
        try:
            act(source)
        except ValueError as problem:
            print(f"{source}: {problem}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
