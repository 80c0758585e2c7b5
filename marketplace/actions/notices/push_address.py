"""Which addresses a browser may name as its push service: https, on the public net, followed nowhere else.

The address comes from whoever is signed in, and our worker calls it. So it is looked at twice: when it is kept, and,
with what its name resolves to, right before each call. A name that turns private in between meets TLS: the house in
the private net has no certificate for it. Redirects are not followed.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings

from marketplace.actions.notices.push_errors import BadEndpoint

LONGEST = 500


def check_shape(endpoint: str) -> None:
    """Raise BadEndpoint unless it looks like a push service's address. No network."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError as odd:
        raise BadEndpoint("The address cannot be read.") from odd
    if len(endpoint) > LONGEST or not endpoint.isascii() or any(c.isspace() for c in endpoint):
        raise BadEndpoint("The address is too long or has odd characters.")
    if host in settings.PUSH_TRUSTED_HOSTS:
        return
    if parts.scheme != "https" or port not in (None, 443) or parts.username is not None or "." not in host:
        raise BadEndpoint("A push service has an https address.")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return
    _check_public(address)


def check_target(endpoint: str) -> None:
    """The same, with every address that the host's name resolves to. Raises OSError where it resolves to none."""
    check_shape(endpoint)
    host = urlsplit(endpoint).hostname or ""
    if host in settings.PUSH_TRUSTED_HOSTS:
        return
    for *_rest, address in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM):
        _check_public(ipaddress.ip_address(str(address[0]).partition("%")[0]))


def _check_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    mapped = getattr(address, "ipv4_mapped", None)
    if not (mapped or address).is_global or address.is_multicast:
        raise BadEndpoint("The address is not on the public net.")
