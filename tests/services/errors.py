"""What the finders raise."""


class ServiceMissing(Exception):
    """A service that tests need cannot be had on this machine; the message says what was tried and what to do.

    It fails a run, it never skips one.
    """
