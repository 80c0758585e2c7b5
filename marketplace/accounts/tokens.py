"""Tokens of apps: the key of a session of their own, sent as X-Session-Token. Ended like any other session."""

from importlib import import_module

from allauth.headless.tokens.strategies.sessions import SessionTokenStrategy
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase


class SessionTokens(SessionTokenStrategy):
    """Reads the session once instead of asking first whether it exists."""

    def lookup_session(self, session_token: str) -> SessionBase | None:
        store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(session_token)
        # Loads it: a missing or expired session forgets its key.
        store.get(SESSION_KEY)
        return store if store.session_key else None
