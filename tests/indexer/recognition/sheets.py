"""Sheets set in a real typeface and scanned by arithmetic: what the machine is to read is known to the letter."""

import ctypes
import io
import textwrap
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from random import Random

import pypdfium2
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from pypdfium2 import raw

from archive.documents import LOCK
from vankho.synth.typeset import load_face

SIZE = (1654, 2339)  # A4 at 200 dots an inch
DECISION = """ỦY BAN NHÂN DÂN TỈNH QUẢNG NGÃI
Số: 1284/QĐ-UB
Quảng Ngãi, ngày 17 tháng 6 năm 1998
QUYẾT ĐỊNH
Về việc giao đất cho hộ gia đình tại xã Tịnh Khê, huyện Sơn Tịnh
Căn cứ Luật Tổ chức Hội đồng nhân dân và Ủy ban nhân dân ngày 21 tháng 6 năm 1994;
Xét đề nghị của Giám đốc Sở Địa chính tại Tờ trình số 45/TT-ĐC về việc giao đất ở cho nhân dân;
Điều 1. Giao cho các hộ gia đình có tên trong danh sách kèm theo quyền sử dụng đất để làm nhà ở.
Điều 2. Sở Địa chính có trách nhiệm cấp giấy chứng nhận quyền sử dụng đất theo đúng quy định.
Điều 3. Chánh Văn phòng Ủy ban nhân dân tỉnh chịu trách nhiệm thi hành Quyết định này."""
FRENCH = """GOUVERNEMENT GÉNÉRAL DE L'INDOCHINE
Arrêté portant organisation des services de l'enregistrement dans les provinces de l'Annam
Le Gouverneur général de l'Indochine, Grand officier de la Légion d'honneur,
Vu le décret du 20 octobre 1911, portant fixation des pouvoirs du Gouverneur général et organisation
financière et administrative de l'Indochine; sur la proposition du Résident supérieur en Annam,
le Conseil de protectorat entendu, arrête ce qui suit pour les terrains qui sont situés dans la province:
Les demandes sont adressées au chef de la province par les habitants des villages et des cantons."""

CHARACTERS = "南國山河南帝居截然定分在天書如何逆虜來侵犯皇朝龍德五年三月初八日奉旨允行田土稅例官田私田各等則照依舊例"


def set_page(text: str, size: int = 32, width: int = 78) -> Image.Image:
    """A clean grey page with the text, one line a line or several."""
    page = Image.new("L", SIZE, 255)
    pen, y = ImageDraw.Draw(page), 160
    for line in text.split("\n"):
        for part in textwrap.wrap(line, width) or [""]:
            pen.text((150, y), part, 0, load_face("roman", size))
            y += round(size * 1.6)
    return page


def set_characters(text: str, size: int = 60) -> Image.Image:
    """A page of Chinese characters and Nôm in columns from the right, as woodblocks and registers have them."""
    face = ImageFont.truetype(str(files("noto_cjk_sans_jp_regular") / "NotoSansCJKjp-Regular.otf"), size)
    page = Image.new("L", SIZE, 250)
    pen = ImageDraw.Draw(page)
    for n, character in enumerate(text * (14 * 16 // len(text))):
        column, row = divmod(n, 16)
        pen.text((1450 - 95 * column, 160 + 120 * row), character, 20, face)
    return page


def worn(page: Image.Image, *, skew: float = 0.0, noise: int = 60, seed: int = 1) -> Image.Image:
    """The page as a bad scan: turned, faded, unevenly lit, with grain and pepper."""
    rng = Random(seed)
    turned = page.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(0.8))
    light = Image.linear_gradient("L").resize(page.size).point([205 - v // 4 for v in range(256)])
    faded = turned.point([95 + v * 160 // 255 for v in range(256)])
    lit = Image.blend(faded, light, 0.45)
    grain = Image.effect_noise(page.size, noise)
    pepper = Image.new("L", page.size, 255)
    for _ in range(page.width * page.height // 140):
        pepper.putpixel((rng.randrange(page.width), rng.randrange(page.height)), 40)
    return Image.composite(Image.blend(lit, grain, 0.22), Image.new("L", page.size, 60), pepper)


def png(page: Image.Image) -> bytes:
    """The page as a scanner's file."""
    out = io.BytesIO()
    page.save(out, "PNG", dpi=(200, 200))
    return out.getvalue()


def typeset_pdf(texts: Sequence[tuple[str, float, float]]) -> bytes:
    """A PDF page of 700 x 900 points with texts at (x, y from the bottom), 12 points high, in a real typeface."""
    face = Path(str(load_face("roman", 12).path)).read_bytes()
    with LOCK:
        document = pypdfium2.PdfDocument.new()
        page = document.new_page(700, 900)
        font = raw.FPDFText_LoadFont(
            document, (ctypes.c_ubyte * len(face)).from_buffer_copy(face), len(face), raw.FPDF_FONT_TRUETYPE, True
        )
        for text, x, y in texts:
            item = raw.FPDFPageObj_CreateTextObj(document, font, 12.0)
            units = (text + "\0").encode("utf-16-le")
            raw.FPDFText_SetText(item, (raw.FPDF_WCHAR * (len(units) // 2)).from_buffer_copy(units))
            raw.FPDFPageObj_Transform(item, 1, 0, 0, 1, x, y)
            raw.FPDFPage_InsertObject(page, item)
        page.gen_content()
        page.close()
        raw.FPDFFont_Close(font)
        out = io.BytesIO()
        document.save(out)
        document.close()
    return out.getvalue()


def pdf(pages: Sequence[Image.Image]) -> bytes:
    """A scan of several pages without a text layer."""
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return out.getvalue()


def errors(told: str, wanted: str) -> float:
    """Character error rate after folding white space: edits a wanted character."""
    one, two = " ".join(told.split()), " ".join(wanted.split())
    before = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(two, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
        before = row
    return before[-1] / max(len(two), 1)
