"""Messages and archives as documents: their parts with text, and everything that is built to hurt whoever opens it."""

import io
import random
import zipfile
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from indexer.extraction import enclosures
from indexer.extraction.errors import Trouble
from indexer.extraction.pages import build_pages
from indexer.extraction.sources import ImageRef, Source, SourceKind
from tests.indexer.extraction.making import docx, paragraph, source, text_pdf
from tests.indexer.extraction.office_files import compound, old_word


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 600), frames: int = 1) -> bytes:
    kept = io.BytesIO()
    first, *others = [Image.new("1", size, n % 2) for n in range(frames)]
    more = {"save_all": True, "append_images": others} if others else {}
    first.convert("L" if kind == "JPEG" else "1").save(kept, kind, **more)
    return kept.getvalue()


LOGO = picture(size=(120, 60))


def letter(subject: str = "Về việc đê điều", body: str = "Kính gửi Sở Nội vụ.", **parts: bytes) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "Nguyễn Văn Trà <tra@quangngai.example>", "phong.luutru@quangngai.example"
    made["Subject"], made["Date"] = subject, "Mon, 02 Mar 2026 08:00:00 +0700"
    made.set_content(body)
    for name, data in parts.items():
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name.replace("__", "."))
    return made


def packed(**parts: bytes) -> bytes:
    return zipped({name.replace("__", "."): data for name, data in parts.items()})


def zipped(parts: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in parts.items():
            out.writestr(name, data)
    return kept.getvalue()


def read(kind: SourceKind, data: bytes, name: str = "data/VB1.eml") -> tuple[list[str], list[Trouble]]:
    pages, troubles = build_pages([source(kind, data, name=name)])
    return [page.text.text for page in pages], troubles


def test_a_message_gives_its_head_its_body_and_what_is_attached() -> None:
    made = letter(
        Ke_hoach__docx=docx(paragraph("Kế hoạch trồng rừng")),
        cu__doc=old_word("Tờ trình xây cầu\r"),
        bang__pdf=text_pdf([("Bang ke nam 1998", 50, 600)]),
        ghi__txt="Điều 1\fĐiều 2".encode(),
        anh__png=LOGO,
        goi__zip=packed(trong__txt="Nằm sâu bên trong".encode()),
    )
    made.add_attachment(letter("Thư trước", "Đã nhận hồ sơ."))
    texts, troubles = read("mail", made.as_bytes())
    head = texts[0].split("\n")
    assert head[0] == "Từ: Nguyễn Văn Trà <tra@quangngai.example>"
    assert "Tiêu đề: Về việc đê điều" in head
    assert "Tệp đính kèm: Ke_hoach.docx, cu.doc, bang.pdf, ghi.txt, anh.png, goi.zip, Thư trước.eml" in head
    assert head[-1] == "Kính gửi Sở Nội vụ."
    assert texts[1:7] == [
        "[Ke_hoach.docx]\n\nKế hoạch trồng rừng", "[cu.doc]\n\nTờ trình xây cầu", "Bang ke nam 1998",
        "[ghi.txt]\n\nĐiều 1", "Điều 2", "[goi.zip › trong.txt]\n\nNằm sâu bên trong",
    ]  # fmt: skip
    assert texts[7].startswith("[Thư trước.eml]\n\nTừ: Nguyễn Văn Trà")
    assert texts[7].endswith("Đã nhận hồ sơ.")
    assert [(one.code, "anh.png" in one.message) for one in troubles] == [("part.image", True)]


def test_scans_within_are_pages_to_look_at_and_to_recognise() -> None:
    inner = packed(
        quet__tif=picture("TIFF", frames=3),
        to__pdf=text_pdf([("Bang ke nam 1998", 50, 600)]),
        hong__jpg=b"\xff\xd8\xffx",
        doi__png=b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4) * 2 + bytes(20),
    )
    made = letter(anh__jpg=picture("JPEG"), logo__png=LOGO, goi__zip=inner, dong__gif=picture("GIF")).as_bytes()
    pages, troubles = build_pages([source("mail", made, name="data/VB1.eml")])
    shown = []
    for page in pages:
        ref = page.image
        where = ref and isinstance(ref.source, Source) and (ref.source.name, ref.page_index)
        shown.append((where, page.width, page.unread, page.text.text.split("\n")[0]))
    tif, zipped_name = "data/VB1.eml › goi.zip › quet.tif", "data/VB1.eml › goi.zip › to.pdf"
    head = "Từ: Nguyễn Văn Trà <tra@quangngai.example>"
    assert shown == [
        (None, 0, "", head), (("data/VB1.eml › anh.jpg", 0), 400, "no-text", ""), (None, 0, "", "[goi.zip]"),
        *[((tif, n), 400, "no-text", "") for n in range(3)], ((zipped_name, 0), 1240, "", "Bang ke nam 1998"),
    ]  # fmt: skip
    assert pages[-1].text.boxes is not None
    told = {one.code: one.message for one in troubles}
    assert told.keys() == {"part.broken", "part.image"}
    assert [told["part.broken"].count(name) for name in ("hong.jpg", "doi.png")] == [1, 1]
    assert [told["part.image"].count(name) for name in ("logo.png", "dong.gif")] == [1, 1]


