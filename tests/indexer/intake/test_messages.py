"""Messages of document-management systems: edXML in both variants, NĐ 30 metadata, and what is wrong with them."""

import base64
import io
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.catalogue.records import Page, Record, RecordFile
from archive.database import reading
from archive.packages.csip import markup
from archive.packages.messages import reading as messages
from archive.packages.opening import Context
from archive.packages.sources import DeliveryError
from indexer.intake.taking import take_package
from tests.indexer.extraction.office_files import open_document
from tests.transfers import IDENTIFIER, counts, lines

CONTEXT = Context(IDENTIFIER, access="01")
TEXT = "ỦY BAN NHÂN DÂN TỈNH\nKế hoạch xây dựng kho lưu trữ\n"


def packed(name: str, content: bytes) -> str:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr(name, content)
    return base64.b64encode(made.getvalue()).decode()


def envelope(
    attachment: str, *, priority: str = "0", subject: str = "V/v xây dựng kho lưu trữ", extra: str = ""
) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"><edXMLEnvelope><edXMLHeader>
<MessageHeader><From><OrganId>000.00.00.H48</OrganId><OrganizationInCharge>UBND tỉnh</OrganizationInCharge>
<OrganName>UBND tỉnh Quảng Ngãi</OrganName></From>
<To><OrganId>000.00.53.H48</OrganId><OrganName>Sở Nội vụ</OrganName></To>
<To><OrganName>Sở Tài chính</OrganName></To><DocumentId>000.00.00.H48,2021/1077</DocumentId>
<Code><CodeNumber>1077</CodeNumber><CodeNotation>QÐ-UBND</CodeNotation></Code>
<PromulgationInfo><Place>Quảng Ngãi</Place><PromulgationDate>2021/08/10</PromulgationDate></PromulgationInfo>
<DocumentType><Type>2</Type><TypeName>Quyết định</TypeName></DocumentType><Subject>{subject}</Subject>
<Content/><SignerInfo><Competence>KT. CHỦ TỊCH</Competence><Position>Phó Chủ tịch</Position>
<FullName>Võ Phiên</FullName></SignerInfo>
<OtherInfo><Priority>{priority}</Priority><PageAmount>3</PageAmount></OtherInfo></MessageHeader>
<TraceHeaderList><Bussiness><BussinessDocType>0</BussinessDocType></Bussiness><TraceHeader>
<OrganId>000.00.00.H48</OrganId>
<Timestamp>2021/08/10 09:12:00</Timestamp></TraceHeader></TraceHeaderList></edXMLHeader><edXMLBody><edXMLManifest>
<Reference><ContentId>cid:1</ContentId><ContentType>application/zip</ContentType><AttachmentName>van-ban.txt</AttachmentName>
</Reference>{extra}</edXMLManifest></edXMLBody></edXMLEnvelope>{attachment}</edXML>"""


def attached(content: str) -> str:
    return f"""<AttachmentEncoded><Attachment><ContentId>cid:1</ContentId><AttachmentName>van-ban.zip</AttachmentName>
