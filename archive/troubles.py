"""What went wrong, as one Vietnamese sentence for whoever runs a command: what, where, what to do."""

import errno
import re

from pydantic import ValidationError
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from archive.extras import UnusableSettingError

_WORDS = {
    errno.ENOSPC: "đĩa đã đầy; hãy dọn chỗ trống rồi chạy lại, phần đã nhận xong vẫn giữ nguyên",
    errno.EDQUOT: "đã hết hạn mức đĩa; hãy xin thêm chỗ rồi chạy lại, phần đã nhận xong vẫn giữ nguyên",
    errno.EFBIG: "tệp vượt giới hạn kích thước của hệ thống; hãy nới giới hạn rồi chạy lại",
    errno.EACCES: "không có quyền đọc hoặc ghi",
    errno.EPERM: "không có quyền đọc hoặc ghi",
    errno.EROFS: "ổ đĩa chỉ cho đọc, không ghi được",
    errno.ENOENT: "không có tệp hay thư mục này, hoặc vừa bị xóa trong khi đang đọc",
    errno.ENOTDIR: "một phần của đường dẫn không phải thư mục",
    errno.EISDIR: "là thư mục, không phải tệp",
    errno.EEXIST: "đã có một tệp mang tên này; cần một thư mục",
    errno.ENAMETOOLONG: "tên quá dài",
    errno.EIO: "đĩa báo lỗi khi đọc hoặc ghi; hãy kiểm tra ổ đĩa",
    errno.EMFILE: "mở quá nhiều tệp cùng lúc; hãy nới giới hạn của hệ thống",
    errno.EADDRINUSE: "cổng này đang có chương trình khác dùng",
}
_DATABASE = {
    "database or disk is full": _WORDS[errno.ENOSPC],
    "disk I/O error": "đĩa đầy hoặc báo lỗi khi ghi; hãy kiểm tra ổ đĩa rồi chạy lại",
    "readonly database": "tệp cơ sở dữ liệu chỉ cho đọc; hãy cấp quyền ghi cho thư mục VANKHO_HOME",
    "unable to open database file": "không mở được tệp; hãy kiểm tra thư mục VANKHO_HOME và quyền ghi",
    "database is locked": "một tiến trình khác giữ cơ sở dữ liệu quá lâu; hãy chạy lại",
    "not a database": "tệp không phải cơ sở dữ liệu hoặc đã hỏng; hãy phục hồi từ bản sao lưu",
    "malformed": "tệp đã hỏng; hãy phục hồi từ bản sao lưu",
    # PostgreSQL refuses a connection in words only
    "password authentication failed": "sai tên hoặc mật khẩu trong VANKHO_DATABASE_URL",
    "no password supplied": "cần mật khẩu trong VANKHO_DATABASE_URL",
    "no pg_hba.conf entry": "PostgreSQL không cho máy này vào bằng vai trò ấy; hãy sửa pg_hba.conf",
    "SSL": "không lập được kết nối TLS với PostgreSQL; hãy kiểm tra sslmode và chứng thư",
    "certificate": "không lập được kết nối TLS với PostgreSQL; hãy kiểm tra sslmode và chứng thư",
    "Connection refused": "PostgreSQL không chạy hoặc sai địa chỉ; hãy kiểm tra rồi chạy lại",
    "Name or service not known": "không tìm thấy máy chủ PostgreSQL; hãy kiểm tra VANKHO_DATABASE_URL",
    "failed to resolve host": "không tìm thấy máy chủ PostgreSQL; hãy kiểm tra VANKHO_DATABASE_URL",
    "timeout expired": "PostgreSQL không trả lời trong 10 giây; hãy kiểm tra máy chủ và mạng",
    "starting up": "PostgreSQL đang khởi động; hãy chạy lại sau ít phút",
    "shutting down": "PostgreSQL đang tắt; hãy chạy lại khi nó đã mở",
    "too many clients": "PostgreSQL hết chỗ kết nối; hãy tăng max_connections hoặc bớt tiến trình",
    "too many connections": "PostgreSQL hết chỗ kết nối; hãy tăng max_connections hoặc bớt tiến trình",
    "connection slots": "PostgreSQL hết chỗ kết nối; hãy tăng max_connections hoặc bớt tiến trình",
    "server closed the connection": "mất kết nối với PostgreSQL; phần đã ghi xong vẫn giữ nguyên, hãy chạy lại",
}
_UNKNOWN = (
    (re.compile(r'database ".*" does not exist'), "chưa có cơ sở dữ liệu ấy; hãy tạo bằng CREATE DATABASE (sổ tay)"),
    (re.compile(r'role ".*" does not exist'), "chưa có vai trò ấy; hãy tạo bằng CREATE ROLE (sổ tay)"),
)
#: SQLSTATE of PostgreSQL, where it comes with the error.
_STATES = {
    "53100": _WORDS[errno.ENOSPC],
    "53200": "PostgreSQL hết bộ nhớ; hãy chạy lại khi máy bớt tải",
    "57014": "câu lệnh chạy quá 5 phút nên bị dừng; hãy chạy lại khi máy bớt tải",
    "55P03": "một tiến trình khác giữ khóa quá lâu; hãy chạy lại",
    "57P01": "PostgreSQL đã ngắt kết nối; phần đã ghi xong vẫn giữ nguyên, hãy chạy lại",
    "57P02": "PostgreSQL đã ngắt kết nối; phần đã ghi xong vẫn giữ nguyên, hãy chạy lại",
    "25P03": "giao dịch bị bỏ lửng quá lâu nên bị ngắt; phần đã ghi xong vẫn giữ nguyên, hãy chạy lại",
    "25006": "máy chủ PostgreSQL này chỉ cho đọc (bản sao?); hãy trỏ VANKHO_DATABASE_URL vào máy chính",
    "42501": "vai trò trong VANKHO_DATABASE_URL không đủ quyền; hãy cho nó làm chủ cơ sở dữ liệu",
}
_TYPES = {
    "int_parsing": "phải là số nguyên",
    "greater_than_equal": "nhỏ hơn mức cho phép",
    "less_than_equal": "lớn hơn mức cho phép",
    "literal_error": "không phải một trong các giá trị cho phép",
    "datetime_from_date_parsing": "không phải ngày giờ (ví dụ 2026-07-01T08:00:00+07:00)",
    "datetime_parsing": "không phải ngày giờ (ví dụ 2026-07-01T08:00:00+07:00)",
}


