"""The code that a household shows when it collects: its letters, and how people write it."""

from typing import Final

# No letter or digit that is read or heard as another one: no 0 O, 1 I L, no U beside V.
ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 8


def typed_code(text: str) -> str:
    """A code as it is stored, from how somebody typed or scanned it; empty where it can be none."""
    code = "".join(letter for letter in text.upper() if letter not in " -–·\t\n")
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def shown_code(code: str) -> str:
    """In two halves, as one reads it out: "7KQ4 M2XB"."""
    return f"{code[: LENGTH // 2]} {code[LENGTH // 2 :]}"
