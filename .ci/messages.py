"""Compiles the translations: every locale/*/LC_MESSAGES/*.po that is newer than its .mo. Needs no system's gettext.

`python .ci/messages.py` is part of making the environment; compiled files are not kept in the repository.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


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


def main() -> int:
    root = Path(__file__).resolve().parent.parent / "locale"
    for source in sorted(root.glob("*/LC_MESSAGES/*.po")):
        try:
            compile_catalogue(source)
        except ValueError as problem:
            print(f"{source}: {problem}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
