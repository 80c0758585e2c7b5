"""Secrets in links are kept as their hash only."""

import hashlib


def token_hash(token: str) -> str:
    """sha256 in hex. The tokens carry 192 random bits, so that a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()
