"""Which pages are pictured: every page of docs/pages-in-a-browser.md at least once (a test compares)."""

from dataclasses import dataclass

FOUND = "/tim-kiem?q=giao+đất+Tịnh+Khê"
NOTHING = "/tim-kiem?q=giao+đất+Tịnh+Khê&from=1850&to=1860"
FILE = "/tim-kiem?q=giao+đất+Tịnh+Khê&level=file > article h3 a"
CLOSED = "/tim-kiem?access=conditional&level=document"
SEEN = f"/da-xem > [data-history] .btn > {{document}} > {FOUND} > article h3 a > /da-xem"
LISTS, LISTS_LINK = "/quan-tri/danh-muc", "main a[href*='/danh-muc/']"
READER, OFFICER, HEAD, ADMINISTRATOR, CLERK, AUDITOR = (
    "hoa.docgia", "lan.luutru", "quang.giamdoc", "son.quantri", "minh.coquan", "tra.nhatky",
)  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """A page with data.  ``place``: its address, then what is clicked or gone to after " > "; ``{name}`` is what
    bench.lived_in made.  ``who`` is signed in; "" is nobody.  ``status`` is what it is answered with."""

    endpoint: str
    name: str
    title: str
    place: str
    who: str = ""
    status: int = 200


PICTURES = tuple(Picture(*one) for one in (
    ("home.show", "trang-chu", "Trang chủ", "/"),
    ("searching.show", "ket-qua", "Kết quả tìm", FOUND),
    ("searching.show", "khong-thay", "Không có kết quả: thử cách khác", NOTHING),
    ("searching.show", "cau-hoi-sai", "Câu hỏi không hiểu được", "/tim-kiem?q=năm:abc+giao+đất", "", 400),
    ("choosing.show", "chon-co-quan", "Chọn giá trị của một bộ lọc", "/tim-kiem/chon/issuer?q=giao+đất"),
    ("reasoning.show", "vi-sao", "Vì sao có kết quả này", f"{FOUND} > article a[href*='vi-sao']"),
    ("exporting.ask", "xuat", "Xuất kết quả", "/tim-kiem/xuat?q=giao+đất"),
    ("exporting.job", "dang-xuat", "Một lần xuất", "{job}", READER),
    ("browsing.fonds_list", "phong", "Các phông", "/phong"),
    ("browsing.record", "mot-phong", "Một phông", "/phong > main a[href*='/phong/']"),
    ("browsing.record", "ho-so", "Một hồ sơ", FILE),
    ("browsing.record", "chon-nhieu", "Chọn nhiều tài liệu của hồ sơ", f"{FILE} > main a[href*='chon=1']"),
    ("browsing.record", "khong-co", "Không có trang này", "/van-ban/khong-co-o-day", "", 404),
    ("browsing.record", "van-ban", "Văn bản: ảnh, chỗ trúng, chữ", "{document}?q=giao+đất"),
    ("browsing.record", "co-dieu-kien", "Văn bản tiếp cận có điều kiện", f"{CLOSED} > article h3 a"),
    ("browsing.record", "phim", "Phim có lời", "/tim-kiem?q=một+ngày+bên+sông+Trà+Khúc > article h3 a"),
    ("reading.page", "trang", "Một trang, độ tin của máy đọc", "{document}/trang/1?q=giao+đất&do-tin=1"),
    ("reading.sheets", "moi-trang", "Mọi trang của văn bản", "{document}/trang?q=giao+đất"),
    ("correcting.show", "sua-chu", "Đề nghị sửa một dòng", "{correction}", READER),
    ("typeset.show", "ban-doc", "Tệp văn phòng dàn thành trang", "{office}", OFFICER),
    ("galleries.show", "anh", "Ảnh, âm thanh, phim của phông", "{gallery}"),
    ("naming.names", "co-quan", "Cơ quan", "/co-quan"),
    ("naming.name", "mot-noi", "Một nơi: tên qua các thời kỳ", "{place}"),
    ("naming.name", "mot-nguoi", "Một người: đã ký những gì", "{person}"),
    ("naming.timeline", "theo-nam", "Theo năm", "/theo-nam"),
    ("theming.listed", "chuyen-de", "Chuyên đề", "/chuyen-de"),
    ("theming.theme", "mot-chuyen-de", "Một chuyên đề", "{theme}"),
    ("theming.opened", "mo-trong-thang", "Mở trong tháng", "{opened}"),
    ("carrying.sheet", "phieu", "Phiếu in của tài liệu", "{sheet}"),
    ("requesting.show_list", "can-doc", "Cần đọc và gửi yêu cầu", "{list}", READER),
    ("following.show_all", "yeu-cau", "Các yêu cầu của độc giả", "/yeu-cau", READER),
    ("following.follow", "mot-yeu-cau", "Một yêu cầu, bản sao để tải", "{request}", READER),
    ("following.follow", "cho-nop-phi", "Một yêu cầu chờ nộp phí", "{owing}", READER),
    ("paying.receipt", "bien-lai", "Biên lai của độc giả", "{request}/bien-lai", READER),
    ("following.ask_code", "theo-doi", "Theo dõi yêu cầu bằng mã", "/theo-doi"),
    ("verifying.show", "xac-thuc", "Kiểm tra bản sao", "{copy}"),
    ("reading_room.show", "phong-doc", "Phòng đọc", "/phong-doc", READER),
    ("reading_room.card", "the-doc-gia", "Thẻ độc giả", "/phong-doc/the", READER),
    ("keeping.news", "moi-tim", "Kết quả mới của lần tìm đã lưu", "{news}", READER),
    ("keeping.show", "da-luu", "Tài liệu và lần tìm đã lưu", "/tai-khoan/da-luu", READER),
    ("history.show", "da-xem", "Đã xem trên máy này", SEEN),
    ("ending_letters.ask", "thoi-thu", "Thôi nhận thư", "{ending}"),
    ("account.show", "tai-khoan", "Tài khoản", "/tai-khoan", READER),
    ("second_factor.show", "ma-mot-lan", "Mã một lần", "/tai-khoan/ma-mot-lan", READER),
    ("leaving.ask", "xoa-tai-khoan", "Xóa tài khoản", "/tai-khoan/xoa", READER),
    ("signing.sign_in", "dang-nhap", "Đăng nhập", "/dang-nhap"),
    ("registering.ask", "dang-ky", "Mở tài khoản", "/dang-ky"),
    ("registering.confirm", "xac-nhan-dang-ky", "Hoàn tất mở tài khoản", "{registration}"),
    ("registering.confirm_email", "doi-thu", "Xác nhận địa chỉ thư mới", "{email}"),
    ("registering.forgotten", "quen-mat-khau", "Quên mật khẩu", "/quen-mat-khau"),
    ("registering.choose", "dat-mat-khau", "Đặt mật khẩu", "{password}"),
    ("enquiring.ask", "hoi", "Báo lỗi, hỏi lưu trữ viên", "{asking}"),
    ("enquiring.follow", "tra-loi", "Câu hỏi và trả lời", "{enquiry}"),
    ("takedown.ask", "go-bo", "Yêu cầu gỡ bỏ dữ liệu cá nhân", "/yeu-cau-go-bo"),
    ("takedown.follow", "theo-doi-go-bo", "Theo dõi yêu cầu gỡ bỏ", "{takedown}"),
    ("help.show", "tro-giup", "Trợ giúp", "/tro-giup"),
    ("help.keys", "phim-tat", "Phím của trang xem", "/tro-giup/phim"),
    ("help.statements", "tuyen-bo", "Sử dụng, riêng tư, tiếp cận", "/tro-giup/tuyen-bo"),
    ("answering.queue", "hang-doi", "Hàng đợi yêu cầu", "/quan-tri/yeu-cau", OFFICER),
    ("answering.consider", "quyet-dinh", "Quyết định một yêu cầu", "{waiting}", HEAD),
    ("masking.show", "che", "Che vùng của bản sao", "{mask}", OFFICER),
    ("assisting.begin", "ghi-yeu-cau", "Ghi yêu cầu hộ độc giả", "/quan-tri/ghi-yeu-cau", OFFICER),
    ("delegating.show", "uy-quyen", "Ủy quyền quyết định", "/quan-tri/uy-quyen", HEAD),
    ("charging.queue", "phi", "Phí", "/quan-tri/phi", OFFICER),
    ("charging.show", "mot-khoan-phi", "Một khoản phí", "{bill}", HEAD),
    ("charging.receipt", "bien-lai-quay", "Biên lai ở quầy", "{paid}/bien-lai", OFFICER),
    ("reconciling.show", "doi-chieu", "Đối chiếu sao kê", "/quan-tri/doi-chieu", OFFICER),
    ("reconciling.money", "tien-chua-khop", "Tiền chưa khớp", "/quan-tri/doi-chieu/tien", HEAD),
    ("reading_room.desk", "quan-ly-phong-doc", "Bàn phòng đọc", "{day}", OFFICER),
    ("reading_room.slip", "phieu-giao", "Phiếu giao bản gốc", "{slip}", OFFICER),
    ("targets.show", "muc-tieu", "Hai mục tiêu của tỉnh", "/quan-tri/muc-tieu", HEAD),
    ("measuring.show", "so-lieu", "Số liệu phục vụ", "/quan-tri/so-lieu", HEAD),
    ("correcting.queue", "duyet-sua-chu", "Duyệt sửa chữ", "/quan-tri/sua-chu", OFFICER),
    ("proposals.queue", "de-xuat", "Đề xuất từ trang đầu", "/quan-tri/de-xuat", OFFICER),
    ("personal.queue", "du-lieu-ca-nhan", "Ảnh chờ vì dữ liệu cá nhân", "/quan-tri/du-lieu-ca-nhan", OFFICER),
    ("takedown.queue", "duyet-go-bo", "Yêu cầu gỡ bỏ chờ xử lý", "/quan-tri/go-bo", OFFICER),
    ("takedown.consider", "xet-go-bo", "Xét một yêu cầu gỡ bỏ", "{taken}", OFFICER),
    ("enquiring.queue", "hoi-dap", "Câu hỏi của độc giả", "/quan-tri/hoi-dap", OFFICER),
    ("curating.workshop", "xuong-chuyen-de", "Xưởng chuyên đề", "/quan-tri/chuyen-de", OFFICER),
    ("curating.edit", "sua-chuyen-de", "Dựng một chuyên đề", "{bench}", OFFICER),
    ("listing.lists", "danh-muc", "Danh mục có điều kiện", LISTS, OFFICER),
    ("listing.members", "mot-danh-muc", "Một danh mục có điều kiện", f"{LISTS} > {LISTS_LINK}", OFFICER),
    ("delivering.deliveries", "tiep-nhan", "Tiếp nhận", "/quan-tri/tiep-nhan", OFFICER),
    ("delivering.delivery", "mot-lan-giao", "Một lần giao và báo cáo", "{delivery}", OFFICER),
    ("quarantining.rows", "cach-ly", "Cách ly chờ quyết định", "/quan-tri/cach-ly", OFFICER),
    ("quarantining.row", "mot-muc-cach-ly", "Quyết định một mục cách ly",
     "/quan-tri/cach-ly > main a[href*='/cach-ly/']", OFFICER),
    ("mapping_columns.columns", "cot", "Các cột của sổ cũ", "{columns}", OFFICER),
    ("trail.show", "nhat-ky", "Nhật ký", "/quan-tri/nhat-ky", AUDITOR),
    ("retaining.show", "luu-giu", "Thời hạn giữ dữ liệu cá nhân", "/quan-tri/luu-giu", HEAD),
    ("administering.index", "cac-tai-khoan", "Các tài khoản", "/quan-tri/tai-khoan", ADMINISTRATOR),
    ("administering.begin", "tai-khoan-moi", "Tài khoản mới", "/quan-tri/tai-khoan/moi", ADMINISTRATOR),
    ("administering.show", "mot-tai-khoan", "Một tài khoản", "{account}", ADMINISTRATOR),
    ("mailing.show", "thu", "Thư đã gửi và thư gặp trở ngại", "/quan-tri/thu", ADMINISTRATOR),
    ("indexing.show", "chi-muc", "Chỉ mục", "/quan-tri/chi-muc", ADMINISTRATOR),
))  # fmt: skip
