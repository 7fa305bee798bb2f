"""A message as a delivery: one document with its attachments, in the year's file of its fonds."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from archive.packages.findings import Outcome, worst
from archive.packages.holdings import KINDS, split_name
from archive.packages.messages.reading import read_message
from archive.packages.registers.columns import recognise
from archive.packages.registers.delivery import Context, RegisterDelivery
from archive.packages.registers.sheets import RegisterSheet
from archive.packages.rows import DataFile, DocumentRow
from archive.packages.sheets import Record
from archive.packages.sources import DeliveryError


class _OneRow:
    """A message as a sheet."""

    def __init__(self, cells: list[str]) -> None:
        self._cells, self.runaway = cells, list[int]()

    def records(self) -> Iterator[Record]:
        """See `Sheet.records`."""
        yield 1, self._cells

    def close(self) -> None:
        """Nothing is held open."""


class MessageDelivery(RegisterDelivery):
    """See the module; the context says what no message does: the archives, the access, perhaps the fonds."""

    _what = "Thông điệp"

    def __init__(self, path: Path, context: Context) -> None:
        """Reads the message; DeliveryError where it is none."""
        self._message = read_message(path)
        values = self._message.values
        organ, identifier = context.place(values.get("OrganId", ""))
        if organ:
            values["OrganId"] = organ
        name = context.fonds_name if organ == context.organ else ""
        context = replace(context, organ=organ, identifier=identifier, fonds_name=name)
        self._bytes: dict[str, bytes] = {}
        super().__init__(path, context)

    def _open(self, path: Path) -> RegisterSheet:
        keys = list(self._message.values)
        return RegisterSheet(path.name, keys, 0, [], _OneRow(list(self._message.values.values())))

    def _recognise(self, rows: list[list[str]]) -> None:
        named = {key: key for key in self._message.values}  # elements are fields, whatever a heading would mean
        self.columns = recognise(self._sheet.headings, rows, named)

    def documents(self) -> Iterator[DocumentRow]:
        """The one document, with its files."""
        for row in super().documents():
            found = (*row.findings, *(replace(one, record=row.code) for one in self._message.findings))
            files = tuple(self._file(*one) for one in self._message.files)
            yield replace(
                row, files=files, findings=found, outcome=max(row.outcome, worst(found), key=list(Outcome).index)
            )

    def open(self, file: DataFile) -> BinaryIO:
        """The bytes of an attachment."""
        return io.BytesIO(self.read(file))

    def read(self, file: DataFile) -> bytes:
        """The same at once."""
        if file.name not in self._bytes:
            raise DeliveryError(f"Không có tệp “{file.name}” trong thông điệp.")
        return self._bytes[file.name]

    def _file(self, name: str, data: bytes) -> DataFile:
        stem, number = name, 1
        while name in self._bytes and self._bytes[name] is not data:
            number += 1
            name = f"{number}-{stem}"
        self._bytes[name] = data
        return DataFile(name, KINDS.get(split_name(name)[2], "other"), None, len(data))
