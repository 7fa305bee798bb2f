"""Programs under other names, files that unfold without end, and what PDFs would do when they are opened."""

import io
import os
import random
import zipfile
import zlib

import pytest

from archive.packages.hostile import hostile_file, pdf_acts

TYPES = "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"


def zipped(**parts: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


LAUGH = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><document>&b;</document>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"MZ\x90\0\x03\0\0\0" + os.urandom(900), "file.program"),
        (b"\x7fELF\x02\x01\x01" + bytes(90), "file.program"),
        (b"#!/bin/sh\nrm -rf /\n", "file.program"),
        (zipped(word__document_xml=LAUGH, **{"[Content.Types]_xml": TYPES}), "file.entities"),
        (zipped(word__document_xml=LAUGH.encode("utf-16")), "file.entities"),
        ("MZ là hai chữ đầu của một ghi chép".encode(), ""),
        (zipped(word__document_xml="<document>Báo cáo &lt;!ENTITY&gt;</document>"), ""),
        (zipped(so_zip=zipped(a_txt="một"), bao__cao_txt="hai"), ""),
        (b"PK\x03\x04 broken", ""), (b"%PDF-1.7", ""), (b"", ""),
    ],
)  # fmt: skip
def test_programs_and_entities_are_known_by_their_bytes(data: bytes, code: str) -> None:
    found, wrong = hostile_file(data[:64], data)
    assert found == code
    assert bool(wrong) == bool(code)


def test_zips_within_zips_are_added_up() -> None:
    inner = zipped(z_txt=bytes(200 << 20))
    nested = zipped(**{f"{n}_zip": inner for n in range(6)})
    assert hostile_file(nested[:64], nested)[0] == "file.bomb"
    assert hostile_file(inner[:64], inner)[0] == ""  # large, and no more than its reader's limits are for


@pytest.mark.parametrize(
    ("body", "acts"),
    [
        (b"<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>", ["OpenAction", "JavaScript"]),
        (b"<< /S /J#61vaScript >>", ["JavaScript"]),
        (b"<< /AA << /O << /S /Launch /F (cmd.exe) >> >> >>", ["AA", "Launch"]),
        (b"<< /Type /EmbeddedFile >>", ["EmbeddedFile"]),
        (b"<< /OpenAction [3 0 R /FitH 800] >>", []),
        (b"<< /Names << /JavaScriptX 1 >> >> (JavaScript)", []),
        (
            b"<< /Type /ObjStm /Filter /FlateDecode >>\nstream\n" + zlib.compress(b"<< /S /JavaScript >>"),
            ["JavaScript"],
        ),
    ],
)
def test_what_acts_in_a_pdf_is_named(body: bytes, acts: list[str]) -> None:
    assert pdf_acts(io.BytesIO(b"%PDF-1.7\n" + body)) == acts
    far = b"%PDF-1.7\n" + random.Random(9).randbytes(9 << 20).replace(b"/", b"_") + body + bytes(1 << 20)
    assert pdf_acts(io.BytesIO(far)) == acts
