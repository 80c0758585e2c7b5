"""Which addresses a browser may name as its push service: https, on the public net, followed nowhere else.

The address comes from whoever is signed in, and our worker calls it. So it is looked at three times: when it is kept;
with what its name resolves to, right before each call; and where the connection ended, before a byte is sent
(push_line.py), since a name may resolve otherwise a moment later. Redirects are not followed.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings

from marketplace.actions.notices.push_errors import BadEndpoint

LONGEST = 500
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")


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
        check_address(str(address[0]))


def check_address(text: str) -> None:
    """Raise BadEndpoint for the address of a machine that is not on the public net."""
    _check_public(ipaddress.ip_address(text.partition("%")[0]))


def _check_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not all(found.is_global and not found.is_multicast for found in _meant(address)):
        raise BadEndpoint("The address is not on the public net.")


def _meant(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """The address and, where IPv6 carries one of IPv4 inside (mapped, 6to4, NAT64, the old compatible form), that."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address.sixtofour is not None:
        return [address, address.sixtofour]
    if address in _NAT64 or address in _COMPATIBLE:
        return [address, ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address]
