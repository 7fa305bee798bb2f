"""Papers that people bring to a demonstration: a transfer package with faults, an old register, a bank's statement."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from PIL import Image, ImageDraw

from archive.clock import today

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
CITIZEN = "051088001234"  # nobody's: the digits of the tests


def package(sample: Path) -> bytes:
    """A package as a contractor brings it, made of the sample's columns: rows in order, and rows with faults."""
    head, rows = _table(sample / "van-ban.csv")
    columns, files = _table(sample / "ho-so.csv")
    scanned = next(one for one in rows if one["AccessLevel"] == "01" and _pages(sample, one["DocCode"]))
    closed = next(one for one in rows if one["AccessLevel"] == "02" and not one["OpenDate"])
    code, own = scanned["FileCode"], scanned["DocCode"].rpartition(".")[0]
    plan = {**scanned, "DocCode": f"{own}.101", "CodeNumber": "1284", "CodeNotation": "KH-UB", "TypeName": "Kế hoạch",
            "Subject": "Kế hoạch giao đất xây dựng khu dân cư nông thôn xã Tịnh Khê, đợt 2 năm 1998",
            "IssuedDate": "17/08/1998"}  # fmt: skip
    named = {
        **scanned,
        "DocCode": f"{own}.102",
        "CodeNumber": "1285",
        "CodeNotation": "TB-UB",
        "TypeName": "Thông báo",
        "Subject": "Thông báo nộp tiền sử dụng đất của các hộ được giao đất đợt 2",
    }
    month = today().replace(day=1)
    opened = [
        {**scanned, "DocCode": f"{own}.11{n}", "CodeNumber": f"{1290 + n}", "Subject": about, "AccessLevel": "02",
         "Mode": "Hạn chế", "OpenDate": f"{month:%d/%m/%Y}", "IssuedDate": f"1{n}/09/1996",
         "TypeName": kind, "CodeNotation": notation}
        for n, (kind, notation, about) in enumerate((
            ("Tờ trình", "TT-UB", "Về việc xin giao đất ở của ông Trần Văn Lý"),
            ("Biên bản", "BB-UB", "Hòa giải tranh chấp ranh giới hai thửa đất"),
            ("Báo cáo", "BC-UB", "Kết quả thẩm tra lý lịch thửa đất số 48"),
        ))
    ]  # fmt: skip
    faults = [
        {**scanned, "DocCode": f"{own}.103", "IssuedDate": "31/02/1998", "Subject": "Báo cáo kết quả giao đất đợt 2"},
        {**scanned, "DocCode": f"{own}.104", "FileCode": f"{code}9", "Subject": "Biên bản bàn giao mốc giới"},
        {**scanned, "DocCode": f"{own}.105", "AccessLevel": "nội bộ", "Subject": "Tờ trình mức thu tiền sử dụng đất"},
        {**scanned, "DocCode": "", "Subject": "Công văn không có mã"},
        {**closed, "AccessLevel": "01", "Mode": "Không hạn chế"},
    ]  # fmt: skip
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as whole:
        whole.writestr("van-ban.csv", _written(head, [plan, named, *opened, *faults]))
        kept_in = {one["FileCode"] for one in (scanned, closed)}
        whole.writestr("ho-so.csv", _written(columns, [one for one in files if one["FileCode"] in kept_in]))
        whole.writestr(f"data/{plan['DocCode']}.docx", office_file())
        text = (sample / "data" / f"{scanned['DocCode']}.txt").read_text("utf-8").split("\f")
        text[0] += f"\nÔng Nguyễn Văn Bảy, số định danh cá nhân {CITIZEN}, nộp 2.400.000 đồng.\n"
        whole.writestr(f"data/{named['DocCode']}.txt", "\f".join(text))
        for one in _pages(sample, scanned["DocCode"]):
            whole.write(one, f"data/{one.name.replace(scanned['DocCode'], named['DocCode'])}")
        whole.writestr("data/ghi-chu.txt", "Tệp không có dòng nào trong danh mục.")
    return kept.getvalue()


def _table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    return list(reader.fieldnames or ()), rows


def _pages(sample: Path, code: str) -> list[Path]:
    return sorted((sample / "data").glob(f"{code}-*.jpg")) if (sample / "data" / f"{code}.txt").exists() else []


