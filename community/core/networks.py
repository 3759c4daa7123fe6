"""The network that an address belongs to, for limits: one household or one block, not one machine. Pure."""

from __future__ import annotations

import ipaddress


def network_of(written: str, old: int, new: int) -> str:
    """The network of an address, as text; what is no address (a socket of this machine) as it is written.

    An address of the older kind in the clothes of the newer (``::ffff:203.0.113.7``, RFC 4291, as a listener
    for both kinds sees it) is one of the older: all of them lie in one network of the newer kind, and would
    share one limit.

    :param old: how many bits name the network of an IPv4 address; :param new: of an IPv6 address.
    """
    try:
        address = ipaddress.ip_address(written.partition("%")[0])
    except ValueError:
        return written
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    bits = old if address.version == 4 else new
    return str(ipaddress.ip_network((address, bits), strict=False))
