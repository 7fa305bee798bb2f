"""A draft as plain recognised text: lines of about ninety letters, form feed between pages."""

from random import Random

from vankho.synth.draft import Draft
from vankho.synth.recognition import damage_tokens

WIDTH, LINES = 88, 44


def wrap_tokens(tokens: list[str], width: int) -> list[list[str]]:
    """Greedy lines of at most `width` letters (a longer token has a line of its own)."""
    lines: list[list[str]] = []
    room = 0
    for token in tokens:
        if lines and room >= len(token) + 1:
            lines[-1].append(token)
            room -= len(token) + 1
        else:
            lines.append([token])
            room = width - len(token)
    return lines


def list_paragraphs(draft: Draft) -> list[str]:
    """Every part of the sheet in reading order, one string a paragraph; a stamp alone on its line."""
    top = [
        draft.office_above,
        *draft.office_lines,
        draft.number,
        draft.stamp,
        draft.state,
        draft.motto,
        draft.place_date,
    ]
    body = [block.text for block in draft.blocks]
    end = ["Nơi nhận:", *draft.recipients] if draft.recipients else []
    return [p for p in (*top, draft.title, draft.subject, *body, *end, *draft.signature, draft.signer) if p]


def write_plain(draft: Draft, rate: float, rng: Random) -> tuple[str, int]:
    """(text, pages) of a draft with recognition errors at `rate` a letter."""
    lines = [
        " ".join(line)
        for paragraph in list_paragraphs(draft)
        for line in wrap_tokens(damage_tokens(paragraph.split(), rate, rng), WIDTH)
    ]
    pages = ["\n".join(lines[at : at + LINES]) for at in range(0, len(lines), LINES)]
    return "\f".join(pages) + "\n", len(pages)
