"""Stamps beside what stamps stand beside, in the fields of a row; words that are none; real texts."""

import json

import pytest
import zstandard

from archive.packages.secrecy import looks_secret
from tests.shared_data import shared_data

CORPORA = (("phapdien-articles", "articles.jsonl.zst"), ("vbpl-central-2025", "documents.jsonl.zst"))


@pytest.mark.parametrize(
    "line",
    [
        "HỎA TỐC - MẬT", "MẬT - KHẨN", "TỐI MẬT  HỎA TỐC", "MẬT / KHẨN", "MẬT (Bản số 02)", "MẬT - Bản số: 02/05",
        "TUYỆT MẬT THƯỢNG KHẨN", "HOẢ TỐC HẸN GIỜ  TỐI MẬT", "MẬT        CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "MẬT CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM", "TỐI MẬT    VIỆT NAM CỘNG HÒA", "MẬT\tĐộc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN TỈNH      TỐI MẬT", "TRÈS SECRET", "TRES SECRET", "SECRET", "CONFIDENTIEL",
        "STRICTEMENT CONFIDENTIEL", "« TRÈS SECRET »", "TRÈS SECRET - URGENT", "CONFIDENTIELLE",
        "CHỈ NGƯỜI CÓ TÊN MỚI ĐƯỢC BÓC BÌ", "ĐÃ GIẢI MẬT", "GIẢI MẬT", "ĐÃ GIẢI MẬT ngày 12/5/2020",
        "GIẢI MẬT theo Quyết định số 12/QĐ-UBND", "TỐI MẬl", "Bản số: 3  T Ố I  M Ậ T",
        "M Ậ T  Độc lập - Tự do - Hạnh phúc",
    ],
)  # fmt: skip
def test_a_stamp_beside_what_stamps_stand_beside(line: str) -> None:
    ground = looks_secret(f"ỦY BAN NHÂN DÂN\n{line}\nSố: 12/QĐ-UBND", {})
    assert ground is not None
    assert "dòng 2" in ground


def test_that_something_was_declassified_is_told() -> None:
    assert "giải mật" in (looks_secret("ỦY BAN\nĐÃ GIẢI MẬT\n", {}) or "")
    assert "giải mật" in (looks_secret("", {"Description": "Tài liệu đã giải mật theo QĐ số 5"}) or "")


@pytest.mark.parametrize("beside", ["HỎA TỐC", "KHẨN", "Bản số: 02", "Số bản 03/10"])
@pytest.mark.parametrize("letter", ["A", "B", "C", "( C )"])
def test_the_letter_of_a_degree_beside_another_stamp(letter: str, beside: str) -> None:
    ground = looks_secret(f"ỦY BAN NHÂN DÂN\n{letter}\n{beside}\nSố: 01/KH-UBND", {})
    assert ground is not None
    assert "ký hiệu" in ground


@pytest.mark.parametrize(
    "text",
    [
        "ỦY BAN NHÂN DÂN\nC\nSố: 01/KH-UBND", "Phụ lục\nA\nB\nC\n", "HỎA TỐC\nC. Tổ chức thực hiện",
        "KHẨN TRƯƠNG THỰC HIỆN\nC\n", "HỎA TỐC\n" + "chữ\n" * 20 + "C\n", "HỎA TỐC\nD\n",
    ],
)  # fmt: skip
def test_a_letter_alone_is_a_heading(text: str) -> None:
    assert looks_secret(text, {}) is None


