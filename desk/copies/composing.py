"""A copy as PDF/A-3: pictures of the pages with a searchable layer, the agency on every page, BẢN SAO on the first.

TT 05/2025/TT-BNV Article 40: the agency's name centred in the bottom margin of every page, "BẢN SAO" top right of the
first.  Both stand in bands outside the page, so that they cover nothing of it.
"""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from fpdf.enums import TextMode

from desk.copies.drawing import FACE, HEIGHT, WIDTH, close_fonts, draw_code, known, new_pdf
from desk.copies.pages import CopiedPage

TOP, BOTTOM, MARGIN = 30.0, 26.0, 56.0
MOST_HIGH = 14_000.0  # points: the largest page of a PDF has 14,400


class CopyPdf:
    """The PDF of a copy in the making."""

    def __init__(self, agency: str, title: str, code: str, moment: datetime, marks: tuple[str, ...]) -> None:
        """``marks`` are the lines at the top right of the first page, the first of them in larger letters."""
        self._agency, self._marks, self._first = agency, marks, True
        self._pdf = new_pdf(agency, title, code, moment)

    def add(self, pages: Iterable[CopiedPage]) -> None:
        """Adds the pages."""
        for page in pages:
            if page.jpeg:
                self._picture(page)
            else:
                self._text(page)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the files of the fonts."""
        close_fonts(self._pdf)

    def finish(self) -> bytes:
        """The whole file."""
        return bytes(self._pdf.output())

    def add_sheet(self, heading: str, note: str, facts: Iterable[tuple[str, str]], address: str) -> None:
        """Adds the authentication sheet (Article 42.2): its facts numbered, the address as text and QR code."""
        self._begin(HEIGHT)
        pdf = self._pdf
        pdf.set_xy(MARGIN, 70)
        pdf.set_font(FACE, "B", 14)
        pdf.multi_cell(WIDTH - 2 * MARGIN, 20, self._known(heading), align="C", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(10)
        for n, (label, value) in enumerate(facts, 1):
            pdf.set_x(MARGIN)
            pdf.set_font(FACE, "B", 9)
            pdf.multi_cell(WIDTH - 2 * MARGIN, 14, self._known(f"{n}. {label}"), new_x="LMARGIN", new_y="NEXT")
            pdf.set_x(MARGIN + 14)
            pdf.set_font(FACE, "", 10)
            told = self._known(value or "(không có)")[:1200]
            pdf.multi_cell(WIDTH - 2 * MARGIN - 14, 14, told, new_x="LMARGIN", new_y="NEXT")
        y = min(pdf.get_y() + 12, HEIGHT - 190)
        draw_code(pdf, address, MARGIN, y, 96)
        pdf.set_xy(MARGIN + 110, y + 8)
        pdf.set_font(FACE, "", 9)
        pdf.multi_cell(WIDTH - 2 * MARGIN - 110, 13, self._known(f"{note}\n{address}"), align="L")

    def _picture(self, page: CopiedPage) -> None:
        height = min(WIDTH * page.size[1] / page.size[0], MOST_HIGH)
        top = self._begin(height)
        pdf = self._pdf
        pdf.image(io.BytesIO(page.jpeg), 0, top, WIDTH, height)
        with pdf.local_context(text_mode=TextMode.INVISIBLE):
            for word in page.words:
                if not (text := self._known(word.text)):
                    continue
                size = max(word.h * height * 0.8, 1.0)
                pdf.set_font(FACE, "", size)
                pdf.set_stretching(100)  # widths are measured with the stretching that is set
                if (natural := pdf.get_string_width(text)) > 0:
                    # a little short of its box: readers of PDF take words that nearly touch for one
                    width = max(word.w * WIDTH - 0.2 * size, 0.6 * word.w * WIDTH)
                    pdf.set_stretching(min(max(100 * width / natural, 10), 500))
                pdf.text(word.x * WIDTH, top + (word.y + word.h) * height - 0.2 * size, f"{text} ")
            pdf.set_stretching(100)

    def _text(self, page: CopiedPage) -> None:
        """A page set from its text; what does not fit goes on the next sheet."""
        pdf, top = self._pdf, self._begin(HEIGHT)
        pdf.set_font(FACE, "", 11)
        lines: list[str] = []
        for one in page.text.split("\n"):
            told = self._known(one)
            cut: Any = pdf.multi_cell(WIDTH - 2 * MARGIN, 15, told, align="L", dry_run=True, output="LINES")
            lines += cut or [""]
        room = int((HEIGHT - 120) // 15)
        for start in range(0, max(len(lines), 1), room):
            if start:
                top = self._begin(HEIGHT)
                pdf.set_font(FACE, "", 11)
            for n, line in enumerate(lines[start : start + room]):
                pdf.text(MARGIN, top + 50 + 15 * n, line)

    def _begin(self, height: float) -> float:
        """A new page with its bands; where its content begins."""
        pdf, top = self._pdf, TOP if self._first else 0.0
        if not self._first:
            marks: tuple[str, ...] = ()
        else:
            marks, top = self._marks, max(TOP, 18.0 + 11 * len(self._marks))
        self._first = False
        whole = height + top + BOTTOM
        pdf.add_page(format=(WIDTH, whole))
        for n, mark in enumerate(marks):
            pdf.set_font(FACE, "B" if not n else "", 12 if not n else 8)
            told = self._known(mark)
            pdf.text(WIDTH - 24 - pdf.get_string_width(told), 18 + 11 * n, told)
        pdf.set_font(FACE, "", 9)
        told = self._known(self._agency)
        pdf.text((WIDTH - pdf.get_string_width(told)) / 2, whole - 9, told)
        return top

    def _known(self, text: str) -> str:
        return known(self._pdf, text)
