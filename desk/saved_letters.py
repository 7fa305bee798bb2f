"""What a letter about saved searches says, in the language that was chosen with it."""

from collections.abc import Callable, Sequence

from desk.saved_searches import News

Address = Callable[[str], str]


def about_searches(news: Sequence[News], english: bool, at: Address, ending: Callable[[int], str]) -> tuple[str, str]:
    """Subject and text.  ``at`` gives the whole address of a path, ``ending`` that of the page that ends the letters
    about the search of that id, 0 for all."""
    count = sum(one.count for one in news)
    if english:
        subject = f"{count} new record{'s' if count > 1 else ''} for your saved searches"
        last = f"To end all letters about searches:\n{ending(0)}"
    else:
        subject = f"{count} tài liệu mới cho lần tìm đã lưu"
        last = f"Thôi nhận mọi thư về lần tìm:\n{ending(0)}"
    return subject, "\n\n".join((*(_search(one, english, at, ending) for one in news), last))


def _search(one: News, english: bool, at: Address, ending: Callable[[int], str]) -> str:
    asked = one.criteria.q or ("all records" if english else "tất cả tài liệu")
    lines = [f"“{asked}”: {one.count} new" if english else f"“{asked}”: {one.count} tài liệu mới"]
    for record in one.named:
        text = ". ".join(part for part in (record.number, record.title) if part) or record.code
        lines.append(f"- {text}\n  {at(f'/t/{record.public_id}')}")
    if rest := one.count - len(one.named):
        lines.append(f"- and {rest} more" if english else f"- và {rest} tài liệu khác")
    lines.append(("The search: " if english else "Cả lần tìm: ") + at(f"/tim-kiem?{one.criteria.query_string()}"))
    lines.append(("End letters about it: " if english else "Thôi nhận thư về lần tìm này: ") + ending(one.item.id))
    return "\n".join(lines)