def test_scans_beside_other_pages_and_too_many_of_them_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    mail = letter(anh__png=picture()).as_bytes()
    pages, troubles = build_pages([source("mail", mail, name="VB1.eml"), source("image", picture(), name="VB1.png")])
    assert [one.image for one in pages] == [ImageRef(1, None)]
    assert "part.image" in {one.code for one in troubles}
    monkeypatch.setattr(enclosures, "SHOWN", 3)
    twins = zipped({f"{n}/a.png": picture() for n in range(5)})
    pages, troubles = build_pages([source("archive", twins, name="VB1.zip")])
    assert (len(pages), [one.code for one in troubles]) == (4, ["part.shown"])
    swelling = packed(a__png=picture() + bytes(4 << 20))
    pages, troubles = build_pages([source("archive", swelling, name="VB1.zip")])
    assert (len(pages), [one.code for one in troubles]) == (1, ["part.shown"])


def test_alternatives_and_old_encodings_give_one_body() -> None:
    made = EmailMessage()
    made.set_content("Bản chữ thường")
    made.add_alternative("<p>Bản <b>trang web</b></p><script>x()</script>", subtype="html")
    assert "Bản chữ thường" in read("mail", b"Subject: a\n" + made.as_bytes())[0][0]
    page = EmailMessage()
    page.set_content("<p>Chỉ có <b>trang web</b></p><script>x()</script>", subtype="html")
    (text,), _ = read("mail", b"Subject: a\n" + page.as_bytes())
    assert (text.split("\n")[-1], "x()" in text) == ("Chỉ có trang web", False)
    raw = "Subject: Quyết định\nContent-Type: text/plain; charset=lạ\n\nVề việc giao đất".encode()
    (text,), troubles = read("mail", raw)
    assert (text, troubles) == ("Tiêu đề: Quyết định\n\nVề việc giao đất", [])
    tcvn3 = b"Subject: a\nContent-Type: text/plain; charset=iso-8859-1\n\n"
    tcvn3 += (
        b"V\xd2 vi\xd6c giao \xae\xcat cho x\xb7 T\xd0nh Kh\xaa v\xb5 c\xb8c h\xe9 d\xa9n trong x\xb7, \xae\xcat \xe8"
    )
    assert "giao đất cho xã" in read("mail", tcvn3)[0][0]


def test_an_archive_gives_the_text_of_its_parts_and_tells_the_rest() -> None:
    data = packed(
        a__txt=b"mot",
        b__xls=compound({"PowerPoint Document": b"x"}),
        c__bin=b"\0\1",
        d__rar=b"Rar!\x1a\x07\0x",
        e__pdf=b"%PDF-",
    )
    texts, troubles = read("archive", data, "data/VB1.zip")
    assert texts == ["Các tệp trong gói:\na.txt\nb.xls\nc.bin\nd.rar\ne.pdf", "[a.txt]\n\nmot"]
    assert {one.code for one in troubles} == {"word.unread", "part.unread", "part.format", "part.broken"}
    for other in (b"Rar!\x1a\x07\x01\0", b"7z\xbc\xaf\x27\x1c\0\4"):
        texts, troubles = read("archive", other, "data/VB1.rar")
        assert (texts, [one.code for one in troubles]) == ([], ["part.format"])
        assert "giao lại bằng ZIP" in troubles[0].message


