"""Office files that are no .docx, written byte by byte: .doc of Word 97, RTF, OpenDocument, a PDF with a form."""

import io
import struct
import zipfile

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_TEXT_AT = 0x400  # of the main stream, behind the file information block


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE2 compound file of at most three streams, each padded to 4,096 bytes or more ([MS-CFB])."""
    fat: list[int] = []
    body, places = b"", []
    for name, data in streams.items():
        padded = data.ljust(max(4096, -(-len(data) // 512) * 512), b"\0")
        first, sectors = len(fat), len(padded) // 512
        fat += [*range(first + 1, first + sectors), END]
        places.append((name, first, len(padded)))
        body += padded
    folder, table = len(fat), len(fat) + 1
    fat += [END, FAT]
    assert len(fat) <= 128
    entries = [_entry("Root Entry", 5, 1, FREE, END, 0)]
    for n, (name, first, size) in enumerate(places, 1):
        entries.append(_entry(name, 2, FREE, n + 1 if n < len(places) else FREE, first, size))
    head = struct.pack("<8s16s5H6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<10I", 0, 1, folder, 0, 4096, END, 0, END, 0, table) + b"\xff" * (108 * 4)
    return head + body + b"".join(entries).ljust(512, b"\0") + struct.pack("<128I", *fat, *[FREE] * (128 - len(fat)))


def _entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
    told = (name + "\0").encode("utf-16-le")
    return told.ljust(64, b"\0") + struct.pack("<HBBIII36xIQ", len(told), kind, 1, FREE, right, child, start, size)


def old_word(text: str) -> bytes:
    """A .doc of Word 97 with one piece of text; `\\r` ends a paragraph ([MS-DOC])."""
    raw, length = text.encode("utf-16-le"), len(text)
    sectors = -(-(_TEXT_AT + len(raw)) // 512)
    ends = struct.pack("<II", _TEXT_AT, _TEXT_AT + len(raw))
    formats = ends.ljust(511, b"\0") + b"\1"  # one run of characters without properties
    paragraphs = ((ends + b"\xfa").ljust(500, b"\0") + b"\0\1").ljust(511, b"\0") + b"\1"  # one of style 0
    pieces = b"\2" + struct.pack("<IIIHIH", 16, 0, length, 0, _TEXT_AT, 0)
    section = struct.pack("<IIHIHI", 0, length, 0, FREE, 0, FREE)
    # number in the file information block: (where in the table stream, what); empty ones lie at 0
    parts = {
        1: (0, bytes(20)), 6: (96, section), 12: (32, ends + struct.pack("<I", sectors)),
        13: (64, ends + struct.pack("<I", sectors + 1)), 15: (0, bytes(6)), 31: (256, bytes(544)), 33: (1024, pieces),
    }  # fmt: skip
    block, table = bytearray(_TEXT_AT), bytearray(2048)
    struct.pack_into("<6H", block, 0, 0xA5EC, 0xC1, 0, 0x42A, 0, 0x0200)
    struct.pack_into("<H", block, 0x0C, 0xBF)
    struct.pack_into("<II", block, 0x18, _TEXT_AT, _TEXT_AT + len(raw))
    for at, value in ((0x20, 14), (0x3E, 22), (0x98, 93)):
        struct.pack_into("<H", block, at, value)
    struct.pack_into("<I", block, 0x40, _TEXT_AT + len(raw))
    struct.pack_into("<I", block, 0x4C, length)
    for number, (where, part) in parts.items():
        struct.pack_into("<II", block, 0x9A + number * 8, where, len(part))
        table[where : where + len(part)] = part
    main = (bytes(block) + raw).ljust(sectors * 512, b"\0")
    return compound({"WordDocument": main + formats + paragraphs, "1Table": bytes(table)})


def rtf(*lines: str, title: str = "") -> bytes:
    """An RTF file: what many a .doc is in truth."""

    def escape(text: str) -> str:
        return "".join(one if one.isascii() else f"\\u{ord(one)}?" for one in text)

    body = "".join(f"{escape(line)}\\par " for line in lines)
    info = f"{{\\info{{\\title {escape(title)}}}{{\\author Mallory}}}}" if title else ""
    return f"{{\\rtf1\\ansi\\deff0{{\\fonttbl{{\\f0 Times New Roman;}}}}{info}\\f0 {body}}}".encode("ascii")


def open_document(body: str, head: str = "") -> bytes:
    """An .odt whose text is `body` (XML); `head` comes before the root element."""
    names = {"office": "office", "text": "text"}
    space = " ".join(f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{v}:1.0"' for k, v in names.items())
    content = f'<?xml version="1.0"?>{head}<office:document-content {space}><office:body><office:text>{body}'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        parts.writestr("content.xml", content + "</office:text></office:body></office:document-content>")
    return packed.getvalue()


def open_show(*slides: str) -> bytes:
    """An .odp; each slide is XML, with notes that belong to nobody's reading."""
    space = " ".join(
        f'xmlns:{k}="urn:oasis:names:tc:opendocument:xmlns:{k}:1.0"' for k in ("office", "text", "drawing")
    )
    notes = '<n:notes xmlns:n="n"><text:p>Lời nhắc riêng</text:p></n:notes>'
    pages = "".join(f"<drawing:page>{one}{notes}</drawing:page>" for one in slides)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.presentation")
        parts.writestr("content.xml", f"<office:document-content {space}>{pages}</office:document-content>")
    return packed.getvalue()