def _written(head: list[str], rows: list[dict[str, str]]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, head)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def office_file() -> bytes:
    """A plan as it was typed (.docx): headings, a list of places, a table."""
    said = ("", "Thực hiện Luật Đất đai và quy hoạch sử dụng đất xã Tịnh Khê, Ủy ban nhân dân huyện lập kế hoạch sau.")
    body = "".join(_p(text, style) for style, text in (
        ("u1", "Kế hoạch giao đất xây dựng khu dân cư nông thôn xã Tịnh Khê"), said, ("u2", "I. Mục tiêu"),
        ("", "Giao đất cho 126 hộ chưa có đất ở, xong trước ngày 31/12/1998."), ("u2", "II. Phân bổ theo thôn"),
    ))  # fmt: skip
    rows = (("Thôn", "Số hộ", "Diện tích, m²"), ("Trường Định", "48", "9.600"), ("Khê Hòa", "41", "8.200"),
            ("Cổ Lũy", "37", "7.400"))  # fmt: skip
    body += "<w:tbl>" + "".join(f"<w:tr>{''.join(f'<w:tc>{_p(one)}</w:tc>' for one in row)}</w:tr>" for row in rows)
    body += "</w:tbl>" + _p("III. Tổ chức thực hiện", "u2")
    body += _p("Phòng Địa chính chủ trì, báo cáo kết quả hằng tháng.")
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="u{n}"><w:name w:val="heading {n}"/></w:style>' for n in (1, 2)
    )
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="a" Target="word/document.xml" Type="{OFFICE}"/>'
            "</Relationships>",
        )
        parts.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
        parts.writestr("word/styles.xml", f'<w:styles xmlns:w="{W}">{styles}</w:styles>')
    return kept.getvalue()


def _p(text: str, style: str = "") -> str:
    style = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{style}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def register() -> bytes:
    """A register of outgoing letters of 1998, with a column that the circular does not know, and a row whose
    title bears a stamp of secrecy."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["Số ký hiệu", "Ngày ban hành", "Trích yếu nội dung", "Nơi nhận", "Cặp số"])
    for n, about in enumerate(("sửa chữa kênh N8", "cấp giống lúa vụ Đông Xuân", "tu bổ đình làng Trường Định"), 1):
        sheet.append([f"{n * 37}/CV-UB", f"{n * 5}/3/1998", f"Về việc {about}", "Phòng Nông nghiệp", f"Cặp {n}"])
    sheet.append(["148/CV-UB", "20/3/1998", "MẬT - Kế hoạch bảo vệ kho lương thực", "Công an huyện", "Cặp 4"])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def statement(reference: str, amount: int, day: date) -> bytes:
    """A bank's statement: the money of a bill under its reference, less than a bill, and money of nobody."""
    told = (
        (amount, f"{reference} nop phi sao chup tai lieu", "FT2611280001"),
        (amount // 2, f"NGUYEN THI LY CK {reference}", "FT2611280002"),
        (50_000, "Bui Thi Hanh nop phi doc tai lieu", "FT2611280003"),
    )
    lines = [["Ngày giao dịch", "Số tham chiếu", "Ghi nợ", "Ghi có", "Nội dung"]]
    lines += [[day.strftime("%d/%m/%Y"), mark, "", str(money), text] for money, text, mark in told]
    file = io.StringIO()
    csv.writer(file).writerows(lines)
    return file.getvalue().encode("utf-8-sig")


def drawn(words: str) -> bytes:
    """A card with these words on it, photographed."""
    kept = io.BytesIO()
    card = Image.new("RGB", (640, 400), (214, 226, 220))
    ImageDraw.Draw(card).text((60, 60), words, fill=(30, 40, 60), font_size=36)
    card.save(kept, "PNG")
    return kept.getvalue()


def write_key(path: Path, password: str) -> None:
    """A key and its certificate, signed by itself, that sign copies in the demonstration."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Trung tâm Lưu trữ lịch sử (khóa thử)")])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        built.not_valid_after(now + timedelta(days=365)).add_extension(usage, critical=True).sign(key, hashes.SHA256())
    )
    kept = pkcs12.serialize_key_and_certificates(
        b"ban sao", key, made, None, serialization.BestAvailableEncryption(password.encode())
    )
    path.write_bytes(kept)