def test_locked_parts_links_and_names_that_lead_outside_are_not_opened() -> None:
    whole = zipped({"khoa.txt": b"bi mat", "../ra.txt": b"ngoai", "/etc/x.txt": b"ngoai", "C:\\x.txt": b"ngoai"})
    locked = bytearray(whole)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + at] |= 1
    linked = io.BytesIO(bytes(locked))
    with zipfile.ZipFile(linked, "a") as out:
        link = zipfile.ZipInfo("lien-ket")
        link.external_attr = 0o120777 << 16
        out.writestr(link, "/etc/passwd")
        out.writestr("thuong.txt", "binh thuong")
    texts, troubles = read("archive", linked.getvalue(), "data/VB1.zip")
    assert texts == ["[thuong.txt]\n\nbinh thuong"]
    told = {one.code: one.message for one in troubles}
    assert told.keys() == {"part.locked", "part.outside"}
    assert told["part.outside"].count("«") == 4


def test_bombs_are_bounded_by_what_they_hold_not_by_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enclosures, "PART_LIMIT", 1 << 20)
    monkeypatch.setattr(enclosures, "TOTAL_LIMIT", 3 << 20)
    monkeypatch.setattr(enclosures, "PARTS", 50)
    large = packed(lon__txt=bytes(2 << 20), nho__txt=b"van con")
    assert [one.code for one in read("archive", large)[1]] == ["part.limit"]
    assert read("archive", large)[0] == ["[nho.txt]\n\nvan con"]
    many = zipped({f"{n}.txt": bytes(900_000) for n in range(10)})
    assert [(one.code, one.message.count("«")) for one in read("archive", many)[1]] == [("part.limit", 7)]
    crowd = zipped({f"{n}.txt": b"a" for n in range(80)})
    texts, troubles = read("archive", crowd)
    assert (len(texts), [one.code for one in troubles]) == (50, ["part.limit"])
    lying = bytearray(packed(lon__txt=b"abc" * 1000))  # declares ten bytes, holds three thousand
    lying[lying.index(b"PK\x01\x02") + 24 : lying.index(b"PK\x01\x02") + 28] = (10).to_bytes(4, "little")
    assert [one.code for one in read("archive", bytes(lying))[1]] == ["part.broken"]
    nested = b"loi"
    for _ in range(8):
        nested = packed(trong__zip=nested, canh__txt=b"canh")
    texts, troubles = read("archive", nested)
    assert (len(texts), [one.code for one in troubles]) == (enclosures.DEPTH, ["part.limit"])
    monkeypatch.setattr(enclosures, "LETTERS", 1000)
    texts, troubles = read("archive", zipped({"a.txt": b"x " * 400, "b.txt": b"y " * 400}))
    assert (sum(map(len, texts)), [one.code for one in troubles]) == (1000, ["part.cut"])
    docx_bomb = docx(paragraph("a" * (4 << 20)))
    assert [one.code for one in read("archive", packed(a__docx=docx_bomb))[1]] == ["part.limit"]


def test_messages_built_to_be_read_endlessly_are_told() -> None:
    layers = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(5000))
    for data in (b"From: a\n" + layers, b"", b"\0\1\2 no head", b"khong phai thu\n\n"):
        texts, troubles = read("mail", data)
        assert texts in ([], ["Từ: a"])
        assert {one.code for one in troubles} <= {"part.broken"}
    wide = b'Subject: a\nContent-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 3000
    assert [one.code for one in read("mail", wide)[1]] == ["part.broken"]


@given(seed=st.integers(0, 2**32), count=st.integers(1, 30))
def test_any_bytes_changed_never_raise(seed: int, count: int) -> None:
    chance = random.Random(seed)
    for kind, whole in (("mail", WHOLE), ("archive", packed(a__txt=b"mot", b__eml=WHOLE))):
        data = bytearray(whole)
        for _ in range(count):
            data[chance.randrange(len(data))] = chance.randrange(256)
        read(kind, bytes(data))  # type: ignore[arg-type]


WHOLE = letter(a__docx=docx(paragraph("Kế hoạch")), b__zip=packed(c__txt=b"hai")).as_bytes()
