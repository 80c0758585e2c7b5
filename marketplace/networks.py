"""From where somebody asks, as limits count it."""

import ipaddress
from typing import Any

from django.http import HttpRequest
from rest_framework.throttling import BaseThrottle

# One connection has all addresses of such a part of the net.
_ONE_CONNECTION = 64


def network_of(request: HttpRequest) -> str:
    """The address that asks; of IPv6 the part of the net that one connection has as a whole.

    Whose address counts behind a proxy is said once, by REST_FRAMEWORK's NUM_PROXIES.
    """
    text: Any = BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # reads META only
    try:
        address = ipaddress.ip_address(str(text))
    except ValueError:
        return str(text)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, _ONE_CONNECTION), strict=False))
    return str(address)
