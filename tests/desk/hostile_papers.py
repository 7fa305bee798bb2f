"""Files as hostile or careless people send them; small PDFs written by hand, so that nothing tidies them."""

import io

from PIL import Image


def picture(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, kind)
    return out.getvalue()


def pdf(catalog: str = "", page: str = "", extra: str = "", kids: str = "3 0 R") -> bytes:
    """A PDF of one page; what is given stands in its catalogue, its page, or as objects from 5 on."""
    objects = [
        f"1 0 obj\n<< /Type /Catalog /Pages 2 0 R {catalog} >>\nendobj\n",
        f"2 0 obj\n<< /Type /Pages /Kids [{kids}] /Count 1 >>\nendobj\n",
        f"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R {page} >>\nendobj\n",
        "4 0 obj\n<< /Length 5 >>\nstream\n0 g n\nendstream\nendobj\n",
        *(f"{one}endobj\n" for one in extra.split("endobj\n") if one.strip()),
    ]
    body, places = b"%PDF-1.7\n", []
    for one in objects:
        places.append(len(body))
        body += one.encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    told = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    told += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + told.encode()


def locked() -> bytes:
    """A PDF that opens with a password only."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer

    writer, out = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf()))), io.BytesIO()
    writer.encrypt("chủ", "khách")
    writer.write(out)
    return out.getvalue()


HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "rỗng"),
    "text": (b"<script>alert(1)</script>", "không phải là PDF"),
    "cut": (pdf()[:-30], "hỏng"),
    "opens": (pdf("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"), "mã lệnh"),
    "named": (pdf("/Names << /Java#53cript << /Names [(a) 5 0 R] >> >>",
                  extra="5 0 obj\n<< /S /Java#53cript /JS (1) >>\n"), "mã lệnh"),
    "annotation": (pdf(page="/Annots [5 0 R]", extra="5 0 obj\n<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] "
                       "/A << /S /Launch /F (calc.exe) >> >>\n"), "mã lệnh"),
    "submits": (pdf("/AcroForm << /Fields [] /XFA (x) >>"), "mã lệnh"),
    "carries": (pdf("/Names << /EmbeddedFiles << /Names [(a) 5 0 R] >> >>",
                    extra="5 0 obj\n<< /Type /Filespec /F (a.exe) /EF << >> >>\n"), "tệp khác"),
    "loop": (pdf(kids="3 0 R 2 0 R"), "lặp vòng"),
    "locked": (locked(), "mật khẩu"),
    "torn-picture": (picture()[:200], "hỏng"),
}  # fmt: skip
