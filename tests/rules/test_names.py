"""What becomes of typed names."""

import pytest

from marketplace.rules.names import plain_name, without_links


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ana   María ", "Ana María"),
        ("Ana\nBcc: everybody@example.org", "Ana Bcc: everybody@example.org"),
        ("Ana\u202egpj.exe", "Anagpj.exe"),
        ("\u2066Ana\u2069", "Ana"),
        ("A\u200bna\ufeff", "Ana"),
        ("Ana\u2028Boss", "Ana Boss"),
        ("A\u0301na", "Ána"),
        ("محمد\u200f", "محمد\u200f"),
        ("نمی\u200cخواهم", "نمی\u200cخواهم"),
        ("\u202e\u200b", ""),
        ("👩‍👧", "👩‍👧"),
    ],
)
def test_a_name_is_one_plain_line(typed: str, kept: str) -> None:
    assert plain_name(typed) == kept


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Ana M. Silva", "Ana M. Silva"),
        ("J.Silva", "J.Silva"),
        ("Ana & Co.", "Ana & Co."),
        ("Prize: https://evil.example/x now", "Prize: … now"),
        ("Your bank www.evil.example", "Your bank …"),
        ("Pay at evil.example/pay", "Pay at …"),
        ("EVIL.COM", "…"),
        ("mail evil@evil.example", "mail …"),
        ("Flat 3.5", "Flat 3.5"),
    ],
)
def test_a_name_in_a_mail_brings_no_link(name: str, told: str) -> None:
    assert without_links(name) == told