def explain(error: Exception) -> str:
    """Why work broke off, for whoever waits for it: no words of what was being read."""
    if isinstance(error, OSError) and error.errno:
        return explain_system(OSError(error.errno, error.strerror))
    if isinstance(error, SQLAlchemyError):
        return explain_database(error).partition(" (")[0]
    if isinstance(error, UnusableSettingError):
        return str(error)
    return f"lỗi không lường trước ({type(error).__name__}); xem nhật ký của tiến trình"


def explain_system(error: OSError) -> str:
    """What the system refused, with the file's name where there is one."""
    words = _WORDS.get(error.errno or 0)
    if words is None:
        return str(error)
    return f"“{error.filename}”: {words}" if error.filename else words[:1].upper() + words[1:]


def explain_database(error: SQLAlchemyError) -> str:
    """Why the catalogue cannot be used; the database's own words follow in brackets."""
    told = str(getattr(error, "orig", None) or error) if isinstance(error, DBAPIError) else str(error)
    words = _STATES.get(getattr(getattr(error, "orig", None), "sqlstate", None) or "", "")
    words = words or next((vietnamese for pattern, vietnamese in _UNKNOWN if pattern.search(told)), "")
    words = words or next((vietnamese for english, vietnamese in _DATABASE.items() if english in told), "")
    if isinstance(error, ArgumentError):
        words = "địa chỉ trong VANKHO_DATABASE_URL không đọc được"
    return f"cơ sở dữ liệu không dùng được: {words} ({told})" if words else f"cơ sở dữ liệu không dùng được: {told}"


def explain_settings(error: ValidationError) -> str:
    """Which settings are refused, by the name they have in the environment, and why."""
    told = []
    for one in error.errors(include_url=False):
        name = "".join(f"VANKHO_{str(part).upper()}: " for part in one["loc"][:1])
        own = str(one["msg"]).removeprefix("Value error, ")
        words = _TYPES.get(one["type"])
        told.append(f"{name}{words} ({own})" if words else f"{name}{own}")
    return "; ".join(told)
