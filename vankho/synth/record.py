"""One document of a planned file: its row in `van-ban.csv` (TT 02/2019) and the draft of its sheet, from one source."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from vankho.synth.draft import Draft, compose_blocks, compose_signature
from vankho.synth.lexicon import (
    capitalize,
    expand,
    find_dated,
    find_law,
    invent_person,
    name_day,
    name_hamlet,
    read_table,
)
from vankho.synth.office import Office, find_office, name_leaders
from vankho.synth.plan import FilePlan, find_oddity

# Numbers that many offices gave out in many years: the reader must tell them apart by agency and year.
REUSED = ("27", "156", "1284")
WRONG_DATES = ("31/02/{}", "30/02/{}", "31/04/{}", "00/08/{}", "15/13/{}")


@dataclass(slots=True)
class Record:
    """One document: row, draft, and what the folder shall hold for it (`oddity` and `access` as planned)."""

    row: dict[str, str]
    draft: Draft
    kind: str
    oddity: str
    access: str
    date: date
    slots: dict[str, str]
    has_text: bool
    digital: bool


def date_document(plan: FilePlan, ordinal: int) -> date:
    """Day of the document at `ordinal` (from 1): spread in order over the file's days."""
    return plan.start + timedelta(days=plan.days * (ordinal - 1) // max(1, plan.documents - 1))


def code_file(plan: FilePlan) -> tuple[str, str, str]:
    """(FileCode, FileCatalog, FileNotation): inventory number in the province's fonds, the year in every other."""
    catalog = f"{plan.matter['inventory']:02d}" if plan.fonds.level == "province" else str(plan.start.year)
    notation = f"{plan.number:04d}"
    return f"{plan.fonds.organ_id}.{catalog}.{notation}", catalog, notation


def code_document(plan: FilePlan, ordinal: int) -> str:
    """DocCode, at most 25 characters: fonds, file, ordinal."""
    return f"{plan.fonds.organ_id}.{plan.number:04d}.{ordinal:03d}"


def fill_slots(plan: FilePlan, rng: Random, day: date, people: Random) -> dict[str, str]:
    """The words a document's sentences are filled with; `people` is steady within a file."""
    commune = plan.commune
    dong = rng.choice((12, 24, 36, 48, 75, 120)) * rng.choice((100, 250, 500))
    money = dong * (1 if day.year < 1986 else 100 if day.year < 1995 else 10_000 if day.year < 2010 else 100_000)
    slots = {
        "xa": commune.called(day),
        "huyen": commune.lies_in(day),
        "noi": commune.full(day),
        "xamoi": commune.successor,
        "cu": commune.merged_from(),
        "thon": name_hamlet(people, plan.start),
        "nguoi": ("ông " if people.random() < 0.6 else "bà "),
        "nguoi2": "ông " + invent_person(people, female=False),
        "born": str(min(day.year - 25, people.randint(1915, 1970)) if day.year > 1960 else people.randint(1890, 1925)),
        "ct": plan.project,
        "nam": str(day.year),
        "dt": f"{people.randint(12, 480) * 55:,}".replace(",", ".") + " m²",
        "tien": f"{money * 10:,}".replace(",", ".") + " đồng",
        "so": str(rng.randint(12, 96)),
        "ngay": name_day(day - timedelta(days=rng.randint(6, 40))),
        "today": name_day(day),
        "deadline": name_day(day + timedelta(days=rng.randint(10, 45))),
        "hour": str(rng.choice((7, 8, 9, 13, 14))),
        "p1": invent_person(rng, female=False),
        "p2": invent_person(rng, female=False),
        "p3": invent_person(rng, female=True),
        "law": find_law("government", day),
        "law2": find_law(plan.matter["law"], day) if plan.matter["law"] != "government" else "",
    }
    slots["hour2"] = str(int(slots["hour"]) + 2)
    slots["nguoi"] += invent_person(people, female=slots["nguoi"] == "bà ")
    if day < plan.start:
        raise ValueError(f"Ngày {day} trước khi hồ sơ bắt đầu ({plan.start}).")
    return slots


def _number(kind: str, office: Office, sign: str, day: date, oddity: str, rng: Random) -> tuple[str, str]:
    form = read_table("phrases")["kind"][kind]
    if kind in ("don", "ban-khai", "bien-ban") and not (kind == "bien-ban" and rng.random() < 0.4):
        return "", ""
    # Numbers run from 01 each January (NĐ 30/2020): about the day of the year times what the office writes a day.
    pace = 7 if office.committee and "tỉnh" in office.name else 3
    number = f"{max(1, day.timetuple().tm_yday * pace - rng.randint(0, pace + 4)):02d}"
    if oddity == "reused":
        number = rng.choice(REUSED)
    abbr = form.get("old_abbr", form["abbr"]) if day.year < 2004 else form["abbr"]
    return number, f"{abbr}-{office.abbr}" if abbr else f"{office.abbr}-{sign}"


def _old_spelling(text: str) -> str:
    return (
        text.replace("Ủy", "Uỷ")
        .replace("ủy", "uỷ")
        .replace("Thủy", "Thuỷ")
        .replace("thủy", "thuỷ")
        .replace("hòa", "hoà")
    )


def _access(plan: FilePlan, oddity: str, row: dict[str, str], today: date, rng: Random) -> str:
    level, opens = ("02" if plan.conditional else "01"), ""
    if oddity == "secret":
        level = "03"
    elif oddity == "stamped":
        row.update(Mode="" if plan.conditional else "Không hạn chế", AccessLevel="", OpenDate="")
        return "stamped"
    elif oddity in ("opens_soon", "opens_later", "closed") and not plan.conditional:
        level = "02"
        if oddity == "opens_soon":
            year, month = today.year + today.month // 12, today.month % 12 + 1
            opens = date(year, month, rng.randint(1, calendar.monthrange(year, month)[1])).strftime("%d/%m/%Y")
        elif oddity == "opens_later":
            opens = f"01/01/{today.year + rng.randint(2, 12)}"
    row.update(Mode="Không hạn chế" if level == "01" else "Hạn chế", AccessLevel=level, OpenDate=opens)
    return level


def make_record(plan: FilePlan, ordinal: int, *, head: int, documents: int, seed: int, today: date) -> Record:
    """The document at `ordinal` of a planned file; the same for the same plan and seed, whatever was made before.

    The first `head` documents of the archive (the showpiece file) are never odd.
    """
    place = plan.first + ordinal - 1 - head
    oddity = find_oddity(place, documents - head, seed) if place >= 0 else ""
    rng = Random(f"{seed}/document/{plan.first + ordinal - 1}")
    people = Random(f"{seed}/people/{plan.fonds.number}/{plan.number}/{(ordinal - 1) // 12}")
    day, matter = date_document(plan, ordinal), plan.matter
    steps = matter["steps"]
    kind, role = steps[(ordinal - 1) % len(steps)].split(":")
    if oddity == "reused":
        kind, role = "quyet-dinh", "top"
    level = "district" if plan.fonds.level in ("district", "commune") else "province"
    offices = {r: find_office(level, r, matter["duty"], plan.commune, day) for r in ("top", "mid", "low")}
    office = offices["low" if role == "person" else role]
    above = offices["mid"] if role == "top" else offices["top"]
    above = offices["low"] if role == "top" and rng.random() < 0.5 else above
    slots = fill_slots(plan, rng, day, people)
    slots.update({key: value.name for key, value in offices.items()})
    slots.update(office=office.name, OFFICE=office.name.upper(), above=above.name)
    subject = expand(matter["subject"], slots, rng)
    slots.update(subject=subject, ask=expand(rng.choice(matter["asks"]), slots, rng))
    earlier = day - timedelta(days=rng.randint(8, 60))
    slots["before"] = (
        f"Công văn số {rng.randint(12, 980)}/{offices['low'].abbr}-{matter['sign']} ngày {name_day(earlier)}"
    )
    form = read_table("phrases")["kind"][kind]
    about = capitalize(expand(rng.choice(form["subject"]), slots, rng))
    number, notation = _number(kind, office, matter["sign"], day, oddity, rng)
    head = rng.random() < 0.45
    leaders = name_leaders(office.name, day.year // 5, seed)
    signer = leaders[0] if head else leaders[1 + (rng.random() < 0.5)]
    if role == "person":
        signer = slots["nguoi"].split(" ", 1)[1]
    note = ""
    if rng.random() < 0.22 and role != "person":
        slots["leader"], slots["sign"] = leaders[0].rsplit(" ", 1)[1], matter["sign"]
        note = expand(rng.choice(read_table("phrases")["notes"]["margin"]), slots, rng)
    state = find_dated(read_table("agencies")["state"], day)
    place_date = f"{office.seat}, ngày {name_day(day)}"
    draft = Draft(
        office.above if role != "person" else "",
        office.lines if role != "person" else (),
        state["name"],
        state["motto"],
        f"Số: {number}/{notation}" if number else "",
        place_date,
        "" if kind == "cong-van" else form["name"].upper(),
        f"V/v {about.removeprefix('Về việc ')}" if kind == "cong-van" else about,
        compose_blocks(kind, matter, slots, rng),
        _recipients(slots, matter, kind, day.year, rng),
        compose_signature(office, kind, head, rng),
        signer,
        stamp="MẬT" if oddity == "stamped" else "",
        note=note,
        registry=" ".join(offices["top" if role != "top" else "mid"].lines) if rng.random() < 0.3 else "",
    )
    row = {
        "DocCode": code_document(plan, ordinal),
        "DocOrdinal": str(ordinal),
        "TypeName": form["name"],
        "CodeNumber": number,
        "CodeNotation": notation,
        "IssuedDate": day.strftime("%d/%m/%Y"),
        "OrganName": office.name if role != "person" else "",
        "Subject": about,
        "Language": "Tiếng Việt",
        "Description": rng.choice(read_table("phrases")["notes"]["description"]),
        "InforSign": matter["sign"],
        "Keyword": f"{matter['keyword']}; {plan.commune.called(day).split(' ', 1)[1]}",
        "Autograph": note,
        "Format": rng.choice(
            ("Tốt", "Tốt", "Bình thường", "Bình thường", "Hỏng") if day.year < 1990 else ("Tốt", "Bình thường")
        ),
        "Signer": signer,
        "Place": slots["noi"],
    }
    access = _access(plan, oddity, row, today, rng)
    if oddity == "wrong_date":
        row["IssuedDate"] = rng.choice(WRONG_DATES).format(day.year)
    elif oddity == "no_title":
        row["Subject"] = ""
    digital = day.year >= 2019 and rng.random() < 0.6 and role != "person"
    row["ConfidenceLevel"] = "Gốc điện tử" if digital else "Số hóa"
    record = Record(row, draft, kind, oddity, access, day, slots, oddity not in ("paper", "lost"), digital)
    if day.year < 2010 and rng.random() < 0.35:
        _respell(record)
    return record


def _respell(record: Record) -> None:
    """The spelling of its typists: `Uỷ ban`, `Thuỷ lợi`, in the row and on the sheet alike."""
    for name in ("Subject", "OrganName", "Keyword"):
        record.row[name] = _old_spelling(record.row[name])
    draft = record.draft
    for block in draft.blocks:
        object.__setattr__(block, "text", _old_spelling(block.text))
    draft.subject = _old_spelling(draft.subject)
    draft.recipients = [_old_spelling(line) for line in draft.recipients]


def _recipients(slots: dict[str, str], matter: Mapping[str, Any], kind: str, year: int, rng: Random) -> list[str]:
    if kind in ("don", "ban-khai", "bien-ban"):
        return []
    if year < 1976:
        return ["- Như trên;", f"- {slots['low']};", "- Lưu."]
    lines = read_table("phrases")["notes"]["recipients"]
    filled = [expand(line, {**slots, "sign": matter["sign"]}, rng) for line in lines]
    return [filled[0], *sorted(rng.sample(filled[1:-1], 2), key=filled.index), filled[-1]]
