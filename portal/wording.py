"""Numbers, dates and periods as people read them, in Vietnamese and in English.

Vietnamese: 48.210, 34,2 %, 17/8/1998, in badges 01/01/2031, periods 1996–1998.
"""

from calendar import monthrange
from datetime import date, datetime

from flask import Flask, g, request
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape

from analyzers.cutting import cut
from archive.clock import VIET_NAM
from archive.telling import Told
from search.facets import FIXED_LABELS
from search.results import Explanation, FacetValue

_FIRST, _LAST = date.min.toordinal(), date.max.toordinal()
SHORT = 90  # letters of what was understood, in the line above the results
WEEKDAYS = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "CN")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_english() -> bool:
    """Whether this answer is in English."""
    if "english" not in g:  # asked hundreds of times a page
        g.english = str(get_locale()) == "en"
    return bool(g.english)


def number(value: int) -> str:
    """Thousands parted: 48.210, in English 48,210."""
    return f"{value:,}" if is_english() else f"{value:,}".replace(",", ".")


def score(value: float) -> str:
    """A score with two decimals: 12,34, in English 12.34."""
    text = f"{value:,.2f}"
    return text if is_english() else text.translate(str.maketrans(",.", ".,"))


def percent(part: float, whole: int) -> str:
    """A share with one decimal: 34,2 %; the whole must not be 0."""
    text = f"{100 * part / whole:.1f}"
    return f"{text}%" if is_english() else f"{text.replace('.', ',')}\N{NO-BREAK SPACE}%"


def day(value: int) -> str:
    """A day number as a date: 17/8/1998, in English 17 Aug 1998; empty outside the calendar."""
    if not _FIRST <= value <= _LAST:
        return ""
    d = date.fromordinal(value)
    if is_english():
        return f"{d.day} {MONTHS[d.month - 1]} {d.year}"
    # Circular 01/2011 and Decree 30/2020: days below 10 and months 1 and 2 are written with a zero
    return f"{d.day:02d}/{d.month:02d}/{d.year}" if d.month < 3 else f"{d.day:02d}/{d.month}/{d.year}"


def weekday(value: int) -> str:
    """The short name of a day number's weekday: Hai, CN, in English Mon, Sun."""
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun") if is_english() else WEEKDAYS
    return names[date.fromordinal(value).weekday()]


def day_month(value: int) -> str:
    """A day number without its year: 18/11, in English 18 Nov."""
    d = date.fromordinal(value)
    return f"{d.day} {MONTHS[d.month - 1]}" if is_english() else f"{d.day:02d}/{d.month:02d}"


def badge_day(value: int) -> str:
    """A day number with two digits each: 01/01/2031, in English 1 Jan 2031."""
    if is_english() or not _FIRST <= value <= _LAST:
        return day(value)
    d = date.fromordinal(value)
    return f"{d.day:02d}/{d.month:02d}/{d.year}"


def period(first: int | None, last: int | None) -> str:
    """A period as short as it is known: a day, a month, a year, or years 1996–1998; empty when nothing is known."""
    if first is None or last is None or not (_FIRST <= first <= last <= _LAST):
        return ""
    if first == last:
        return day(first)
    a, b = date.fromordinal(first), date.fromordinal(last)
    if a.year != b.year:
        return f"{a.year}–{b.year}"
    if a.month == b.month and a.day == 1 and b.day == monthrange(b.year, b.month)[1]:
        return month(a)
    return str(a.year)


def month(value: date) -> str:
    """The month of a day: 8/1998, in English Aug 1998."""
    return f"{MONTHS[value.month - 1]} {value.year}" if is_english() else f"{value.month}/{value.year}"


def years(first: int | None, last: int | None) -> str:
    """A period in years only: 1989–2025, 1998."""
    if first is None or last is None or not (_FIRST <= first <= last <= _LAST):
        return ""
    a, b = date.fromordinal(first).year, date.fromordinal(last).year
    return str(a) if a == b else f"{a}–{b}"


