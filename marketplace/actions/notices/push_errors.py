"""What can go wrong with a push, by name; read by the sender, never shown to people."""


class NobodyToPush(Exception):
    """No browser of this person is left, or push has no key here."""


class PushRefused(Exception):
    """The push service did not take it now; worth another try."""


class BadEndpoint(ValueError):
    """Not an address of a push service on the public net."""
