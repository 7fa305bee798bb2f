"""The line of a report that says how many pages of a package are still to be read from their images."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.catalogue.reading import RecognitionTask
from archive.packages.findings import Finding, Outcome
from indexer.recognition.tesseract import missing


def tell_waiting(session: Session, package_id: int) -> list[Finding]:
    """One line if pages of the package wait for recognition, none if not; what is missing on this machine is named."""
    asked = select(func.count()).where(RecognitionTask.package_id == package_id, ~RecognitionTask.failed)
    waiting = session.scalar(asked) or 0
    if not waiting:
        return []
    text = f"Có {waiting} trang chưa có chữ, đang chờ nhận dạng (OCR)"
    if lack := missing():
        text += f"; {lack}, các trang ấy nằm trong hàng chờ đến khi có"
    done = "nhận hàng; chữ có khi máy đọc xong"
    return [Finding("package", None, None, "ocr.waiting", f"{text}.", done, Outcome.ACCEPTED)]
