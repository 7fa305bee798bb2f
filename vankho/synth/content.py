"""What `data/` holds of one document: page images with ALTO and text, a text alone, or nothing."""

from pathlib import Path
from random import Random

from vankho.synth.alto import Token, write_alto, write_text
from vankho.synth.draft import compose_annex
from vankho.synth.lexicon import invent_person
from vankho.synth.paper import choose_stock
from vankho.synth.plain import write_plain
from vankho.synth.recognition import damage_tokens, rate_of
from vankho.synth.record import Record
from vankho.synth.scan import Look, Turn, find_box, scan_sheet
from vankho.synth.typeset import HEIGHT, WIDTH, Sheet, set_annex, set_draft, set_sketch


def write_content(data: Path, record: Record, images: int, seed: int) -> int:
    """Write a document with so many page images, or as text where the plan gives it one; gives its pages."""
    code = record.row["DocCode"]
    rng = Random(f"{seed}/sheet/{code}")
    rate = rate_of(record.date.year, record.digital, rng)
    if images:
        return _write_scans(data, code, record, images, rate, seed, rng)
    text, amount = write_plain(record.draft, rate, rng)
    if record.has_text:
        _save(data / f"{code}.txt", text)
    return amount


def _save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


def _write_scans(data: Path, code: str, record: Record, images: int, rate: float, seed: int, rng: Random) -> int:
    sheets = _set_sheets(record, images, rng)
    draft = record.draft
    personal = record.kind in ("don", "ban-khai")
    seal = "" if personal else (" ".join(draft.office_lines) + " *")
    look = Look(choose_stock(record.date.year, rng), seal, draft.signer, draft.note, draft.registry, _day(record))
    names, pages = [], []
    for number, sheet in enumerate(sheets, 1):
        image, turn = scan_sheet(sheet, look, seed, rng)
        names.append(f"{code}-{number:04d}.jpg")
        (data / names[-1]).write_bytes(image)
        pages.append(_recognise(sheet, turn, rate, rng))
    _save(data / f"{code}.alto.xml", write_alto(names, pages, WIDTH, HEIGHT))
    _save(data / f"{code}.txt", write_text(pages))
    return len(sheets)


def _day(record: Record) -> str:
    return f"{record.date.day}/{record.date.month}/{record.date.year % 100:02d}"


def _set_sheets(record: Record, images: int, rng: Random) -> list[Sheet]:
    """Exactly `images` sheets: the document itself, then annexes with lists and sketches."""
    draft, slots = record.draft, record.slots
    sheets = set_draft(draft, images, rng)
    for number in range(1, images - len(sheets) + 1):
        if number % 3 == 2:
            sheets.append(set_sketch(draft, f"{slots['thon']}, {slots['noi']}", slots["dt"], number))
        else:
            rows = rng.randint(18, 30)
            people = [invent_person(rng) for _ in range(rows)]
            sheets.append(set_annex(draft, compose_annex(slots, rng, rows, people), number))
    return sheets


def _recognise(sheet: Sheet, turn: Turn, rate: float, rng: Random) -> list[Token]:
    read = damage_tokens([word.text for word in sheet.words], rate, rng)
    return [
        Token(
            text,
            find_box(word, turn),
            word.block,
            word.line,
            rng.uniform(0.86, 0.99) if text == word.text else rng.uniform(0.4, 0.8),
        )
        for word, text in zip(sheet.words, read, strict=True)
    ]
