"""Agencies in time: what an office is called on a day, what stands on its letterhead, who signs for it."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from random import Random

from vankho.synth.lexicon import find_dated, invent_person, read_table
from vankho.synth.place import MERGER, Commune, name_province


@dataclass(frozen=True, slots=True)
class Office:
    """An issuing agency on one day: full name, letterhead lines (last ones bold), notation, seat, titles that sign."""

    name: str
    above: str
    lines: tuple[str, ...]
    abbr: str
    seat: str
    head: str
    deputy: str
    committee: bool


@lru_cache(maxsize=4096)
def find_committee(unit: str, day: date) -> Office:
    """The people's committee of `unit` (`tỉnh …`, `huyện …`, `xã …`) under its name of `day`."""
    row = find_dated(read_table("agencies")["committee"], day)
    seat = unit.split(" ", 1)[1]
    if unit == "tỉnh Nghĩa Bình":
        seat = "Quy Nhơn"
    return Office(
        f"{row['name']} {unit}",
        "",
        (row["name"].upper(), unit.upper()),
        row["abbr"],
        seat,
        "CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        True,
    )


@lru_cache(maxsize=4096)
def find_department(duty: str, day: date, *, kon_tum: bool = False) -> Office:
    """The provincial department that prepares matters of `duty` on `day`."""
    department = next(d for d in read_table("agencies")["department"] if d["duty"] == duty)
    row = find_dated(department["names"], day)
    province = find_committee(name_province(day, kon_tum=kon_tum), day)
    head = row.get("head", "GIÁM ĐỐC")
    name = f"{row['name']} {name_province(day, kon_tum=kon_tum)}"
    return Office(
        name, province.name.upper(), (row["name"].upper(),), row["abbr"], province.seat, head, f"PHÓ {head}", False
    )


@lru_cache(maxsize=4096)
def find_district_office(duty: str, district: str, day: date) -> Office:
    """The office of a district that prepares matters of `duty` on `day`."""
    offices = read_table("agencies")["office"]
    row = find_dated(offices.get(duty, offices["other"]), day)
    committee = find_committee(district, day)
    head = row.get("head", "TRƯỞNG PHÒNG")
    deputy = "PHÓ " + head
    name = f"{row['name']} {district}"
    return Office(
        name, committee.name.upper(), (row["name"].upper(),), row["abbr"], committee.seat, head, deputy, False
    )


def find_office(level: str, role: str, duty: str, commune: Commune, day: date) -> Office:
    """Who plays `role` (top decides, mid prepares, low asks) in a file of a fonds of `level` (province, district)."""
    if role == "low" and (level == "district" or day >= MERGER):
        return find_committee(commune.called(day), day)
    if level == "district" and day < MERGER:
        district = commune.lies_in(day)
        return find_committee(district, day) if role == "top" else find_district_office(duty, district, day)
    if role == "low":
        return find_committee(commune.lies_in(day), day)
    kon_tum = commune.kon_tum
    if role == "mid":
        return find_department(duty, day, kon_tum=kon_tum)
    return find_committee(name_province(day, kon_tum=kon_tum), day)


@lru_cache(maxsize=8192)
def name_leaders(office: str, term: int, seed: int) -> tuple[str, str, str]:
    """Head and two deputies of an office for a term of five years (`term` = year // 5); invented, steady in a run."""
    rng = Random(f"{seed}/leaders/{office}/{term}")
    return invent_person(rng, female=False), invent_person(rng), invent_person(rng)
