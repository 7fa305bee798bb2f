"""The demonstration archive: sizes, sameness, codes, access, and boxes that lie on the words of the images."""

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image, ImageStat

from vankho.synth import Summary, write_transfer
from vankho.synth.plan import count_documents, list_fonds, plan_fonds, share_pages
from vankho.synth.recognition import damage_tokens
from vankho.synth.transfer import strip_marks

TODAY = date(2026, 11, 23)
ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
# TT 02/2019/TT-BNV, tables of fonds, file and document.
LENGTHS = {
    "phong": {"Identifier": 13, "OrganId": 13, "FondName": 200, "ArchivesTime": 30, "KeyGroups": 300},
    "ho-so": {
        "FileCode": 30, "OrganId": 13, "FileCatalog": 4, "FileNotation": 20, "Title": 1000, "Maintenance": 100,
        "Rights": 30, "StartDate": 10, "EndDate": 10, "InforSign": 30, "Keyword": 100, "Format": 50,
    },
    "van-ban": {
        "DocCode": 25, "FileCode": 30, "OrganId": 13, "FileCatalog": 4, "FileNotation": 20, "DocOrdinal": 4,
        "TypeName": 100, "CodeNumber": 11, "CodeNotation": 30, "IssuedDate": 10, "OrganName": 200, "Subject": 500,
        "PageAmount": 4, "Description": 500, "InforSign": 30, "Keyword": 100, "Mode": 20, "ConfidenceLevel": 30,
        "Autograph": 2000, "Format": 50,
    },
}  # fmt: skip


def read_list(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as source:
        return list(csv.DictReader(source))


def digest(folder: Path) -> dict[str, str]:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """The default archive with fewer page images."""
    out = tmp_path_factory.mktemp("synth") / "kho"
    return out, write_transfer(out, pages=24, today=TODAY)


def test_counts_are_exactly_as_asked(archive: tuple[Path, Summary]) -> None:
    folder, summary = archive
    assert len(read_list(folder, "phong")) == summary.fonds == 3
    assert len(read_list(folder, "ho-so")) == summary.files == 60
    assert len(read_list(folder, "van-ban")) == summary.documents == 400
    assert len(list((folder / "data").glob("*.jpg"))) == summary.images == 24
    assert len(list((folder / "data").glob("*.txt"))) == summary.texts


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path: Path) -> None:
    sizes = {"fonds": 2, "files": 5, "documents": 30, "pages": 5}
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        write_transfer(tmp_path / name, seed=seed, **sizes)  # type: ignore[arg-type]
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    assert any(name.endswith(".jpg") for name in digest(tmp_path / "a"))
    assert digest(tmp_path / "a")["van-ban.csv"] != digest(tmp_path / "c")["van-ban.csv"]


def test_codes_are_unique_and_lead_to_their_parents(archive: tuple[Path, Summary]) -> None:
    folder, _ = archive
    fonds, files, documents = (read_list(folder, name) for name in ("phong", "ho-so", "van-ban"))
    assert len({f["FileCode"] for f in files}) == len(files)
    assert len({d["DocCode"] for d in documents}) == len(documents)
    assert {d["FileCode"] for d in documents} <= {f["FileCode"] for f in files}
    assert {f["OrganId"] for f in files} == {f["OrganId"] for f in fonds}
    held = Counter(d["FileCode"] for d in documents)
    assert all(int(f["TotalDoc"]) == held[f["FileCode"]] for f in files)
    pages: Counter[str] = Counter()
    for d in documents:
        pages[d["FileCode"]] += int(d["PageAmount"])
    assert all(int(f["PageNumber"]) == pages[f["FileCode"]] for f in files)
    codes = {d["DocCode"] for d in documents}
    stems = {re.sub(r"(-\d{4})?(\.alto)?\.[a-z]+$", "", p.name) for p in (folder / "data").iterdir()}
    assert stems <= codes


