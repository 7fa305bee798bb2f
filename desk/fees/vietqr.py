"""The text of a VietQR code: a transfer to one account, of one amount, with the reference of a bill.

EMVCo QR Code Specification for Payment Systems, Merchant-Presented Mode; NAPAS VietQR: 38 holds NAPAS's own identifier,
the bank and the account, and the service QRIBFTTA (transfer to an account); 62-08 the text of the transfer.
"""

from archive.settings import settings

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
DONG = "704"  # ISO 4217
LONGEST_TEXT = 25


def payload(bank: str, account: str, amount: int, text: str) -> str:
    """The text that a banking app reads; ``amount`` in đồng, ``text`` of at most 25 plain signs; else ValueError."""
    if amount <= 0 or not text.isascii() or not 0 < len(text) <= LONGEST_TEXT:
        raise ValueError("amount or text")
    beneficiary = _field("00", bank) + _field("01", account)
    told = (
        _field("00", "01") + _field("01", "12")  # version; of one use
        + _field("38", _field("00", NAPAS) + _field("01", beneficiary) + _field("02", TO_ACCOUNT))
        + _field("53", DONG) + _field("54", str(amount)) + _field("58", "VN") + _field("62", _field("08", text))
        + "6304"
    )  # fmt: skip
    return f"{told}{checksum(told.encode()):04X}"


def bill_payload(amount: int, reference: str) -> str:
    """The same for our own account; "" where none is configured."""
    told = settings()
    return payload(told.bank_bin, told.bank_account, amount, reference) if told.bank_account else ""


def checksum(data: bytes) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, begun at 0xFFFF (ISO/IEC 13239 as EMVCo uses it)."""
    register = 0xFFFF
    for byte in data:
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1 ^ 0x1021 if register & 0x8000 else register << 1) & 0xFFFF
    return register


def _field(name: str, value: str) -> str:
    if len(value) > 99:
        raise ValueError(name)
    return f"{name}{len(value):02d}{value}"
