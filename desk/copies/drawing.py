"""What every PDF of the desk begins with: PDF/A-3, its fonts, letters that these have, QR codes of squares.

ISO 19005-3 level B: fonts embedded, an sRGB output intent, no encryption.
"""

from datetime import datetime
from typing import Any

import segno
from fpdf import FPDF
from fpdf.fonts import TTFFont

from desk.copies.fonts import font_path

WIDTH = 595.28  # A4, points
HEIGHT = 841.89
FACE = "DejaVu"


def new_pdf(author: str, title: str, subject: str, moment: datetime) -> FPDF:
    """An empty PDF/A-3 in points without margins; CopyWaitsError where the fonts are not installed."""
    pdf = FPDF(unit="pt", enforce_compliance="PDF/A-3B")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.add_font(FACE, "", font_path("DejaVuSerif"))
    pdf.add_font(FACE, "B", font_path("DejaVuSerif-Bold"))
    pdf.set_title(title)
    pdf.set_author(author)
    pdf.set_subject(subject)
    pdf.set_lang("vi")
    pdf.set_creation_date(moment)
    return pdf


def close_fonts(pdf: FPDF) -> None:
    """Closes the files of the fonts."""
    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.ttfont.close()


def known(pdf: FPDF, text: str) -> str:
    """The text in letters that the font has: others would have no form, which PDF/A forbids."""
    font: Any = pdf.fonts[FACE.lower()]
    cmap = font.cmap
    return "".join(one if ord(one) in cmap or one == "\n" else "?" for one in text if one >= " " or one == "\n")


def draw_code(pdf: FPDF, address: str, x: float, y: float, side: float) -> None:
    """The QR code as filled squares: a picture would be blurred by viewers."""
    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    unit = side / len(rows)
    pdf.set_fill_color(0)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                pdf.rect(x + across * unit, y + down * unit, unit, unit, style="F")
