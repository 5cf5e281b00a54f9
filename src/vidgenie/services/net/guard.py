"""Which addresses may be asked: public ones, on ordinary ports, and networks the operator allows.

A URL that a user sends must not make this server speak to its own neighbours: databases, cloud
metadata, the printer. The text of a URL proves nothing (names resolve to anything, and differently
the second time), so the judgement falls on the address that is connected to, in `transport`.
"""

import socket
from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

import httpx

from vidgenie.errors import AssetForbidden

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Python's `is_global` changed between patch releases and calls multicast global, so the ranges
# stand here. Source: IANA special-purpose address registries (RFC 6890), cloud vendors' manuals.
CLOSED_V4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(block), kind)
    for block, kind in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "cloud metadata"),  # public by number, Azure's own host by route
        ("169.254.0.0/16", "link-local or metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved or broadcast"),
    )
)
GLOBAL_V6 = IPv6Network("2000::/3")
"""The only block from which public IPv6 addresses are given out; all else is closed."""

CLOSED_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(block), kind)
    for block, kind in (
        ("2001::/23", "a tunnel or protocol"),  # Teredo, ORCHID, benchmarking
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "a 6to4 tunnel"),  # hides any IPv4 address, private ones too
        ("3fff::/20", "documentation"),
    )
)
NAT64 = IPv6Network("64:ff9b::/96")
"""How an IPv6-only host reaches IPv4: judged by the IPv4 address inside."""

PORTS = (80, 443)
PORT_FREE_MIN = 1024
"""Below it only `PORTS`: mail, SSH, SMB, LDAP and the like have nothing for us."""

_DATABASES = (1433, 1521, 3306, 5432, 5984, 6379, 7474, 8086, 9042, 9200, 9300, 11211, 28015)
_QUEUES = (2181, 4369, 5671, 5672, 9092, 15672, 25672)
_CONTROL = (2049, 2375, 2376, 2379, 2380, 3389, 5900, 6000, 6443, 7000, 7001, 10250, 10255)
_RELAYS = (1080, 3128, 5060, *range(6660, 6670), 6697)
PORTS_CLOSED = frozenset((*_DATABASES, *range(27017, 27020), *_QUEUES, *_CONTROL, *_RELAYS))
"""Well-known homes of databases, queues, cluster control and chat: no media lives there."""


class AddressGuard:
    """The rule for one server: `allow_networks` are CIDR blocks open beside the public ones."""

    def __init__(self, allow_networks: Sequence[str | Network] = ()) -> None:
        self.allow_networks = tuple(ip_network(str(block)) for block in allow_networks)

    def closed(self, address: Address) -> str | None:
        """Say what kind of closed address this is, or None when it may be asked."""
        address = _plain(address)
        if any(address in network for network in self.allow_networks):
            return None
        if isinstance(address, IPv6Address) and address in NAT64:
            address = IPv4Address(int(address) & 0xFFFFFFFF)
        if isinstance(address, IPv4Address):
            return next((kind for block, kind in CLOSED_V4 if address in block), None)
        if address not in GLOBAL_V6:
            return "private, local or reserved"
        return next((kind for block, kind in CLOSED_V6 if address in block), None)

    def check_addresses(self, host: str, answers: Sequence[str]) -> tuple[Address, ...]:
        """Return a name's addresses, all of them judged; one bad answer refuses the name.

        The message names the kind and not the address: what internal names resolve to is not for
        strangers.

        Raises: AssetForbidden.
        """
        addresses = tuple(_plain(ip_address(answer)) for answer in answers)
        for address in addresses:
            if kind := self.closed(address):
                raise AssetForbidden(
                    f"{host!r} is or resolves to an address that is not public ({kind})."
                    " Use a public address; an operator can open a network with"
                    " --allow-networks CIDR,…"
                )
        return addresses

    def check_url(self, text: str) -> httpx.URL:
        """Return the URL, when its text holds nothing that is refused before any look-up.

        Raises: AssetForbidden for other schemes, credentials, closed ports, closed literals.
        """
        try:
            url = httpx.URL(text)
        except (httpx.InvalidURL, TypeError, ValueError) as error:
            raise AssetForbidden(f"{text[:200]!r} is not a URL: {error}.") from error
        if url.scheme not in ("http", "https"):
            found = f"the scheme {url.scheme!r}" if url.scheme else "no scheme"
            raise AssetForbidden(f"{text[:200]!r} has {found}; use an https:// or http:// URL.")
        if url.userinfo:
            raise AssetForbidden(
                "The URL carries a user name or password before the host; use one without,"
                " for instance a signed link."
            )
        if not url.host:
            raise AssetForbidden(f"{text[:200]!r} names no host.")
        default = 443 if url.scheme == "https" else 80
        self.check_port(default if url.port is None else url.port)
        literal = _literal(url.host)
        if literal is not None:
            self.check_addresses(url.host, (str(literal),))
        return url

    def check_port(self, port: int) -> None:
        """Refuse ports on which no web server lives. Raises: AssetForbidden."""
        is_open = port in PORTS or PORT_FREE_MIN <= port <= 65535
        if not is_open or port in PORTS_CLOSED:
            raise AssetForbidden(
                f"Port {port} is not open to requests: 80, 443 and those from {PORT_FREE_MIN} on"
                " are, without the usual ports of databases and other services."
            )


def _plain(address: Address) -> Address:
    """Return the IPv4 address that an IPv4-mapped one stands for; the kernel connects to that."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _literal(host: str) -> Address | None:
    """Return the address that a host spells out, in any spelling that `connect` would take."""
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        pass
    try:
        # Also 2130706433, 0x7f.1 and 0177.0.0.1, which the C library reads as 127.0.0.1.
        return IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return None