def test_fields_keep_the_lengths_of_the_circular(archive: tuple[Path, Summary]) -> None:
    folder, _ = archive
    for name, lengths in LENGTHS.items():
        rows = read_list(folder, name)
        for field, most in lengths.items():
            assert max(len(row[field]) for row in rows) <= most, (name, field)
            assert not any("{" in row[field] or "[" in row[field] for row in rows), (name, field)


def test_access_is_mixed(archive: tuple[Path, Summary]) -> None:
    folder, summary = archive
    documents = read_list(folder, "van-ban")
    levels = Counter(d["AccessLevel"] for d in documents)
    assert levels["01"] > 250
    assert 40 < levels["02"] == summary.conditional < 150
    assert levels["03"] == summary.secret >= 1
    opening = [datetime.strptime(d["OpenDate"], "%d/%m/%Y").date() for d in documents if d["OpenDate"]]  # noqa: DTZ007
    assert summary.opening_next_month == sum((d.year, d.month) == (2026, 12) for d in opening) >= 1
    assert any(d.year > 2027 for d in opening)
    assert all(d["AccessLevel"] == "02" for d in documents if d["OpenDate"])


def test_a_stamp_stands_alone_on_a_line_of_page_one_and_the_row_says_nothing(archive: tuple[Path, Summary]) -> None:
    folder, summary = archive
    stamped = []
    for row in read_list(folder, "van-ban"):
        text = folder / "data" / f"{row['DocCode']}.txt"
        if text.exists() and "MẬT" in text.read_text("utf-8").split("\f")[0].split("\n"):
            stamped.append(row)
    assert len(stamped) == summary.stamped >= 1
    assert summary.stamped_code in {row["DocCode"] for row in stamped}
    assert not any("MẬT" in value.upper() for row in stamped for value in row.values())
    assert {row["AccessLevel"] for row in stamped} == {""}


def test_oddities_are_there(archive: tuple[Path, Summary]) -> None:
    folder, summary = archive
    documents = read_list(folder, "van-ban")
    data = {p.name for p in (folder / "data").iterdir()}
    assert any(re.match(r"3[01]/0[24]/|00/|15/13/", d["IssuedDate"]) for d in documents)
    assert any(not d["Subject"] for d in documents)
    without = [d for d in documents if f"{d['DocCode']}.txt" not in data]
    assert any(d["ConfidenceLevel"] == "Số hóa" for d in without), "listed as digitised, but the file is lost"
    assert sum(d["ConfidenceLevel"] == "" for d in without) == summary.paper_only > 0
    who: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for d in documents:
        if d["CodeNumber"]:
            key = (d["CodeNumber"], d["CodeNotation"])
            who.setdefault(key, set()).add((d["OrganName"], d["IssuedDate"][-4:]))
    assert any(len(givers) > 1 for givers in who.values()), "a number given by several agencies or in several years"
    places = {d["Place"] for d in documents}
    assert any(p.endswith("tỉnh Quảng Ngãi") for p in places)
    assert any("huyện" in p for p in places)
    assert {d["IssuedDate"][-4:-1] for d in documents} >= {"194", "197", "198", "199", "200", "201", "202"}


def test_things_to_try_are_true(archive: tuple[Path, Summary]) -> None:
    folder, summary = archive
    documents = {d["DocCode"]: d for d in read_list(folder, "van-ban")}
    row = documents[summary.code_to_try]
    assert summary.number_to_try == f"{row['CodeNumber']}/{row['CodeNotation']}"
    assert summary.number_issuer == row["OrganName"]
    text = strip_marks((folder / "data" / f"{summary.code_to_try}.txt").read_text("utf-8")).lower()
    assert summary.query_to_try == "quyet dinh giao dat tinh khe 1998"
    assert all(word in text for word in ("giao dat", "tinh khe", "1998"))
    assert summary.merged_place in {d["Place"] for d in documents.values()}
    assert documents[summary.conditional_code]["AccessLevel"] == "02"
    assert documents[summary.opening_code]["OpenDate"].endswith("/12/2026")


