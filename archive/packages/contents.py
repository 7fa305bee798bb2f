"""Which files of a source are the tables, which lie in `data/`, and which are neither."""

from dataclasses import dataclass, field

from archive.packages.fields import TABLES, fold
from archive.packages.findings import Finding, Outcome, quote
from archive.packages.sources import DeliveryError, Source, is_system_file

# In this order, the first that is there is read.
EXTENSIONS = ("csv", "xlsx", "xls", "ods", "tsv", "txt")
_TABLE = {fold(name): name for name in TABLES}


@dataclass(slots=True)
class Contents:
    """Names of the tables by table, names in `data/`, and findings about everything else."""

    tables: dict[str, str] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


_OF_CSIP = "/metadata/descriptive/EAD.xml"


def list_contents(source: Source) -> Contents:
    """Sort the names of a source; the tables may lie at the top or in the only folder there, however deep.

    Raises DeliveryError when there is no table at all.
    """
    names = list(source.names())
    base = ""
    while True:
        contents = _sort_names(names, base)
        if contents.tables:
            return contents
        within = [name.removeprefix(base) for name in names if name.startswith(base) and not is_system_file(name)]
        tops = {name.split("/", 1)[0] for name in within if "/" in name}
        if len(tops) != 1:
            break
        base += f"{tops.pop()}/"
    if any(f"/{name}".endswith(_OF_CSIP) for name in names):
        raise DeliveryError(f"Gói {quote(source.name)} thiếu METS.xml (gói SIP, AIP); không lấy gì, hãy giao lại.")
    raise DeliveryError(
        f"Gói {quote(source.name)} không có bảng phong, ho-so, van-ban, phim-anh hay ghi-am "
        "(.csv, .xlsx, .xls hay .ods); không lấy được gì."
    )


def _sort_names(names: list[str], base: str) -> Contents:
    contents = Contents()
    found: dict[str, list[str]] = {}
    for name in names:
        inner = name.removeprefix(base) if name.startswith(base) else ""
        if is_system_file(name):
            continue
        if inner[:5].lower() == "data/":
            contents.data.append(name)
        elif table := _table_of(inner):
            found.setdefault(table, []).append(name)
        else:
            contents.findings.append(
                _say(name, "file.unknown", "không thuộc bảng nào và không nằm trong data/", "không lấy")
            )
    for table, several in found.items():
        several.sort(key=lambda n: (EXTENSIONS.index(n.rsplit(".", 1)[-1].lower()), n))
        contents.tables[table] = several[0]
        for name in several[1:]:
            contents.findings.append(
                _say(name, "table.double", f"bảng {table} có nhiều tệp", f"chỉ đọc {quote(several[0])}")
            )
    return contents


def _table_of(inner: str) -> str | None:
    stem, _, extension = inner.rpartition(".")
    return _TABLE.get(fold(stem)) if extension.lower() in EXTENSIONS and "/" not in inner else None


def _say(name: str, code: str, wrong: str, action: str) -> Finding:
    return Finding("package", None, None, code, f"Tệp {quote(name)}: {wrong}", action, Outcome.WARNED)
