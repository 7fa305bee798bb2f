"""The signatures of a row's PDF files: kept beside the record, told in the report where something is wrong."""

import dataclasses

from archive.packages.delivery import Delivery
from archive.packages.findings import Notes, Outcome
from archive.settings import settings
from indexer.intake.preparation import Prepared
from indexer.signatures.judge import judge_of

_WRONG = {
    "changed": "tệp bị sửa hoặc thêm nội dung sau khi ký",
    "expired": "chứng thư số không còn hiệu lực vào lúc ký",
    "revoked": "chứng thư số đã bị thu hồi",
    "unreadable": "không đọc được chữ ký số",
}


def judge_signatures(prepared: Prepared, delivery: Delivery) -> None:
    """Fills the candidate's signatures from its PDF files; the files stay as they are."""
    notes = Notes(prepared.sheet, prepared.row.row, prepared.row.code)
    for file in prepared.candidate.files:
        if file.kind != "pdf":
            continue
        data = prepared.bytes.get(file.name) or delivery.read(prepared.files[file.name])
        for one in judge_of(settings().signature_roots).judge(data):
            told = {**dataclasses.asdict(one), "file": file.name, "sha256": file.sha256}
            prepared.candidate.signatures.append(told)
            if wrong := _WRONG.get(one.verdict):
                who = f" của “{one.signer}”" if one.signer else ""
                message = f"chữ ký số{who} trong tệp «{file.name}»: {wrong}"
                notes.add(None, f"signature.{one.verdict}", message, "nhận hàng, giữ nguyên tệp", Outcome.WARNED)
    prepared.findings += notes.findings
