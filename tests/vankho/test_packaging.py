"""``vankho package build`` as it is called: paths, counts, lines and exit codes."""

from pathlib import Path

from tests.transfers import province, record
from tests.vankho.test_command import Run, run

__all__ = ["run"]


def test_a_package_is_built_and_taken_back(run: Run, bare_home: Path) -> None:
    made = province(bare_home.parent / "goi").change("HS2", Maintenance="Vĩnh viễn")
    assert run("ingest", str(made.write()))[0] == 0
    out = bare_home.parent / "xuat"
    code, told = run("package", "build", record("HS2").public_id, "--kind", "AIP", "--out", str(out), "--zip")
    (package,) = told["packages"]
    assert (code, package["documents"], package["left_out"]) == (1, 2, 0)
    assert {line["code"] for line in package["lines"]} == {"element.missing"}
    assert Path(package["report"]).read_text("utf-8-sig").startswith("Mã bản ghi,")
    code, told = run("ingest", package["path"])
    assert (code, told["unchanged"], told["accepted"]) == (0, 4, 0)


def test_what_cannot_be_packed_is_said(run: Run, bare_home: Path) -> None:
    assert run("ingest", str(province(bare_home.parent / "goi").write()))[0] == 0
    where = ["--kind", "SIP", "--out", str(bare_home.parent / "xuat")]
    for name, wrong in (("khong-co", "Không có mục"), (record("H48.01", "fonds").public_id, "không phải hồ sơ")):
        code, told = run("package", "build", name, *where)
        assert (code, wrong in told["error"]) == (2, True)
    (bare_home.parent / "xuat").write_text("tệp")
    assert run("package", "build", record("HS1").public_id, *where)[0] == 2
