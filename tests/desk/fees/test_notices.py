"""Notices of a gateway: signed, of now, whole; anything else is refused before it is read."""

import json
from datetime import UTC, datetime

import pytest

from desk.fees.notices import WINDOW, ForgedError, UnreadableError, read_notice, signature
from desk.fees.taking import Money

SECRET = "khóa của cổng thanh toán, đủ ba mươi hai ký tự"
MOMENT = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
NOW = str(int(MOMENT.timestamp()))
BODY = json.dumps({"reference": "G1", "amount": 20000, "content": "VK"}).encode()


def read(body: bytes = BODY, timestamp: str = NOW, signed: str | None = None, secret: str = SECRET) -> Money:
    return read_notice(
        SECRET, timestamp, signature(secret, timestamp, body) if signed is None else signed, body, MOMENT
    )


def test_a_signed_notice_is_read() -> None:
    assert read() == Money("gateway", "G1", 20000, "VK")
    assert read(signed=signature(SECRET, NOW, BODY).upper()).outside == "G1"
    # printf 1.x | openssl dgst -sha256 -hmac key
    assert signature("key", "1", b"x") == "fc4913c41a7bf793267e2a384f3261c9436ec2cd097bd745e7b0d99113f510ec"
    for shift in (-WINDOW, WINDOW):
        assert read(timestamp=str(int(NOW) + shift)).amount == 20000


def test_what_is_forged_late_or_for_another_body_is_refused() -> None:
    mine = signature(SECRET, NOW, BODY)
    for told in (
        {"secret": SECRET + "x"}, {"signed": ""}, {"signed": "0" * 64}, {"signed": "ký"}, {"signed": mine[:-1]},
        {"signed": mine, "body": BODY.replace(b"20000", b"90000")}, {"signed": mine, "timestamp": str(int(NOW) + 1)},
        {"timestamp": str(int(NOW) + WINDOW + 1)}, {"timestamp": str(int(NOW) - WINDOW - 1)},
        {"timestamp": ""}, {"timestamp": "-1"}, {"timestamp": "1e9"}, {"timestamp": "9" * 13}, {"timestamp": "१२"},
    ):  # fmt: skip
        with pytest.raises(ForgedError):
            read(**told)  # type: ignore[arg-type]


@pytest.mark.parametrize("body", [
    b"", b"[]", b"{", b"[" * 10_000, b"{}", b'{"reference": "G", "amount": "5"}', b'{"reference": "G", "amount": 5.0}',
    b'{"reference": "G", "amount": true}', b'{"reference": "G", "amount": 0}', b'{"reference": "G", "amount": -5}',
    b'{"reference": " ", "amount": 5}', b'{"reference": 7, "amount": 5}', b'{"reference": "G", "amount": 1e13}',
    b'{"reference": "G", "amount": 10000000000000}', b'{"reference": "G", "amount": 5, "content": 1}', b"\xff",
])  # fmt: skip
def test_what_is_signed_and_no_notice_says_what_is_wrong(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        read(body)
