"""What letters about requests say, in Vietnamese and English: a state, a code, where to look; never what was asked."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.catalogue.people import Account
from archive.catalogue.requests import ReadingRequest, RequestEvent
from archive.catalogue.sign_in import Letter
from archive.clock import today_number
from desk.delegation import is_decider
from desk.fees.owing import unplaced
from desk.queueing import counts
from desk.reading_room import overdue_originals

#: By state: the subject and the sentence, in both languages.
WORDS: dict[str, tuple[str, str, str]] = {
    "received": (
        "đã được tiếp nhận",
        "đã được tiếp nhận. Hạn trả lời và giấy tiếp nhận, hẹn trả kết quả (PDF) ở trang yêu cầu.",
        "has been received. When it is due, and the receipt (PDF), are on its page.",
    ),
    "supplement": ("cần bổ sung", "cần bạn bổ sung; thời hạn tạm dừng đến khi bạn trả lời.", "waits for your answer."),
    "approval": ("đang chờ phê duyệt", "đã được trình phê duyệt.", "waits for approval."),
    "payment": (
        "chờ nộp phí",
        "đã được chấp thuận và chờ bạn nộp phí.",
        "has been granted; payment is due.",
    ),
    "making": (
        "được chấp thuận",
        "đã được chấp thuận; Trung tâm đang làm kết quả và sẽ báo khi xong.",
        "has been granted; its result is being made.",
    ),
    "resolved": ("đã giải quyết", "đã được giải quyết; kết quả ở trang yêu cầu.", "has been answered."),
    "revoked": (
        "bị thu hồi quyền đọc",
        "đã bị thu hồi quyền đọc và bản sao chưa lấy; lý do và cách khiếu nại ở trang yêu cầu.",
        "is no longer granted: reading and copies not fetched yet were taken back. The reason is on its page.",
    ),
    "returned": ("đã trả kết quả", "đã được trả kết quả.", "has been handed out."),
    "refused": (
        "bị từ chối",
        "bị từ chối; lý do và cách khiếu nại ở trang yêu cầu.",
        "has been refused.",
    ),
    "withdrawn": ("đã kết thúc", "đã được rút hoặc hết thời gian chờ.", "has been withdrawn or waited too long."),
}


def about_request(session: Session, letter: Letter, account: Account) -> tuple[str, str, str] | None:
    """Subject, text and path of a letter about a request; None if it is not the account's, or not asked any more."""
    code, state = str(letter.detail.get("request", "")), str(letter.detail.get("state", ""))
    found = session.scalar(select(ReadingRequest).where(ReadingRequest.code == code))
    if found is None or found.account_id != account.id or state not in WORDS:
        return None
    if state == "supplement" and found.state != state:  # answered or taken back before the letter went
        return None
    subject, sentence, english = WORDS[state]
    text = f"Yêu cầu {code[:8]} của bạn {sentence}\n"
    if state == "supplement":
        asked = select(RequestEvent.reason).where(
            RequestEvent.request_id == found.id, RequestEvent.after == "supplement"
        )
        text += f"Điều được hỏi: {session.scalar(asked.order_by(RequestEvent.id.desc()).limit(1)) or ''}\n"
    return f"Yêu cầu {code[:8]} {subject}", f"{text}\nYour request {code[:8]} {english}", f"/yeu-cau/{code}"


def about_day(session: Session, _letter: Letter, account: Account) -> tuple[str, str, str] | None:
    """Subject, text and path of an officer's letter of the day; None if nothing waits for him."""
    told = counts(session, account.name, today_number())
    lines = {
        "overdue": ("quá hạn", "overdue"), "today": ("đến hạn hôm nay", "due today"),
        "new": ("chưa ai nhận", "not taken up"), "mine": ("đang do bạn giải quyết", "yours"),
        "stuck": ("có bản sao chưa làm được", "with a copy that failed"),
    }  # fmt: skip
    if is_decider(session, account.name, account.role):
        lines["approval"] = ("chờ phê duyệt", "waiting for approval")
    if account.role == "head":
        lines["refund"] = ("có tiền phải hoàn", "with money to give back")
    rows = [f"{told[group]:>5}  {vi} / {en}" for group, (vi, en) in lines.items() if told[group]]
    if money := unplaced(session):
        rows.append(f"{money:>5}  khoản tiền chưa khớp / pieces of money that match nothing")
    if originals := overdue_originals(session, today_number()):
        rows.append(f"{originals:>5}  bản gốc giao ở phòng đọc quá hạn trả / originals of the reading room overdue")
    if not rows:
        return None
    return "Yêu cầu của độc giả hôm nay", "\n".join(rows), "/quan-tri/yeu-cau"


def about_news(session: Session, letter: Letter, account: Account) -> tuple[str, str, str] | None:
    """Subject, text and path of a reader's letter of the day: each request in which a step was taken since the last
    one, with the state it is in now; None if none is left to tell of."""
    first, last = (int(letter.detail.get(name, 0)) for name in ("after", "last"))
    touched = select(RequestEvent.request_id).where(RequestEvent.id > first, RequestEvent.id <= last)
    mine = select(ReadingRequest).where(ReadingRequest.account_id == account.id, ReadingRequest.id.in_(touched))
    rows = [
        f"- {one.code[:8]}: {WORDS[one.state][0]}\n  {WORDS[one.state][2]}"
        for one in session.scalars(mine.order_by(ReadingRequest.id))
        if one.state in WORDS
    ]
    if not rows:
        return None
    return "Yêu cầu của bạn: có gì mới", "\n".join(["Từ thư trước / Since the last letter:", *rows]), "/yeu-cau"


#: What letters of each kind say.
ABOUT = {"request": about_request, "day": about_day, "news": about_news}
