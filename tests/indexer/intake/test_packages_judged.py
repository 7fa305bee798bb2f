"""What the archive writes, judged by the E-ARK validator: a program that this project did not write."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from archive.packages.csip.writing import Kind
from indexer.intake.taking import take_package
from tests.indexer.intake.test_packing import export, rich

# The validator fetches four vocabularies when it is loaded; here it gets their terms, as nothing is fetched in tests.
JUDGE = """
import io, sys, urllib.request
TERMS = {"Category": ["Mixed", "Collection"], "InformationType": ["MIXED", "OTHER"],
         "OAISPackageType": ["SIP", "AIP", "DIP"], "Status": ["CURRENT", "SUPERSEDED"]}
def terms(url):
    found = next(many for key, many in TERMS.items() if url.endswith(key + ".xml"))
    return io.BytesIO("".join("<Term>%s</Term>\\n" % one for one in found).encode())
urllib.request.urlopen = terms
from pathlib import Path
from eark_validator.packages import PackageValidator
print(PackageValidator(Path(sys.argv[1])).validation_report.model_dump_json(exclude={"package"}))
"""
# CSIP103 is about packages without representations; SIP2 and SIP14 are otherwise in TT 05/2025 (decision 0028).
OTHERWISE = {"CSIP103", "SIP2", "SIP14"}


@pytest.mark.skipif(
    not importlib.util.find_spec("eark_validator"), reason="no eark-validator (make .venv/.installed-dev)"
)
@pytest.mark.parametrize("kind", ["AIP", "SIP"])
def test_the_outside_validator_accepts_what_we_write(home: Path, tmp_path: Path, kind: Kind) -> None:
    take_package(rich(tmp_path / "goi").write())
    (made,) = export(tmp_path / "xuat", "HS1", kind=kind)
    told = subprocess.run([sys.executable, "-c", JUDGE, str(made.place)], capture_output=True, text=True, check=True)
    report = json.loads(told.stdout)
    assert report["metadata"]["schema_results"] == {"status": "VALID", "messages": []}
    results = [*report["structure"]["messages"], *report["metadata"]["schematron_results"]["messages"]]
    assert {one["rule_id"] for one in results if one["severity"] == "Error"} <= OTHERWISE
    assert results
