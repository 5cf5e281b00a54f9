"""Signatures: the examples of the documents that define them."""

import base64
from datetime import UTC, datetime

import pytest

from vidgenie.services.destinations.sign import S3Keys, message_signature, s3_headers, s3_url

# AWS's "Examples: Signature Calculations"; the keys are those of the document, and nobody's.
KEYS = S3Keys("us-east-1", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
MOMENT = datetime(2013, 5, 24, tzinfo=UTC)
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
WELCOME = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072"


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"),
    [
        (
            "GET",
            "test.txt",
            {"range": "bytes=0-9", "x-amz-content-sha256": NOTHING},
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "PUT",
            "test$file.text",
            {
                "date": "Fri, 24 May 2013 00:00:00 GMT",
                "x-amz-storage-class": "REDUCED_REDUNDANCY",
                "x-amz-content-sha256": WELCOME,
            },
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
    ],
)
def test_amazons_examples(method: str, path: str, headers: dict[str, str], expected: str) -> None:
    place = {
        "bucket": "examplebucket",
        "region": "us-east-1",
        "endpoint": "https://s3.amazonaws.com",
        "path_style": False,
    }
    made = s3_headers(method, s3_url(place, path), KEYS, headers, now=MOMENT)
    assert made["authorization"].endswith(f"Signature={expected}")


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ({}, "https://films.s3.eu-west-1.amazonaws.com/a%20b/%C3%BC~.mp4"),
        (
            {"region": "cn-north-1"},
            "https://films.s3.cn-north-1.amazonaws.com.cn/a%20b/%C3%BC~.mp4",
        ),
        ({"path_style": True}, "https://s3.eu-west-1.amazonaws.com/films/a%20b/%C3%BC~.mp4"),
        (
            {"endpoint": "http://h:9000", "path_style": True},
            "http://h:9000/films/a%20b/%C3%BC~.mp4",
        ),
    ],
)
def test_where_an_object_is(changes: dict[str, object], url: str) -> None:
    place = {"bucket": "films", "region": "eu-west-1", "endpoint": None, "path_style": False}
    assert s3_url({**place, **changes}, "a b/ü~.mp4") == url


def test_the_example_of_signed_http_messages() -> None:
    key = base64.b64decode(
        "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ=="
    )
    values = {
        "date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "@authority": "example.com",
        "content-type": "application/json",
    }
    params = '("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"'
    found = message_signature(key, values, params)
    assert found == "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8="
