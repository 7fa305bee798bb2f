"""What a document says: the grammar turns a document's plan into the parts of a sheet (letterhead, body, signature)."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from vankho.synth.lexicon import capitalize, expand, read_table
from vankho.synth.office import Office


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of the body: to, ground, para, centre, heading, article, person; `spare` may be left out."""

    style: str
    text: str
    spare: bool = False


@dataclass(slots=True)
class Draft:
    """The parts of one document, before it is set in type or written as plain text."""

    office_above: str
    office_lines: tuple[str, ...]
    state: str
    motto: str
    number: str
    place_date: str
    title: str
    subject: str
    blocks: list[Block]
    recipients: list[str]
    signature: list[str]
    signer: str
    stamp: str = ""
    note: str = ""
    registry: str = ""


def compose_blocks(kind: str, matter: Mapping[str, list[str]], slots: Mapping[str, str], rng: Random) -> list[Block]:
    """The body of a document of `kind`: the frame of `phrases.toml` filled with the matter's own sentences."""
    facts = list(matter["facts"])
    rng.shuffle(facts)
    blocks: list[Block] = []
    article = fact = 0
    filled = slots  # a count is told once as the subject has it, then others follow
    for line in read_table("phrases")["kind"][kind]["body"]:
        if line.startswith("@facts"):
            for _ in range(int(line.split()[1])):
                if fact < len(facts):
                    blocks.append(Block("para", capitalize(expand(facts[fact], filled, rng)), spare=True))
                    if "{so}" in facts[fact]:
                        filled = {**slots, "so": str(rng.randint(5, 240))}
                    fact += 1
        elif line in ("@articles", "@orders"):
            for text in matter["articles"]:
                article += 1
                lead = f"Điều {article}." if line == "@articles" else f"{article}."
                style = "article" if line == "@articles" else "para"
                blocks.append(Block(style, f"{lead} {capitalize(expand(text, slots, rng))}"))
        else:
            style, _, text = line.partition(": ")
            if style == "ground" and any(f"{{{law}}}" in text and not slots[law] for law in ("law", "law2")):
                continue
            said = capitalize(expand(text, slots, rng))
            if style == "article":
                article += 1
                said = f"Điều {article}. {said}"
            blocks.append(Block(style, said))
    return blocks


def compose_signature(office: Office, kind: str, head: bool, rng: Random) -> list[str]:
    """The lines above a signature: `TM.` for a committee, `KT.` where a deputy signs for the head (NĐ 30/2020)."""
    if kind in ("don", "ban-khai"):
        return ["NGƯỜI LÀM ĐƠN" if kind == "don" else "NGƯỜI KHAI"]
    lines = [f"TM. {office.name.upper()}"] if office.committee else []
    return [*lines, office.head] if head else [*lines, f"KT. {office.head}", office.deputy]


def compose_annex(slots: Mapping[str, str], rng: Random, rows: int, people: list[str]) -> list[tuple[str, ...]]:
    """A list of households as rows (number, name, hamlet, plot, area): what land and relief files carry as annexes."""
    table: list[tuple[str, ...]] = [("STT", "Họ và tên", "Nơi ở", "Số thửa", "Diện tích (m²)")]
    for number in range(1, rows + 1):
        name = people[number - 1]
        area = f"{rng.randint(80, 2400)}"
        table.append((f"{number:02d}", name, slots["thon"], f"{rng.randint(10, 980)}", area))
    return table