def alto_pages(folder: Path) -> Iterator[tuple[Path, list[list[etree._Element]], str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    for path in sorted((folder / "data").glob("*.alto.xml")):
        stem = path.name.removesuffix(".alto.xml")
        text = (folder / "data" / f"{stem}.txt").read_text("utf-8").removesuffix("\n").split("\f")
        pages = etree.parse(str(path), parser).getroot().findall(f".//{ALTO}Page")
        assert len(pages) == len(text) == len(list((folder / "data").glob(f"{stem}-*.jpg")))
        for number, (page, said) in enumerate(zip(pages, text, strict=True), 1):
            lines = [line.findall(f"{ALTO}String") for line in page.iter(f"{ALTO}TextLine")]
            assert page.get("WIDTH") == "1240"
            yield folder / "data" / f"{stem}-{number:04d}.jpg", lines, said


def test_alto_says_the_words_of_the_text(archive: tuple[Path, Summary]) -> None:
    seen = 0
    for _, lines, said in alto_pages(archive[0]):
        assert [" ".join(w.get("CONTENT", "") for w in line) for line in lines] == said.split("\n")
        seen += 1
    assert seen == 24


def test_alto_boxes_lie_in_the_image_on_the_ink(archive: tuple[Path, Summary]) -> None:
    rng, checked, clear = Random(5), 0, 0
    for path, lines, _ in alto_pages(archive[0]):
        assert path.stat().st_size < 250_000
        with Image.open(path) as image:
            grey = image.convert("L")
        words = [word for line in lines for word in line]
        boxes = [tuple(int(w.get(k, "")) for k in ("HPOS", "VPOS", "WIDTH", "HEIGHT")) for w in words]
        assert all(x >= 0 and y >= 0 and x + w <= grey.width and y + h <= grey.height for x, y, w, h in boxes)
        for x, y, w, h in rng.sample(boxes, min(25, len(boxes))):
            if w < 12 or h < 8:
                continue
            inside = ImageStat.Stat(grey.crop((x, y, x + w, y + h)))
            ground = ImageStat.Stat(grey.crop((max(0, x - 60), max(0, y - 40), x + w + 60, y + h + 40))).median[0]
            checked += 1
            clear += inside.mean[0] < ground - 8 and inside.extrema[0][0] < ground - 45
            # The ink reaches each rim of the box: moved by half a word it would not.
            rims = [
                (x, y, x + 5, y + h),
                (x + w - 5, y, x + w, y + h),
                (x, y, x + w, y + 5),
                (x, y + h - 5, x + w, y + h),
            ]
            reached = [ImageStat.Stat(grey.crop(rim)).extrema[0][0] < ground - 18 for rim in rims]
            clear -= not all(reached)
    assert checked > 300
    assert clear / checked > 0.97


def test_no_image_in_a_text_only_archive(tmp_path: Path) -> None:
    summary = write_transfer(tmp_path / "t", fonds=5, files=20, documents=150, seed=3, text_only=True)
    assert summary.images == 0
    assert {p.suffix for p in (tmp_path / "t" / "data").iterdir()} == {".txt"}
    assert len(read_list(tmp_path / "t", "phong")) == 5


@pytest.mark.parametrize(
    "sizes",
    [
        {"fonds": 1, "files": 1, "documents": 1, "pages": 1},
        {"fonds": 1, "files": 2, "documents": 0, "pages": 0},
        {"fonds": 3, "files": 2, "documents": 3, "pages": 7},
        {"fonds": 300, "files": 600, "documents": 1200, "pages": 0},
    ],
)
def test_small_and_wide_archives(tmp_path: Path, sizes: dict[str, int]) -> None:
    for seed, today in ((1, TODAY), (2, date(2020, 2, 29))):
        out = tmp_path / str(seed)
        summary = write_transfer(out, seed=seed, today=today, **sizes)  # type: ignore[arg-type]
        rows = read_list(out, "van-ban")
        assert (len(read_list(out, "ho-so")), len(rows)) == (sizes["files"], sizes["documents"])
        assert summary.images == sizes["pages"] == len(list((out / "data").glob("*.jpg")))
        assert all(int(row["IssuedDate"][-4:]) <= today.year for row in rows)


def test_progress_hears_the_end(tmp_path: Path) -> None:
    heard: list[tuple[str, int, int]] = []
    write_transfer(tmp_path / "t", documents=250, text_only=True, progress=lambda *step: heard.append(step))
    assert heard[-1][1:] == (250, 250)


@pytest.mark.parametrize("wrong", [{"files": 0}, {"fonds": 0}, {"fonds": 9999}, {"pages": 7, "documents": 1}])
def test_sizes_that_cannot_be_are_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"phông|hồ sơ|trang"):
        write_transfer(tmp_path / "t", **wrong)  # type: ignore[arg-type]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("giữ", "utf-8")
    with pytest.raises(FileExistsError):
        write_transfer(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


@given(st.integers(1, 300), st.integers(0, 5000), st.integers(0, 99))
def test_documents_are_shared_exactly(files: int, documents: int, seed: int) -> None:
    counts = [count_documents(n, files, documents, seed) for n in range(files)]
    assert sum(counts) == documents
    assert min(counts) >= 0


@given(st.integers(1, 60), st.integers(1, 400))
def test_files_are_shared_exactly(fonds: int, files: int) -> None:
    shares = plan_fonds(fonds, files)
    assert sum(share.files for share in shares) == files
    assert min(share.files for share in shares) >= (1 if files >= fonds else 0)
    assert len({share.organ_id for share in shares}) == fonds


@given(st.integers(0, 400), st.integers(1, 400), st.integers(0, 12))
def test_pages_are_shared_exactly(pages: int, documents: int, head: int) -> None:
    if pages > 6 * documents:
        with pytest.raises(ValueError, match="trang ảnh"):
            list(share_pages(pages, documents, head))
        return
    shared = list(share_pages(pages, documents, head))
    holders = [document for document, _ in shared]
    assert sum(size for _, size in shared) == pages
    assert holders == sorted(set(holders))
    assert all(document < documents for document in holders)
    assert all(1 <= size <= 6 for _, size in shared)


@given(st.lists(st.text("ắbcđMẬT lo05", min_size=1).map(lambda s: s.replace(" ", "x")), max_size=40), st.floats(0, 0.9))
def test_recognition_keeps_tokens(tokens: list[str], rate: float) -> None:
    read = damage_tokens(tokens, rate, Random(1))
    assert len(read) == len(tokens)
    assert all(token and not re.search(r"\s", token) for token in read)
    assert rate > 0 or read == tokens


def test_every_fonds_has_its_own_code() -> None:
    codes = [row[0] for row in list_fonds()]
    assert len(codes) > 200
    assert len(set(codes)) == len(codes)
    assert max(map(len, codes)) <= 13


def test_photographs_sound_and_film_are_added_the_same_each_time(tmp_path: Path) -> None:
    """What the demonstration shows of them can be read by the reader of deliveries, and plays as long as it says."""
    from archive.recordings.probing import probe
    from vankho.synth.recorded import write_recorded

    for name in ("a", "b"):
        (tmp_path / name / "data").mkdir(parents=True)
        assert write_recorded(tmp_path / name) == 8
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    (film,), (sound,) = (list((tmp_path / "a" / "data").glob(f"*.{kind}")) for kind in ("webm", "wav"))
    for file, row in zip((sound, film), read_list(tmp_path / "a", "ghi-am"), strict=True):
        with file.open("rb") as stream:
            known = probe(stream, file.stat().st_size)
        assert (known.milliseconds, known.cut) == (int(row["PlayTime"][-2:]) * 1000, False)
    assert [row["Mode"] for row in read_list(tmp_path / "a", "phim-anh")].count("Hạn chế") == 1