def vi_text() -> Markup:
    """On an English page, the attribute that says to reading machines that what follows is Vietnamese."""
    return Markup(' lang="vi"') if is_english() else Markup("")


def in_vietnamese(text: str) -> Markup:
    """A text that is Vietnamese in every language (the ground of a rule), said so on an English page."""
    return Markup("<span{}>{}</span>").format(vi_text(), text) if is_english() else escape(text)


def moment_day(moment: datetime) -> str:
    """The day of a moment in Viet Nam: 02/11/2026."""
    return badge_day(moment.astimezone(VIET_NAM).date().toordinal())


def moment_time(moment: datetime) -> str:
    """A moment in Viet Nam: 15:40, 02/11/2026."""
    return f"{moment.astimezone(VIET_NAM):%H:%M}, {moment_day(moment)}"


def as_iiif(text: str) -> dict[str, list[str]]:
    """A text of this answer's language, as IIIF tells languages."""
    return {"en" if is_english() else "vi": [text]}


def say(error: Told | None) -> str:
    """Why something cannot be, in the language of this answer; nothing of nothing."""
    if error is None or not error.words:
        return ""
    values = {name: say(one) if isinstance(one, Told) else one for name, one in error.values.items()}
    return str(_(error.words, **values))


def either(vi: str, en: str, english: bool | None = None) -> str:
    """The text of the language of this answer (``english``, where the caller knows it)."""
    told = is_english() if english is None else english
    return (en or vi) if told else vi


def label(value: FacetValue, english: bool | None = None) -> str:
    """The label of a facet value (see `either`)."""
    return either(value.label_vi, value.label_en, english) or value.value


def fixed_label(facet: str, value: str) -> str:
    """The label of a value of a closed list."""
    return either(*FIXED_LABELS.get((facet, value), (value, value)))


def explanation(one: Explanation) -> str:
    """The text of an explanation."""
    return either(one.vi, one.en)


def in_short(one: Explanation) -> str:
    """The first thing that an explanation says, of the length of a line on a telephone."""
    first = explanation(one).partition("; ")[0].partition(". ")[0].rstrip(".")
    whole = first[:SHORT].rpartition(", ")[0] if len(first) > SHORT else ""
    return f"{whole}…" if whole else cut(first, SHORT)  # no name is cut in two where a part can be left out whole


def note_name(code: str) -> str:
    """The heading of what is told about a question, by the code of its explanation."""
    words: dict[str, str] = {
        "widened": _("Mở rộng"),
        "keys": _("Bàn phím"),
        "spelling": _("Chính tả"),
        "names": _("Tên gọi"),
        "abbreviations": _("Viết tắt"),
        "unmarked": _("Dấu"),
        "years": _("Năm"),
    }
    return words.get(code) or str(_("Lưu ý"))


def level_name(level: str) -> str:
    """The name of a level of description."""
    return fixed_label("level", level)


def role_name(role: str) -> str:
    """The name of a role."""
    words: dict[str, str] = {
        "reader": _("Độc giả"),
        "clerk": _("Cán bộ cơ quan"),
        "archivist": _("Lưu trữ viên"),
        "head": _("Lãnh đạo Trung tâm"),
        "administrator": _("Quản trị hệ thống"),
        "auditor": _("Người kiểm tra nhật ký"),
    }
    return words.get(role, role)


def untitled(title: str) -> str:
    """The title, or words that say that none was delivered."""
    return title or _("(chưa có tiêu đề)")


def install(app: Flask) -> None:
    """Gives the words to the templates."""
    for function in (
        number,
        score,
        day,
        badge_day,
        day_month,
        month,
        weekday,
        label,
        explanation,
        in_short,
        note_name,
        level_name,
        untitled,
    ):
        app.template_filter(function.__name__)(function)
    words = (either, percent, period, years, moment_day, moment_time)
    for word in (*words, vi_text, in_vietnamese, fixed_label, is_english):
        app.jinja_env.globals[word.__name__] = word


def wants_json() -> bool:
    """Whether this address is asked by programs (API, IIIF), so that errors are problem documents."""
    return request.path.startswith(("/api/", "/iiif/"))
