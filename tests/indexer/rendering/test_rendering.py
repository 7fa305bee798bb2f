"""Office files as HTML: every kind, hostile ones, long ones; what is kept is harmless."""

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.derivatives import drop_derivatives, rendering_path
from indexer.rendering import rendering
from indexer.rendering.cleaning import PART, UnmaskedError, clean, divide, mask_markup
from indexer.rendering.originals import shows_personal
from indexer.rendering.rendering import render
from tests.indexer.extraction.making import docx, paragraph
from tests.indexer.extraction.office_files import (
    compound,
    old_table,
    old_word,
    open_document,
    open_show,
    rtf,
    show,
    slide_line,
)


def table(*rows: tuple[str, ...]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tbody>{body}</tbody></table>"


def test_each_kind_gives_its_paragraphs_and_tables() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Năm 1998"  # type: ignore[union-attr]
    book.active.append(["Số", None, "Trích yếu"])  # type: ignore[union-attr]
    kept = io.BytesIO()
    book.save(kept)
    cell = "<t:table-cell><text:p>Xã</text:p></t:table-cell>"
    rows = f"<t:table xmlns:t='t'><t:table-row>{cell}</t:table-row></t:table>"
    page = (
        '<html><head><title>t</title></head><body onload="x()"><p style="color:red">Căn <a href="http://x/">cứ</a></p>'
    )
    for data, wanted in (
        (
            old_word("Tờ trình\rSố\x0712\x07\x07Nơi\x07Xã\x07\x07Hết\r"),
            f"<p>Tờ trình</p>{table(('Số', '12'), ('Nơi', 'Xã'))}<p>Hết</p>",
        ),
        (rtf("Thông tư", "Điều 1"), "<p>Thông tư</p><p>Điều 1</p>"),
        (
            open_document(f"<text:h text:outline-level='2'>Mục</text:h><text:p>Một</text:p>{rows}"),
            f"<h3>Mục</h3><p>Một</p>{table(('<p>Xã</p>',))}",
        ),
        (kept.getvalue(), f"<h3>Năm 1998</h3>{table(('Số', '', 'Trích yếu'))}"),
        (page.encode(), "<p>Căn cứ</p>"),
        (
            old_table("Năm 1999", ("Số", None, "Đất"), (12, 1.5)),
            f"<h3>Năm 1999</h3>{table(('Số', '', 'Đất'), ('12', '1.5', ''))}",
        ),
        (
            show(
                slide_line("Kế ", "hoạch"),
                f"<a:tbl><a:tr><a:tc>{slide_line('Xã')}</a:tc><a:tc/></a:tr></a:tbl>",
                order=(2, 1),
            ),
            f"<h3>Trang chiếu 1</h3>{table(('Xã', ''))}<h3>Trang chiếu 2</h3><p>Kế hoạch</p>",
        ),
        (
            open_show("<text:p>Một</text:p>", "<text:p>Hai</text:p>"),
            "<h3>Trang chiếu 1</h3><p>Một</p><h3>Trang chiếu 2</h3><p>Hai</p>",
        ),
    ):
        made = render(data, "a")
        assert made is not None
        assert (made.html, made.cut, made.personal) == (wanted, False, False)


def test_what_cannot_be_rendered_has_none_and_stays_within_its_limits() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as parts:
        parts.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY b "aaaa">]><x>&b;</x>')
    bomb = kept.getvalue()
    deep = docx("<w:tbl><w:tr><w:tc>" * 3000 + paragraph("a") + "</w:tc></w:tr></w:tbl>" * 3000)
    stray = show(slide_line("a")).replace(b'Target="slides/slide1.xml"', b'Target="../../etc/pass.xml"')
    laughs = show('<!DOCTYPE x [<!ENTITY b "aaaa">]>&b;')
    assert [one.html for data in (laughs, stray, old_table("a", ("b",))[:900]) if (one := render(data, "a"))] == [
        ""
    ] * 3
    for data in (b"", b"PK\x03\x04 x", compound({"Workbook": b"x"}), bomb, deep, old_word("a\r")[:900]):
        made = render(data, "a")
        assert made is not None
        assert (made.html, made.personal) in (("", True), ("<p>a</p>", False))
    assert render(rtf("một"), "a", seconds=0.01) is None, "too slow"


def test_personal_numbers_anywhere_in_the_bytes_are_seen() -> None:
    number = "051088001234"
    assert not shows_personal(old_word("Quyết định số 12/QĐ-UB ngày 10/11/1998\r"))
    assert shows_personal(old_word(f"CCCD {number}\r"))
    assert shows_personal(docx(paragraph("CCCD 0510", "8800", "1234")))
    assert shows_personal(b"PK\x03\x04 broken")
    assert not shows_personal(old_table("a", ("CMND", 12)))
    assert shows_personal(old_table("a", ("CMND", 212345678)))
    assert shows_personal(show(slide_line("CCCD 0510", "88001234")))
    sound = docx(paragraph("Kế hoạch"))
    packed = bytearray(sound)
    name, extra = (int.from_bytes(packed[at : at + 2], "little") for at in (26, 28))
    packed[30 + name + extra] = 0xFF  # no block of deflate begins so
    assert (shows_personal(sound), shows_personal(bytes(packed))) == (False, True)


def test_masking_reaches_over_elements_and_refuses_what_it_cannot_find() -> None:
    safe = clean("<table><tr><td>CMND</td><td>2123<b>45678</b></td></tr></table><p>Bà <i>Lê</i>\nThị Tư</p>")
    masked = mask_markup(safe, (), ("Bà Lê Thị Tư",))
    assert "<td>••••<b>•••••</b></td>" in masked
    assert "<p>•• <i>••</i> ••• ••</p>" in masked
    with pytest.raises(UnmaskedError):
        mask_markup(safe, (), ("Bà Năm",))


def test_long_files_are_divided_and_nothing_is_lost() -> None:
    safe = clean("".join(f"<p>{'chữ ' * 300}{n}</p>" for n in range(50)) + "<table>"
                 + "".join(f"<tr><td>{'ô ' * 200}{n}</td></tr>" for n in range(300)) + "</table>")  # fmt: skip
    parts = divide(safe)
    assert len(parts) > 5
    assert all(len(part) < 2 * PART for part in parts)
    assert sum(part.count("<tr>") for part in parts) == 300
    assert sum(part.count("<p>") for part in parts) == 50


@given(st.text(alphabet="<>/&;\"'= abch1ptdsrl:javscriptonerrorimgsvgstyle\n", max_size=400))
def test_whatever_comes_in_nothing_active_comes_out(markup: str) -> None:
    safe = clean(markup)
    low = safe.lower()
    assert not any(mark in low for mark in ("<script", "<img", "<svg", "<style", "<a", "<iframe"))
    assert not [one for one in low.split("<")[1:] if "=" in one.split(">")[0]]
    assert clean(mask_markup(safe, (), ())) == clean(safe)


def test_what_took_too_long_is_not_kept_and_what_was_made_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, read = rtf("một"), list[int]()

    def bytes_of() -> bytes:
        read.append(1)
        return data

    monkeypatch.setattr(rendering, "render", lambda *_: None)
    assert rendering.rendering_of(tmp_path, "ab" * 32, bytes_of).html == ""
    monkeypatch.undo()
    for _ in range(2):
        assert rendering.rendering_of(tmp_path, "ab" * 32, bytes_of).html == "<p>một</p>"
    assert len(read) == 2
    drop_derivatives(tmp_path, "ab" * 32)
    assert not rendering_path(tmp_path, "ab" * 32).exists()
