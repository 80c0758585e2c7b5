"""What is counted of writes beside reservations (api/throttles.py has those). One view names one of them."""

from marketplace.api.throttles import LimitPerUser


class WritesPerUser(LimitPerUser):
    """Reads are free; each write counts."""

    name = "write"


class UploadsPerUser(LimitPerUser):
    """Pictures: each is decoded and drawn anew, which takes a while."""

    name = "upload"
