"""The one page of help: how to ask, what the badges mean."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive.clock import today_number
from portal.retaining import by_law_and_by_house, length
from portal.rights import COPYRIGHT, rule

blueprint = Blueprint("help", __name__)


@blueprint.get("/tro-giup")
def show() -> ResponseReturnValue:
    """The help page."""
    ways = (
        ("quyết định giao đất", _("những chữ ấy, đủ cả thì đứng trước")),
        ("quyet dinh giao dat", _("như trên, gõ không dấu: chữ ấy với mọi dấu")),
        ("bão lụt", _("gõ có dấu là tìm đúng dấu ấy, “bão” không ra “báo”; không có gì mới tìm dấu khác")),
        ("1077/QĐ-UBND", _("số văn bản, viết cách nào cũng được")),
        ('"giao đất"', _("đúng cụm chữ ấy, liền nhau")),
        ("đất -rừng", _("có chữ trước, không có chữ sau dấu trừ")),
        ("đê HOẶC kè", _("một trong hai")),
        ("nam:1996-1999", _("trong những năm ấy; nam:1996- là từ năm ấy, nam:-1975 là đến năm ấy")),
        ('co-quan:ubnd noi:"tịnh khê"', _("chữ nằm trong tên cơ quan, tên nơi; chữ đầu của các từ cũng được")),
        ('tieu-de:"khiếu nại"', _("chữ nằm ở tiêu đề; còn có: so, loai, co-quan, noi, nguoi, phong")),
    )
    return render_template("help.html", ways=ways)


@blueprint.get("/tro-giup/phim")
def keys() -> ResponseReturnValue:
    """The keys of the page viewer."""
    rows = (
        ("n", _("chỗ khớp sau")),
        ("p", _("chỗ khớp trước")),
        ("→", _("trang sau")),
        ("←", _("trang trước")),
        ("j k", _("kết quả sau, kết quả trước, khi đến từ danh sách kết quả; l về danh sách")),
        ("r", _("xoay ảnh một góc vuông")),
        ("z", _("phóng to ảnh (không có JavaScript: ảnh lớn), rồi lại vừa trang")),
        ("+ − 0", _("khi đã phóng to: gần hơn, xa hơn, vừa khung; mũi tên để dời, Esc đóng")),
        ("v", _("dẫn đến một vùng của trang")),
        ("c", _("chỉ những từ máy ngờ")),
        ("f", _("toàn màn hình, cần JavaScript")),
        ("a", _("mọi trang")),
        ("?", _("trang này")),
    )
    return render_template("keys.html", rows=rows)


@blueprint.get("/tro-giup/tuyen-bo")
def statements() -> ResponseReturnValue:
    """How records may be used, what is kept of readers, who can use the pages."""
    day = today_number()
    law, own = by_law_and_by_house(day)
    kinds = (
        ("open", _("Tài liệu mở")),
        ("until", _("Mở từ một ngày sau này")),
        ("conditional", _("Tài liệu có điều kiện")),
        ("whole", _("Phông, mục lục")),
        (COPYRIGHT, _("Quyền tác giả")),
    )
    uses = [(name, rule(kind, day)) for kind, name in kinds]
    return render_template("statements.html", law=law, own=own, length=length, uses=uses)