@pytest.mark.parametrize(
    "line",
    [
        "BÍ MẬT KINH DOANH", "BÍ   MẬT", "MẬT ONG   HỎA TỐC", "ĐƯỜNG MẬT", "bí mật kinh doanh", "HỎA TỐC", "KHẨN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Mật khẩu", "Sổ tay công tác bảo mật", "Độ | MẬT | Khẩn", "GIẢI MẬT MÃ",
        "Secret", "le secret professionnel", "SECRET PROFESSIONNEL", "BẢO MẬT   CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Chỉ người có tên mới được bóc bì là dấu trên bì", "HỎA TỐC - BÍ MẬT", "MẬT VỤ   KHẨN",
    ],
)  # fmt: skip
def test_words_are_no_stamp(line: str) -> None:
    assert looks_secret(f"ỦY BAN NHÂN DÂN\n{line}\nSố: 12/QĐ-UBND", {}) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Subject", "Tuyệt mật: kế hoạch A2"), ("Title", "MẬT - Kế hoạch diễn tập"), ("Subject", "TỐI MẬT. Báo cáo"),
        ("Subject", "MẬT Báo cáo tình hình"), ("Subject", "Báo cáo tình hình biên giới - MẬT"),
        ("Subject", "Mật: báo cáo"),
        ("Subject", "Báo cáo (đã giải mật)"), ("InforSign", "MẬT"), ("InforSign", "Độ mật: Mật"), ("Keyword", "Mật"),
        ("Keyword", "biên giới; tối mật"), ("Autograph", "Tối mật"), ("Description", "Tài liệu MẬT"),
        ("Description", "Dấu TỐI MẬT, đóng đỏ"), ("Description", "Độ mật: Tuyệt mật"), ("Format", "MẬT"),
        ("CodeNumber", "5/MẬT"), ("CodeNotation", "KH-UBND(M)"), ("CodeNotation", "M/KH-UBND"),
        ("FileNotation", "01(TuM)"),
        ("CodeNotation", "KH-UBND (TM)"), ("CodeNotation", "BC/TỐI MẬT"), ("Signer", "Mật"),
        ("Ghi chú riêng", "TUYỆT MẬT"),
    ],
)  # fmt: skip
def test_a_degree_in_any_field(name: str, value: str) -> None:
    ground = looks_secret("", {name: value})
    assert ground is not None
    assert name in ground


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Subject", "Mật độ dân số tỉnh Kon Tum"), ("Subject", "MẬT ĐỘ DÂN SỐ"), ("Subject", "Mật ong rừng: giá bán"),
        ("Subject", "Mật khẩu và an toàn thông tin"), ("Title", "MẬT ONG"), ("Title", "MẬT ONG Tây Nguyên"),
        ("Title", "Sổ tay công tác bảo mật"), ("Title", "SỔ TAY BẢO MẬT"), ("Subject", "Danh mục tài liệu đã giải mật"),
        ("Subject", "Bảo vệ bí mật kinh doanh"), ("Keyword", "bí mật; mật ong; mật độ"), ("Keyword", "bảo mật"),
        ("Description", "Bàn về bí mật nhà nước"), ("Description", "BẢO VỆ BÍ MẬT NHÀ NƯỚC"),
        ("Description", "Phim Đường mật"), ("Description", "CƠ MẬT VIỆN"), ("CodeNotation", "TM-XNK"),
        ("CodeNotation", "KH-UBND"), ("CodeNotation", "TM/BCĐ"), ("CodeNumber", "5"), ("Signer", "Nguyễn Thị Mật"),
        ("OrganName", "Ban Cơ yếu, Cục Mật mã"), ("Description", "Mật mã"), ("Keyword", "cán bộ mật vụ"),
        ("CodeNotation", "CT/M-VP"), ("Description", "Đường mía và MẬT ONG"),
    ],
)  # fmt: skip
def test_words_of_a_field_are_no_degree(name: str, value: str) -> None:
    assert looks_secret("", {name: value}) is None


@pytest.mark.parametrize(("name", "file"), CORPORA)
def test_no_published_text_is_taken_for_a_secret(name: str, file: str) -> None:
    """49,358 articles of law, many on state secrets, and 974 documents of the official gazette: all of them public."""
    with (shared_data(name) / file).open("rb") as packed:
        lines = zstandard.ZstdDecompressor().stream_reader(packed).read().decode().split("\n")
    rows = [json.loads(line) for line in lines if line]
    titles = [row.get("article_title") or row.get("title") or "" for row in rows]
    caught = [
        (title, ground)
        for row, title in zip(rows, titles, strict=True)
        if (ground := looks_secret(row.get("text") or "", {"Subject": title, "CodeNotation": row.get("number") or ""}))
    ]
    assert caught == []
