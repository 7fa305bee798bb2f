"""What can be wrong with a query, said in Vietnamese and English."""

MOST_CHARACTERS = 2_000
MOST_WORDS = 256
DEEPEST = 8


class SearchDownError(RuntimeError):
    """The index cannot be asked now; whoever browses needs no index."""


class QueryError(ValueError):
    """A query that cannot be read as meant.

    `position` and `length` point into the canonical query text (`analyzers.normal.canon`); `fragment` is that piece;
    `suggestion` is a whole query that parses and is surely what was meant, or None.
    """

    def __init__(
        self, code: str, position: int, length: int, fragment: str = "", suggestion: str | None = None
    ) -> None:
        super().__init__(f"{code} at {position}")
        self.code, self.position, self.length = code, position, length
        self.fragment, self.suggestion = fragment, suggestion
        self.text = ""  # the whole canonical query, once the parser has let it go


_AROUND = 60  # characters shown on each side of the place


def surroundings(error: QueryError) -> tuple[str, str, str]:
    """What stands before the place of the error, at it and behind it; what is far away is left out (…)."""
    start, end = error.position, error.position + error.length
    before, at, behind = error.text[:start], error.text[start:end], error.text[end:]
    if len(before) > _AROUND:
        before = f"… {before[-_AROUND:]}"
    if len(at) > _AROUND:
        at, behind = at[:_AROUND], f" … {behind}"
    return before, at, f"{behind[:_AROUND]} …" if len(behind) > _AROUND else behind


MESSAGES: dict[str, tuple[str, str]] = {
    "unbalanced-quote": (
        "Dấu ngoặc kép ở ký tự {at} chưa được đóng.",
        "The quotation mark at character {at} is not closed.",
    ),
    "unbalanced-parenthesis": (
        "Dấu ngoặc đơn ở ký tự {at} thiếu dấu tương ứng.",
        "The parenthesis at character {at} has no partner.",
    ),
    "only-negation": (
        "Phần “{fragment}” chỉ có từ bị loại trừ; hãy thêm ít nhất một từ cần tìm.",
        "“{fragment}” only excludes words; add at least one word to look for.",
    ),
    "unknown-field": (
        "Không có trường “{fragment}”. Các trường: "
        "số, loại, cơ-quan, nơi, người, phông, mục-lục, cấp, năm, tiêu-đề, lĩnh-vực, tiếp-cận, dạng, ngôn-ngữ.",
        "There is no field “{fragment}”. Fields: number, type, issuer, place, person, "
        "fonds, inventory, level, year, title, field, access, medium, language.",
    ),
    "empty-field": (
        "Trường “{fragment}” chưa có giá trị; hãy viết liền sau dấu hai chấm.",
        "The field “{fragment}” has no value; write it right behind the colon.",
    ),
    "bad-year": (
        "“{fragment}” không phải là năm; hãy viết như năm:1998, năm:1996-1999, năm:1996- (từ năm ấy) "
        "hoặc năm:-1975 (đến năm ấy).",
        "“{fragment}” is not a year; write year:1998, year:1996-1999, year:1996- (from then on) "
        "or year:-1975 (until then).",
    ),
    "dangling-or": (
        "Từ nối HOẶC ở ký tự {at} thiếu một vế.",
        "The OR at character {at} lacks one side.",
    ),
    "too-long": (
        f"Câu hỏi quá dài: nhiều nhất {MOST_WORDS} từ và {MOST_CHARACTERS:,} ký tự.".replace(",", "."),
        f"The query is too long: at most {MOST_WORDS} words and {MOST_CHARACTERS:,} characters.",
    ),
    "too-many": (
        "Câu hỏi có quá nhiều điều kiện (cụm trong ngoặc kép, OR, từ bị loại trừ); hãy bớt đi một số.",
        "The query has too many conditions (quoted phrases, OR, excluded words); leave some of them out.",
    ),
    "too-deep": (
        f"Quá nhiều lớp ngoặc đơn lồng nhau ở ký tự {{at}}: nhiều nhất {DEEPEST} lớp.",
        f"Too many nested parentheses at character {{at}}: at most {DEEPEST}.",
    ),
}
"""Code -> (Vietnamese, English)."""


def messages(error: QueryError) -> tuple[str, str]:
    """The error for a person: (Vietnamese, English), plain text; characters are counted from 1."""
    vi, en = MESSAGES[error.code]
    values = {"at": error.position + 1, "fragment": error.fragment}
    return vi.format(**values), en.format(**values)
