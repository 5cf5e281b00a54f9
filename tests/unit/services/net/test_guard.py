"""The address guard: what is closed, in every spelling, and what an operator may open."""

from ipaddress import ip_address

import pytest

from vidgenie.errors import AssetForbidden
from vidgenie.services.net.guard import PORTS_CLOSED, AddressGuard

GUARD = AddressGuard()

CLOSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1",
    "127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.0.0.192", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1",
    "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
    "ff0e::1",
]  # fmt: skip
OPEN = [
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.32.0.1",
    "2606:4700::1111", "2a00:1450:4001::200e", "::ffff:8.8.8.8", "64:ff9b::808:808",
]  # fmt: skip


@pytest.mark.parametrize("address", CLOSED)
def test_addresses_that_are_not_public_are_closed(address: str) -> None:
    assert GUARD.closed(ip_address(address))
    with pytest.raises(AssetForbidden, match="not public"):
        GUARD.check_addresses("media.example", [address])


@pytest.mark.parametrize("address", OPEN)
def test_public_addresses_are_open(address: str) -> None:
    assert GUARD.closed(ip_address(address)) is None
    assert len(GUARD.check_addresses("media.example", [address])) == 1


def test_one_closed_answer_refuses_the_name_without_telling_the_address() -> None:
    with pytest.raises(AssetForbidden) as caught:
        GUARD.check_addresses("media.example", ["8.8.8.8", "10.1.2.3"])
    assert "media.example" in caught.value.message
    assert "10.1.2.3" not in caught.value.message
    assert "--allow-networks" in caught.value.message


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/",
        "http://0177.0.0.1/", "http://127.1/", "http://0/", "http://0.0.0.0/", "http://[::1]/",
        "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[64:ff9b::7f00:1]/",
        "http://100.64.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::]/",
        "http://[fe80::1]/", "http://192.168.0.1:8080/",
        "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://１２７.0.0.1/",
    ],
)  # fmt: skip
def test_every_spelling_of_a_closed_literal_is_refused(url: str) -> None:
    with pytest.raises(AssetForbidden):
        GUARD.check_url(url)


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("ftp://media.example/a.mp4", "'ftp'"),
        ("file:///etc/passwd", "'file'"),
        ("data:video/mp4;base64,AAAA", "'data'"),
        ("concat:a|b", "'concat'"),
        ("/etc/passwd", "no scheme"),
        ("//media.example/a", "no scheme"),
        ("", "no scheme"),
        ("http:///a.mp4", "names no host"),
        ("http://media.example@127.0.0.1/", "user name"),
        ("http://me:secret@media.example/", "user name"),
        ("http://media.example:22/", "Port 22"),
        ("http://media.example:5432/", "Port 5432"),
        ("http://media.example:0/", "Port 0"),
        ("http://media.example:99999/", "not a URL|Port 99999"),
        ("http://[::1/", "not a URL"),
        ("http://exa\nmple.com/", "not a URL"),
    ],
)
def test_urls_refused_by_their_text(url: str, word: str) -> None:
    with pytest.raises(AssetForbidden, match=word):
        GUARD.check_url(url)


@pytest.mark.parametrize(
    "url",
    ["https://media.example/a.mp4", "http://media.example:8080/a?b=c#d", "https://8.8.8.8/a",
     "https://bücher.example/a"],
)  # fmt: skip
def test_ordinary_urls_pass(url: str) -> None:
    assert GUARD.check_url(url).host


def test_allowed_networks_open_themselves_and_nothing_else() -> None:
    guard = AddressGuard(["10.1.0.0/16", "fd12::/32"])
    assert guard.check_url("http://10.1.2.3/a.mp4")
    assert guard.closed(ip_address("::ffff:10.1.2.3")) is None
    assert guard.closed(ip_address("fd12::7")) is None
    assert guard.closed(ip_address("10.2.0.1"))
    assert guard.closed(ip_address("fd13::7"))
    assert guard.closed(ip_address("64:ff9b::a01:203"))
    with pytest.raises(AssetForbidden):
        guard.check_url("http://10.1.2.3:5432/")


def test_a_network_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="host bits set"):
        AddressGuard(["10.1.2.3/16"])


def test_no_ephemeral_port_is_closed() -> None:
    assert max(PORTS_CLOSED) < 32768
