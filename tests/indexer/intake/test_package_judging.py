"""METS and PREMIS of a package measured by METS 1.12, E-ARK CSIP and PREMIS 3.0: broken musts refuse it, by rule."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from archive.packages.csip.judging import NAMES, judge, mets_schema
from archive.packages.csip.writing import Kind, write_package
from archive.packages.sources import DeliveryError
from indexer.intake.taking import take_package
from tests.csip_packages import REP, Csip, premis
from tests.indexer.intake.test_csip import CONTEXT
from tests.indexer.intake.test_packing import complete, export, request_package, rich
from tests.transfers import counts, lines

TOP, INNER = "metadata/preservation/PREMIS.xml", f"{REP}metadata/preservation/PREMIS_rep1.xml"


def aip(root: Path, change: Callable[[bytes], bytes] = bytes, name: str = "METS.xml", kind: str = "AIP") -> Path:
    """A sound package with one file of it changed after METS was written."""
    path = Csip(root, kind).whole(totalDoc="1").document(1).write()
    (path / name).write_bytes(change((path / name).read_bytes()))
    return path


def without(pattern: bytes, put: bytes = b"") -> Callable[[bytes], bytes]:
    def change(body: bytes) -> bytes:
        changed, number = re.subn(pattern, put, body, count=1)
        assert number == 1
        return changed

    return change


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (without(rb' OBJID="uuid-1"'), {"CSIP1"}),
        (without(rb'TYPE="Mixed"', b'TYPE="Banana"'), {"CSIP2"}),
        (without(rb' PROFILE="[^"]+"'), {"CSIP6"}),
        (without(rb' CREATEDATE="[^"]+"'), {"CSIP7"}),
        (without(rb"<structMap.*</structMap>"), {"VN-METS-9", "CSIP80"}),
        (without(rb'MDTYPE="EAD"'), {"VN-METS-9"}),
        (without(rb"<fileSec", b"<la/><fileSec"), {"VN-METS-9"}),
        (without(rb'ID="s1"', b'ID="1s"'), {"VN-METS-9"}),
    ],
)  # fmt: skip
def test_a_mets_that_breaks_a_must_is_refused_by_rule(
    home: Path, tmp_path: Path, change: Callable[[bytes], bytes], rules: set[str]
) -> None:
    with pytest.raises(DeliveryError, match="không lấy gì") as refused:
        take_package(aip(tmp_path / "goi", change), None, CONTEXT)
    assert set(re.findall(r"\[([A-Z0-9-]+)\]", str(refused.value))) == rules
    assert counts()["record"] == 0


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (without(rb'<agent ROLE="CREATOR".*?</agent>'), {"csip11"}),
        (without(rb'<note csip:NOTETYPE="SOFTWARE VERSION">1</note>'), {"csip15", "csip16"}),
        (without(rb' TYPE="PHYSICAL"'), {"csip81"}),
        (without(rb'<div ID="v2" LABEL="Metadata"[^>]*/>'), {"csip88"}),
        (without(rb'USE="Representations/rep1"', b'USE="Khac"'), {"csip114"}),
        (without(rb'(?<=<dmdSec ID="d0") CREATED="[^"]+"'), {"csip19"}),
    ],
)  # fmt: skip
def test_what_leaves_nothing_in_doubt_is_a_warning_by_rule(
    home: Path, tmp_path: Path, change: Callable[[bytes], bytes], rules: set[str]
) -> None:
    told = lines(take_package(aip(tmp_path / "goi", change), None, CONTEXT).package)
    assert {f"mets.{one}" for one in rules} <= {one.code for one in told if one.outcome == "warned"}
    assert counts()["record"] > 0


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        (b"not xml at all", {"PREMIS-1"}),
        (b"<premis/>", {"PREMIS-2"}),
        (b'<premis xmlns="http://www.loc.gov/premis/v3" version="3.0"/>', {"PREMIS-4"}),
    ],
)
@pytest.mark.parametrize("name", [TOP, INNER])
def test_a_premis_that_is_none_refuses_the_package(
    home: Path, tmp_path: Path, name: str, body: bytes, rules: set[str]
) -> None:
    with pytest.raises(DeliveryError, match="không lấy gì") as refused:
        take_package(aip(tmp_path / "goi", lambda _: body, name), None, CONTEXT)
    assert set(re.findall(r"\[([A-Z0-9-]+)\]", str(refused.value))) == rules


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        (premis("x").replace(b' xsi:type="intellectualEntity"', b""), {5}),
        (premis("x").replace(b"intellectualEntity", b"premis:qu\xe1\xba\xa3"), {5}),
        (premis(""), {6}),
        (premis("x").replace(b"</premis>", b"<event/></premis>"), {7, 10}),
        (premis("x").replace(b"intellectualEntity", b"file"), {11}),
    ],
)
@pytest.mark.parametrize("name", [TOP, INNER])
def test_what_premis_lacks_within_is_a_warning_by_rule(
    home: Path, tmp_path: Path, name: str, body: bytes, rules: set[int]
) -> None:
    told = lines(take_package(aip(tmp_path / "goi", lambda _: body, name), None, CONTEXT).package)
    assert {f"premis.premis-{one}" for one in rules} <= {one.code for one in told if one.outcome == "warned"}


def test_what_only_should_be_is_a_warning(home: Path, tmp_path: Path) -> None:
    path = aip(tmp_path / "goi", without(rb' LASTMODDATE="[^"]+" RECORDSTATUS="NEW"', b' RECORDSTATUS="MOI"'))
    (path / TOP).write_bytes(premis("khac"))
    (path / INNER).unlink()
    told = {one.code: one.outcome for one in lines(take_package(path, None, CONTEXT).package)}
    assert {code for code, outcome in told.items() if outcome == "warned"} == {
        "mets.csip8", "mets.vn-mets-6", "premis.differs", "premis.representation",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["AIP", "SIP"])
def test_what_we_write_passes_every_rule(home: Path, tmp_path: Path, kind: Kind) -> None:
    take_package(complete(tmp_path / "goi").write())
    (made,) = export(tmp_path / "xuat", "HS2", kind=kind)
    judged = 0
    for file in sorted(made.place.rglob("*.xml")):
        root = etree.parse(file).getroot()
        if "METS" in file.name or "PREMIS" in file.name:
            where = "premis" if "PREMIS" in file.name else "rep" if "rep1" in file.parts else "top"
            assert [one.message for one in judge(root, file.name, where)] == []
            judged += 1
    assert judged == (4 if kind == "AIP" else 2)
    schemas = {one.name for one in (made.place / "schemas").iterdir()}
    assert schemas == {"METS.xsd", "xlink.xsd", "EAD.xsd", "EAD_doc.xsd"}
    assert mets_schema().validate(etree.parse(made.place / "METS.xml"))
    assert NAMES["m"] in (made.place / "METS.xml").read_text()


def schema_of(place: Path, name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(place / "schemas" / name))


@pytest.mark.parametrize("kind", ["AIP", "SIP"])
@pytest.mark.parametrize("loose", [False, True])
def test_the_schemas_that_we_write_hold_for_what_we_write_and_for_nothing_else(
    home: Path, tmp_path: Path, kind: Kind, loose: bool
) -> None:
    made = rich(tmp_path / "goi").document("G1", "HS1", TypeName="Âm thanh", PlayTime="00:00:03")
    take_package(made.write())
    names = ("VB1", "VB6", "VB7", "G1") if loose else ("HS1",)
    (package,) = export(tmp_path / "xuat", *names, kind=kind)
    files = sorted(package.place.rglob("EAD*.xml"))
    schemas = {file: f"{'_'.join(file.stem.split('_')[:2])}.xsd" for file in files}
    assert set(schemas.values()) == {"EAD.xsd", "EAD_doc.xsd", "EAD_pic.xsd", "EAD_media.xsd"}
    for file, name in schemas.items():
        schema = schema_of(package.place, name)
        assert schema.validate(etree.parse(file)), (file.name, str(schema.error_log))
    assert schema_of(package.place, "METS.xsd").validate(etree.parse(package.place / "METS.xml"))
    schema = schema_of(package.place, "EAD_doc.xsd")
    other = ("<la>x</la>", "<mode>9</mode>", "<typeName>88</typeName>", "<language>77</language>")
    other += ("<numberOfPage>ba</numberOfPage>", "<issuedDate>1998-01-01</issuedDate>")
    for wrong in (*other, f"<subject>{'x' * 501}</subject>", "<subject>a</subject><subject>b</subject>"):
        assert not schema.validate(etree.fromstring(f"<simpledc>{wrong}</simpledc>")), wrong


def test_a_package_for_a_reader_keeps_to_its_schemas(tmp_path: Path) -> None:
    place = write_package(tmp_path / "xuat", request_package())
    for file in sorted(place.rglob("EAD*.xml")):
        schema = schema_of(place, f"{'_'.join(file.stem.split('_')[:2])}.xsd")
        assert schema.validate(etree.parse(file)), (file.name, str(schema.error_log))
    assert schema_of(place, "METS.xsd").validate(etree.parse(place / "METS.xml"))
    assert not schema_of(place, "EAD.xsd").validate(etree.fromstring("<simpledc><title>x</title></simpledc>"))