<ContentType>application/zip</ContentType><ContentTransferEncoded>{content}</ContentTransferEncoded></Attachment>
</AttachmentEncoded>"""


def write(tmp_path: Path, text: str, name: str = "a.edxml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def document() -> Record:
    with reading() as session:
        return session.query(Record).filter_by(level="document").one()


def test_a_message_becomes_a_document_with_its_text(home: Path, tmp_path: Path) -> None:
    path = write(tmp_path, envelope(attached(packed("van-ban.txt", TEXT.encode()))))
    taken = take_package(path, None, CONTEXT)
    found = document()
    assert (found.number, found.title) == ("1077/QĐ-UBND", "V/v xây dựng kho lưu trữ")
    assert found.delivered["Signer"] == "KT. CHỦ TỊCH Phó Chủ tịch Võ Phiên"
    assert "Nơi nhận: Sở Nội vụ, Sở Tài chính" in found.delivered["Description"]
    assert found.code == "000.00.00.H48,2021/1077"
    with reading() as session:
        assert session.query(Page).one().text == TEXT.strip()
        assert session.query(RecordFile).one().name == "van-ban.txt"
    assert "letters.repaired" in {one.code for one in lines(taken.package)}
    before = counts()
    assert take_package(path, None, CONTEXT).tables["van-ban"] == {"unchanged": 1}
    assert counts() == before


def test_the_older_flattened_variant_is_read(home: Path, tmp_path: Path) -> None:
    content = base64.b64encode(TEXT.encode()).decode()
    path = write(
        tmp_path,
        f"""<edXML><From><OrganId>000.00.00.H48</OrganId><OrganName>UBND tỉnh</OrganName></From>
        <CodeNumber>12</CodeNumber><CodeNotation>KH-UBND</CodeNotation><PromulgationDate>2016/02/01</PromulgationDate>
        <Subject>Kế hoạch cũ</Subject><Manifest><Attachment><FileName>kh.txt</FileName><Content>{content}</Content>
        </Attachment></Manifest></edXML>""",
        "cu.xml",
    )
    take_package(path, None, CONTEXT)
    assert (document().number, document().title) == ("12/KH-UBND", "Kế hoạch cũ")
    with reading() as session:
        assert session.query(Page).one().text == TEXT.strip()


def test_metadata_of_decree_30_is_read(home: Path, tmp_path: Path) -> None:
    text = """<VanBanDi><FileCode>H48.01.2024.01</FileCode><OrganId>H48.01</OrganId><CodeNumber>7</CodeNumber>
    <CodeNotation>TB-SNV</CodeNotation><IssuedDate>02/01/2024</IssuedDate><OrganName>Sở Nội vụ</OrganName>
    <Subject>Thông báo nghỉ Tết</Subject><SignerInfo><Position>Giám đốc</Position><FullName>Lê A</FullName></SignerInfo>
    <Priority>0</Priority></VanBanDi>"""
    take_package(write(tmp_path, text, "nd30.xml"), None, CONTEXT)
    found = document()
    assert (found.number, found.delivered["Signer"]) == ("7/TB-SNV", "Giám đốc Lê A")
    assert found.delivered["FileCode"] == "H48.01.2024.01"


def test_what_is_wrong_is_told_and_the_rest_is_taken(home: Path, tmp_path: Path) -> None:
    extra = "<Reference><ContentId>cid:9</ContentId><AttachmentName>phu-luc.pdf</AttachmentName></Reference>"
    taken = take_package(write(tmp_path, envelope(attached("@@@"), extra=extra)), None, CONTEXT)
    assert {"attachment.broken", "attachment.missing"} <= {one.code for one in lines(taken.package)}
    assert document().number == "1077/QĐ-UBND"


@pytest.mark.parametrize("broken", ["@@@", base64.b64encode(b"PK\3\4 cut").decode(), ""])
def test_of_several_attachments_a_broken_one_costs_itself_alone(home: Path, tmp_path: Path, broken: str) -> None:
    names = ("phu-luc-1.txt", "phu-luc-2.txt", "phu-luc-3.txt")
    contents = (packed(names[0], b"Bang mot"), broken, packed(names[2], b"Bang ba"))
    one = (
        "<Attachment><ContentId>cid:{0}</ContentId><AttachmentName>{1}</AttachmentName>"
        "<ContentType>application/zip</ContentType><ContentTransferEncoded>{2}</ContentTransferEncoded></Attachment>"
    )
    extra = "".join(
        f"<Reference><ContentId>cid:{n}</ContentId><AttachmentName>{name}</AttachmentName></Reference>"
        for n, name in enumerate(names, 2)
    )
    body = "".join(one.format(n, names[n - 2], content) for n, content in enumerate(contents, 2))
    whole = attached(packed("van-ban.txt", TEXT.encode())).replace(
        "</AttachmentEncoded>", f"{body}</AttachmentEncoded>"
    )
    taken = take_package(write(tmp_path, envelope(whole, extra=extra)), None, CONTEXT)
    told = [line for line in lines(taken.package) if line.code.startswith("attachment.")]
    assert [
        ("phu-luc-2" in line.message, line.code in {"attachment.broken", "attachment.missing"}) for line in told
    ] == [(True, True)]
    with reading() as session:
        text = "\n".join(session.scalars(select(Page.text)))
    assert [part in text for part in ("xây dựng kho lưu trữ", "Bang mot", "Bang ba")] == [True] * 3


@pytest.mark.parametrize(
    "told", ["<Priority>7</Priority>", "<Priority>Tối mật</Priority>", "<Priority>1</Priority><Secret>2</Secret>"]
)
def test_a_secret_message_is_kept_apart(home: Path, tmp_path: Path, told: str) -> None:
    text = envelope("").replace("<Priority>0</Priority>", told)
    assert told in text
    taken = take_package(write(tmp_path, text), None, CONTEXT)
    assert taken.tables["van-ban"] == {"quarantined": 1}


@pytest.mark.parametrize(
    ("told", "said"), [("3", True), ("Hỏa tốc", False), ("0</Priority><Secret>0</Secret><Priority>", False)]
)
def test_an_urgent_message_is_taken_and_its_code_told(home: Path, tmp_path: Path, told: str, said: bool) -> None:
    taken = take_package(write(tmp_path, envelope("", priority=told)), None, CONTEXT)
    assert "quarantined" not in taken.tables["van-ban"]
    assert ("message.urgency" in {one.code for one in lines(taken.package)}) is said
    assert ("Độ khẩn: 3" in document().delivered["Description"]) is said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<edXML><a>", "không phải XML"),
        ("<a><b>c</b></a>", "không phải thông điệp"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><edXML><Subject>&x;</Subject></edXML>', "DOCTYPE"),
        ("<edXML><Subject>Không cơ quan</Subject></edXML>", "Thông điệp .* hãy nêu kèm khi giao"),
    ],
)
def test_what_is_no_message_is_refused(home: Path, tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DeliveryError, match=said):
        take_package(write(tmp_path, text), None, CONTEXT)
    assert counts()["record"] == 0


def test_office_files_stay_whole_and_what_unfolds_too_far_is_told(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = base64.b64encode(open_document("<text:p>Bảng kê</text:p>")).decode()
    attachment = attached(table).replace("van-ban.zip", "bang-ke.ods")
    take_package(write(tmp_path, envelope(attachment)), None, CONTEXT)
    with reading() as session:
        assert [one.name for one in session.query(RecordFile)] == ["bang-ke.ods"]
    monkeypatch.setattr(messages, "LARGEST_UNPACKED", 3_000)
    several = attached(packed("a.txt", b"a" * 2_000)) + attached(packed("b.txt", b"b" * 2_000))
    taken = take_package(write(tmp_path, envelope(several, subject="V/v khác")), None, CONTEXT)
    told = [one.message for one in lines(taken.package) if one.code == "attachment.broken"]
    assert ["bung ra quá lớn" in one for one in told] == [True]
    monkeypatch.setattr(markup, "MOST_MARKS", 100)
    with pytest.raises(DeliveryError, match="quá nhiều phần tử"):
        take_package(write(tmp_path, envelope("<a/>" * 101)), None, CONTEXT)