def show(*slides: str, order: tuple[int, ...] = ()) -> bytes:
    """A .pptx of slides (XML of DrawingML), shown in ``order`` (numbers from 1)."""
    r = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ids = "".join(f'<p:sldId r:id="r{n}"/>' for n in order or range(1, len(slides) + 1))
    links = "".join(f'<Relationship Id="r{n}" Target="slides/slide{n}.xml"/>' for n in range(1, len(slides) + 1))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("ppt/presentation.xml", f'<p:presentation xmlns:p="p" xmlns:r="{r}">{ids}</p:presentation>')
        parts.writestr("ppt/_rels/presentation.xml.rels", f"<Relationships>{links}</Relationships>")
        for n, slide in enumerate(slides, 1):
            parts.writestr(f"ppt/slides/slide{n}.xml", f'<p:sld xmlns:p="p" xmlns:a="a">{slide}</p:sld>')
    return packed.getvalue()


def slide_line(*runs: str) -> str:
    return f"<a:p>{''.join(f'<a:r><a:t>{one}</a:t></a:r>' for one in runs)}</a:p>"


def old_table(title: str, *rows: tuple[str | float | None, ...]) -> bytes:
    """A .xls (BIFF8) of one sheet ([MS-XLS])."""

    def block(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def begin(kind: int) -> bytes:
        return block(0x0809, struct.pack("<HHHHII", 0x600, kind, 0, 0, 0, 0))

    end, name = block(0x0A, b""), title.encode("utf-16-le")
    at = len(begin(5)) + 4 + 8 + len(name) + len(end)
    out = begin(5) + block(0x85, struct.pack("<IBBBB", at, 0, 0, len(title), 1) + name) + end + begin(16)
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if isinstance(cell, str):
                out += block(0x0204, struct.pack("<HHHHB", r, c, 0, len(cell), 1) + cell.encode("utf-16-le"))
            elif cell is not None:
                out += block(0x0203, struct.pack("<HHHd", r, c, 0, cell))
    return compound({"Workbook": out + end})


def form_pdf(form: str) -> bytes:
    """A PDF of one page with an XFA form."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[]/XFA 4 0 R>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        f"<</Length {len(form)}>>\nstream\n{form}\nendstream",
    ]
    whole, places = "%PDF-1.7\n", []
    for n, one in enumerate(objects, 1):
        places.append(len(whole))
        whole += f"{n} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{at:010d} 00000 n \n" for at in places)
    tail = f"trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n{len(whole)}\n%%EOF\n"
    return (whole + f"xref\n0 5\n0000000000 65535 f \n{table}" + tail).encode("ascii")
