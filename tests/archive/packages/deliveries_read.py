"""Deliveries read to the end, for tests to look at."""

from pathlib import Path

from archive.packages.delivery import Delivery, DocumentRow, Finding, open_delivery


def documents(path: Path) -> list[DocumentRow]:
    with open_delivery(path) as delivery:
        return list(delivery.documents())


def codes(findings: object) -> list[str]:
    return [f.code for f in findings]  # type: ignore[attr-defined]


def every_finding(delivery: Delivery) -> list[Finding]:
    rows = [*delivery.fonds(), *delivery.files(), *delivery.documents()]
    return [f for row in rows for f in row.findings] + list(delivery.unlisted()) + delivery.findings
