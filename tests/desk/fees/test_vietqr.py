"""The QR code of a transfer: against published examples, and read back by a reader of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.settings import Settings
from desk.fees.vietqr import checksum, payload

#: From the README of github.com/subiz/vietqr (120.000 đồng to 970415, 0011001932418, "ung ho lu lut").
PUBLISHED = (
    "00020101021238570010A00000072701270006970415011300110019324180208QRIBFTTA530370454061200005802VN62170813"
    "ung ho lu lut6304C15C"
)
#: A payload that another implementation tests its checksum with.
FOREIGN = (
    "00020101021238600010A00000072701300006970403011697040311012345670208QRIBFTTC530370454061800005802VN62340107"
    "NPS68690819thanh toan don hang6304"
)


def parts(text: str) -> dict[str, str]:
    """Identifier, two digits of length, value; to the end, or it fails."""
    found: dict[str, str] = {}
    while text:
        name, length = text[:2], int(text[2:4])
        value, text = text[4 : 4 + length], text[4 + length :]
        assert len(value) == length
        assert name not in found
        found[name] = value
    return found


def remainder(text: str) -> int:
    """The checksum by long division of the bits, not by the shifting that the writer does."""
    bits = int.from_bytes(text.encode(), "big") << 16
    length = len(text) * 8 + 16
    bits ^= 0xFFFF << (length - 16)
    for place in range(length - 1, 15, -1):
        if bits >> place & 1:
            bits ^= 0x11021 << (place - 16)
    return bits


def test_published_examples() -> None:
    assert payload("970415", "0011001932418", 120_000, "ung ho lu lut") == PUBLISHED
    assert f"{checksum(FOREIGN.encode()):04X}" == "A203"
    assert checksum(b"123456789") == 0x29B1, "the check value of CRC-16/CCITT-FALSE"


@given(
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.from_regex(r"[0-9A-Za-z]{4,19}", fullmatch=True),
    st.integers(1, 10**12),
    st.from_regex(r"[0-9A-Z ]{1,25}", fullmatch=True),
)
def test_what_is_written_is_read_back(bank: str, account: str, amount: int, text: str) -> None:
    told = payload(bank, account, amount, text)
    assert int(told[-4:], 16) == remainder(told[:-4])
    found = parts(told)
    merchant = parts(found["38"])
    assert (found["00"], found["01"], found["53"], found["58"]) == ("01", "12", "704", "VN")
    assert (merchant["00"], merchant["02"]) == ("A000000727", "QRIBFTTA")
    assert parts(merchant["01"]) == {"00": bank, "01": account}
    assert (found["54"], parts(found["62"])["08"]) == (str(amount), text)
    assert list(found)[-1] == "63"


def test_what_no_code_can_say_is_refused() -> None:
    for amount, text in ((0, "x"), (-1, "x"), (1, ""), (1, "phí"), (1, "x" * 26)):
        with pytest.raises(ValueError, match="amount"):
            payload("970436", "123456", amount, text)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"bank_bin": "97043"}, "BANK_BIN"),
        ({"bank_account": "123456"}, "BANK_BIN"),
        ({"bank_bin": "970436", "bank_account": "12 34"}, "BANK_ACCOUNT"),
        ({"bank_bin": "970436", "bank_account": "123456"}, "BANK_NAME"),
        ({"payment_secret": "ngắn"}, "PAYMENT_SECRET"),
        ({"payment_secret": "a" * 40}, "PAYMENT_SECRET"),
        ({"payment_url": "https://cong.vn/tra"}, "PAYMENT_URL"),
        ({"payment_url": "http://cong.vn/tra", "payment_secret": "0123456789abcdef" * 2}, "PAYMENT_URL"),
    ],
)
def test_half_an_account_or_a_weak_secret_does_not_start(told: dict[str, str], name: str) -> None:
    with pytest.raises(ValueError, match=f"VANKHO_{name}"):
        Settings(**told)  # type: ignore[arg-type]
