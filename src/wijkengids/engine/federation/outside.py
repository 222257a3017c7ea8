"""Which addresses lie outside: what may be reached on behalf of a query, decided on the address that is connected to.

A name is resolved once and the very addresses that were looked at are connected to, so a name that points elsewhere a
moment later gains nothing. Source of the ranges: the IANA special-purpose address registries (IPv4, IPv6), 2026-11;
they are written out because ``is_global`` differs between versions of Python, and both must agree.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

from wijkengids.errors import WrongUse

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""From host and port to addresses, as text."""

_AZURE_PLATFORM = "168.63.129.16/32"
"""A public address at which each virtual machine of that cloud finds what only it may see."""

_RANGES = f"""
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24
192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 2001::/23 2001:db8::/32 2002::/16 3fff::/20
{_AZURE_PLATFORM}
"""
_SPECIAL = tuple(ip_network(text) for text in _RANGES.split())
_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""The only part of IPv6 that is given out to the public; IPv4 as IPv6 (mapped, NAT64, compatible) lies elsewhere."""


_PATIENCE = 5.0
"""Seconds in which one address takes a connection, or the next is tried."""


class NotOutsideError(Exception):
    """An address that may not be reached; the message is for the operator."""


class Target(NamedTuple):
    """Where an endpoint is: ``host`` is a name or an address, ``port`` a number, ``tls`` how."""

    host: str
    port: int
    tls: ssl.SSLContext | None


def read_networks(text: str) -> tuple[Network, ...]:
    """Return the networks in a text such as ``10.1.2.0/24, fd00::/8``; WrongUse names the part that is none."""
    return tuple(_network(part.strip()) for part in text.split(",") if part.strip())


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise WrongUse(
            f"'{text}' is geen netwerk ({error}): schrijf het als 10.1.2.0/24 of fd00:1::/32.",
            f"'{text}' is no network ({error}): write it as 10.1.2.0/24 or fd00:1::/32.",
        ) from None


def is_outside(address: Address, networks: Sequence[Network] = ()) -> bool:
    """Tell whether an address may be reached: a public one, or one in the ``networks`` that the operator named."""
    if is_named(address, networks):
        return True
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not any(address in network for network in _SPECIAL)


def is_named(address: Address, networks: Sequence[Network]) -> bool:
    """Tell whether an address lies in one of the ``networks``, as it is written: a mapped IPv4 address is IPv6."""
    return any(address in network for network in networks)


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a name, as the system knows them; an address in whatever spelling gives itself."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


async def connect(target: Target, networks: Sequence[Network], look_up: Resolve) -> tuple[StreamReader, StreamWriter]:
    """Connect to an endpoint outside.

    Raises NotOutsideError where any of its addresses may not be reached, OSError where it does not answer.
    """
    addresses = [ip_address(text) for text in await look_up(target.host, target.port)]
    for address in addresses:
        if not is_outside(address, networks):
            raise NotOutsideError(f"{target.host} is {address}")
    trouble: OSError = OSError("no address")
    for address in addresses:
        name = target.host.rstrip(".") if target.tls else None
        try:
            async with asyncio.timeout(_PATIENCE):
                reader, writer = await asyncio.open_connection(
                    str(address), target.port, ssl=target.tls, server_hostname=name
                )
        except OSError as error:
            trouble = error
            continue
        # a public address of this very machine: behind its firewall, where the outside is not
        if writer.get_extra_info("sockname")[0] == str(address) and not is_named(address, networks):
            writer.close()
            raise NotOutsideError(f"{target.host} is {address}, which is this machine")
        return reader, writer
    raise trouble
