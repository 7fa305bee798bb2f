"""Photographs, a sound and a film that everyone may open: those that the leak test plants are closed."""

import csv
from pathlib import Path

from sqlalchemy import select

from archive.catalogue.records import Record
from archive.database import reading
from indexer.intake.taking import take_package
from tests.leaks.planted import index_all
from vankho.synth.recorded import write_recorded

MEDIA = ("photo", "audio", "video")


def take_recorded(folder: Path) -> tuple[str, ...]:
    """Takes the demonstration's in and indexes them; the addresses of one document of each kind."""
    (folder / "data").mkdir(parents=True)
    write_recorded(folder)
    with (folder / "phim-anh.csv").open(encoding="utf-8-sig", newline="") as sheet:
        first = next(csv.DictReader(sheet))
    fonds = {"Identifier": first["Identifier"], "OrganId": first["OrganId"], "FondName": "Phông ảnh, âm thanh, phim"}
    with (folder / "phong.csv").open("w", encoding="utf-8", newline="") as sheet:
        writer = csv.DictWriter(sheet, [*fonds])
        writer.writeheader()
        writer.writerow(fonds)
    take_package(folder)
    index_all()
    with reading() as session:
        own = select(Record.public_id).where(Record.natural_key.contains(first["OrganId"]), Record.page_count > 0)
        found = [session.scalar(own.where(Record.medium == one).order_by(Record.id)) for one in MEDIA]
    assert all(found), found
    return tuple(f"/van-ban/{one}" for one in found)


def gallery() -> str:
    """The address of the gallery that they lie in."""
    with reading() as session:
        photo = select(Record.fonds_id).where(Record.medium == "photo").limit(1).scalar_subquery()
        own = session.scalar(select(Record.public_id).where(Record.id == photo))
    return f"/phong/{own}/anh"
