"""The elements of a package's metadata as rows of the tables that every delivery has.

Source: TT 05/2025/TT-BNV, annexes I to IV (EAD, EAD_doc, EAD_pic, EAD_media).
"""

from collections.abc import Mapping

from archive.packages.csip.codes import in_words

# Field of the table: elements that mean it, the first that is there counts.
FILE = {
    "FileCode": ("fileCode", "arcFileCode"),
    "Title": ("title",),
    "Maintenance": ("maintenance",),
    "Rights": ("mode",),
    "Language": ("language",),
    "StartDate": ("startDate",),
    "EndDate": ("endDate",),
    "Keyword": ("keyword",),
    "TotalDoc": ("totalDoc",),
    "SheetNumber": ("numberOfPaper",),
    "PageNumber": ("numberOfPage",),
    "Format": ("format",),
    "InforSign": ("inforSign",),
    "ConfidenceLevel": ("confidenceLevel",),
    "PaperFileCode": ("paperFileCode",),
    "RiskRecovery": ("riskRecovery",),
    "RiskRecoveryStatus": ("riskRecoveryStatus",),
    "Description": ("description",),
}
DOCUMENT = {
    "DocCode": ("docCode", "arcDocCode", "docId"),
    "DocOrdinal": ("docOrdinal",),
    "TypeName": ("typeName", "typePic", "typeMedia"),
    "CodeNumber": ("codeNumber",),
    "CodeNotation": ("codeNotation",),
    "IssuedDate": ("issuedDate", "photoTime", "recordDate"),
    "OrganName": ("organName",),
    "Subject": ("subject", "imageTitle", "movieTitle", "eventName"),
    "Place": ("photoPlace", "recordPlace"),
    "Language": ("language",),
    "PageAmount": ("numberOfPage",),
    "InforSign": ("inforSign",),
    "Keyword": ("keyword",),
    "Mode": ("mode",),
    "ConfidenceLevel": ("confidenceLevel",),
    "Autograph": ("autograph",),
    "Format": ("format",),
    "Description": ("description",),
    "ArchivesNumber": ("archivesNumber",),
    "EventName": ("eventName",),
    "Photographer": ("photographer",),
    "Recorder": ("recorder",),
    "Colour": ("colour",),
    "FilmSize": ("filmSize",),
    "PlayTime": ("playTime",),
    "Quality": ("quality",),
    "DocAttached": ("docAttached",),
    "Process": ("process",),
    "RiskRecovery": ("riskRecovery",),
    "RiskRecoveryStatus": ("riskRecoveryStatus",),
}
# No field of the catalogue: kept in words in the note.
TOLD = {
    "docId": "Mã định danh tài liệu",
    "docCode": "Mã lưu trữ của tài liệu",
    "arcDocCode": "Mã lưu trữ của tài liệu",
    "paperFileCode": "Mã hồ sơ gốc giấy",
    "source": "Nguồn (mã)",
}
PLAIN_YES_OR_NO = {"process", "riskRecovery"}
_YES_OR_NO = {"0": "Không", "00": "Không", "false": "Không", "1": "Có", "01": "Có", "true": "Có"}
# Said by the package or meant by its place in it: no loss where it is not kept again.
PLACED = {"arcFileCode", "fileCode"}


def to_row(fields: Mapping[str, tuple[str, ...]], told: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The row, and the names of elements that mean nothing known."""
    row, used = dict[str, str](), set[str]()
    for name, elements in fields.items():
        element = next((one for one in elements if one in told), "")
        if element:
            used.add(element)
            row[name] = told[element] if element == "mode" else in_words(element, told[element])
            if element in PLAIN_YES_OR_NO:
                row[name] = _YES_OR_NO.get(told[element].strip().casefold(), told[element])
    if not row.get("DocOrdinal") and "docCode" in told and told["docCode"][-7:].isdigit() and "DocOrdinal" in fields:
        row["DocOrdinal"] = str(int(told["docCode"][-7:]))
    notes = [
        row.get("Description", ""),
        *(f"{label}: {told[n]}" for n, label in TOLD.items() if n in told.keys() - used),
    ]
    if "maintenance" in told.keys() - used:
        notes.append(f"Thời hạn lưu trữ: {in_words('maintenance', told['maintenance'])}")
        used.add("maintenance")
    if note := "; ".join(filter(None, notes)):
        row["Description"] = note
    return row, sorted(told.keys() - used - TOLD.keys() - PLACED)


def plain_code(code: str, identifier: str, organ: str) -> str:
    """A code without the archives' own before it, so that the SIP and the later AIP of a file are one.

    The circular puts the archives' code before the file's in an AIP (`arcFileCode`, `arcDocCode`); where the fonds'
    code itself begins so, nothing is taken away.
    """
    rest = code.removeprefix(f"{identifier}.")
    return code if not rest or code == organ or code.startswith(f"{organ}.") else rest
