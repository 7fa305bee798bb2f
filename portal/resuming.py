"""A form that comes after its session ended, in another tab or by time, is not lost: what was typed goes along in the
page that asks to sign in, and is offered again to be sent.  Nothing of it is kept by the house.

Only forms that are written at length, only what this site's own page sent (browsers say so: Fetch Metadata), and
nothing is sent on before somebody has read it again and pressed the button.
"""

import json

from flask import current_app, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

FIELD = "con-lai"
#: Forms that go on; of these, the ones that everybody may send.
FORMS = {
    "requesting.send", "following.act", "answering.act", "answering.act_on_many", "assisting.take", "enquiring.send",
}  # fmt: skip
ANYBODY = {"enquiring.send"}
MOST_BODY, MOST_KEPT = 32 << 20, 100_000  # bytes that are read of a form, characters that go along


class _Nowhere:
    """Takes the bytes of a file and forgets them."""

    def write(self, data: bytes) -> int:
        """Says that all was written."""
        return len(data)

    def seek(self, _at: int) -> int:
        """There is one place only."""
        return 0


class _Parser(FormDataParser):
    """A reader of forms that keeps no file."""

    def __init__(self, stream_factory: object = None, **told: object) -> None:
        super().__init__(lambda *_given, **_named: _Nowhere(), **told)  # type: ignore[arg-type]


def what_was_typed() -> str:
    """The refused form of this request as a field of the next page (address and fields as JSON), or "" where nothing
    goes along."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return ""
    if request.endpoint == "signing.sign_in":
        given = request.form.get(FIELD, "")
        return given if _read(given) else ""
    if request.endpoint not in FORMS:
        return ""
    if (request.content_length or 0) > MOST_BODY:
        return ""
    if "form" not in request.__dict__:  # not read yet: who may send files is asked before
        request.max_content_length, request.max_form_parts = MOST_BODY, 200
        request.form_data_parser_class = _Parser
    try:
        fields = [(name, text) for name, text in request.form.items(multi=True) if name != "csrf_token"]
    except RequestEntityTooLarge:
        return ""
    if any(one.filename for one in request.files.values()):
        # the form itself comes again, to choose the files anew
        fields = [(name, text) for name, text in fields if name != "viec"] + [("viec", "giay-to")]
    if request.endpoint == "answering.act_on_many" and not any(
        text.strip() for name, text in fields if name == "ly-do"
    ):
        return ""  # nothing was written: the boxes are ticked again where they stand
    told = json.dumps([request.path, fields], ensure_ascii=False)
    return told if fields and len(told) <= MOST_KEPT else ""


def wants_nobody() -> bool:
    """Whether the refused form is one that needs no account."""
    return request.endpoint in ANYBODY


def is_ours(kept: str) -> bool:
    """Whether it is a form that goes on."""
    return _read(kept) is not None


def resume_page(kept: str) -> str:
    """What was typed, to be read again and sent; "" where ``kept`` is none of ours."""
    found = _read(kept)
    if found is None:
        return ""
    address, fields = found
    names = {
        "muc-dich": _("Mục đích sử dụng"), "noi-dung": _("Nội dung"), "ly-do": _("Lý do hoặc trả lời"),
        "can-cu": _("Căn cứ"), "ho-ten": _("Họ tên"),
    }  # fmt: skip
    several = ", ".join(text[:8] for name, text in fields if name == "ma")
    shown = [(_("Yêu cầu"), several)] if several else []
    shown += [(names.get(name, _("Căn cứ hoặc lý do")), text) for name, text in fields
             if text.strip() and (name in names or name.startswith("can-cu-"))]  # fmt: skip
    papers = ("viec", "giay-to") in fields
    return render_template("resume.html", address=address, fields=fields, shown=shown, papers=papers)


def _read(kept: str) -> tuple[str, list[tuple[str, str]]] | None:
    """Address and fields, if the address is that of a form that goes on."""
    try:
        address, fields = json.loads(kept)
        told = [(str(name), str(text)) for name, text in fields]
        endpoint, _arguments = current_app.url_map.bind("").match(str(address), method="POST")
    except (ValueError, TypeError, HTTPException):
        return None
    return (str(address), told) if endpoint in FORMS else None
