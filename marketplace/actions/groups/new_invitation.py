"""The token of an invitation link."""

import secrets


def new_invitation() -> str:
    """128 bits that fit into a link: the link is the invitation."""
    return secrets.token_urlsafe(16)
