"""What our letters say.  Composed when they are sent: a link is never kept, and holds from that moment on."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from archive.catalogue.people import Account
from archive.catalogue.sign_in import Letter
from archive.identity.links import account_of_email, email_link, password_link, registration_link
from archive.settings import Settings
from desk.request_letters import ABOUT
from desk.saved_letters import about_searches
from desk.saved_searches import ending_link, news_of
from search.gateway import Gateway


class Words(NamedTuple):
    """Subject and text of a letter."""

    subject: str
    text: str
    ending: str = ""  # the address at which a reader ends letters like this one


@dataclass(frozen=True, slots=True)
class Writer:
    """Composes the letters of an installation; ``key`` signs the links."""

    settings: Settings
    key: str
    gateway: Gateway | None = None  # for letters that tell what a search finds

    def compose(self, session: Session, letter: Letter) -> Words | None:
        """The letter as it is to be sent now; None if there is nothing to say to that address."""
        english = letter.language == "en"
        account = (
            session.get(Account, letter.detail["account"])
            if "account" in letter.detail
            else account_of_email(session, letter.recipient)
        )
        if letter.kind == "register":
            if account is not None:
                return self._known(account, english)
            return self._register(self._at(f"/dang-ky/{registration_link(self.key, letter.recipient)}"), english)
        if letter.kind == "email":
            taken = account_of_email(session, letter.recipient)
            return self._new_address(account, letter.recipient, english, taken)
        if letter.kind == "email-changed":
            return self._address_changed(english)
        if letter.kind == "erased":
            return self._erased(english)
        if account is None or not account.active or account.email != letter.recipient:
            return None
        if letter.kind == "saved":
            return self._searches(session, letter, account, english)
        if letter.kind in ABOUT:
            told = ABOUT[letter.kind](session, letter, account)
            return self._signed(told[0], f"{told[1]}\n\n{self._at(told[2])}") if told else None
        if letter.kind == "password" and account.openid and not account.password_hash:
            return None  # its password lies with the provider, who may close it, too
        link = password_link(self.key, account, invitation=letter.kind == "invitation")
        address = self._at(f"/dat-mat-khau/{link}")
        return self._invite(account, address, english) if letter.kind == "invitation" else self._reset(address, english)

    def _at(self, path: str) -> str:
        return self.settings.public_url.rstrip("/") + path

    def _signed(self, subject: str, text: str) -> Words:
        return Words(subject, f"{text}\n\n-- \n{self.settings.archive_name}\n{self._at('/')}\n")

    def _searches(self, session: Session, letter: Letter, account: Account, english: bool) -> Words | None:
        news = news_of(session, self.gateway, account, letter) if self.gateway else []
        if not news:
            return None

        def ending(item: int) -> str:
            return self._at(f"/thoi-thu/{ending_link(self.key, account.id, item)}")

        words = self._signed(*about_searches(news, english, self._at, ending))
        return words._replace(ending=ending(0))

    def _register(self, address: str, english: bool) -> Words:
        if english:
            return self._signed(
                "Open your reader's account",
                f"Somebody asked for a reader's account with this address. To open it, go within 24 hours to:\n\n"
                f"{address}\n\nIf it was not you, ignore this letter: nothing has been made.",
            )
        return self._signed(
            "Mở tài khoản độc giả",
            f"Có người xin mở tài khoản độc giả bằng địa chỉ này. Để mở, trong 24 giờ hãy vào:\n\n{address}\n\n"
            "Nếu không phải bạn, hãy bỏ qua thư này: chưa có gì được tạo ra.",
        )

    def _new_address(self, account: Account | None, email: str, english: bool, taken: Account | None) -> Words | None:
        if account is None or not account.active:
            return None
        if taken is not None:
            return self._known(taken, english)
        address = self._at(f"/doi-thu/{email_link(self.key, account, email)}")
        if english:
            return self._signed(
                "Confirm your new address",
                f"A reader's account is to have this address. To confirm, go within 24 hours to:\n\n{address}\n\n"
                "If it was not you, ignore this letter: nothing has been changed.",
            )
        return self._signed(
            "Xác nhận địa chỉ thư mới",
            f"Một tài khoản độc giả muốn dùng địa chỉ này. Để xác nhận, trong 24 giờ hãy vào:\n\n{address}\n\n"
            "Nếu không phải bạn, hãy bỏ qua thư này: chưa có gì thay đổi.",
        )

    def _address_changed(self, english: bool) -> Words:
        if english:
            return self._signed(
                "Your address was changed",
                "Letters about your account now go to another address, which was confirmed. If it was not you, tell "
                "the archive at once.",
            )
        return self._signed(
            "Đã đổi địa chỉ thư",
            "Từ nay thư về tài khoản của bạn gửi đến một địa chỉ khác, đã được xác nhận. Nếu không phải bạn đổi, "
            "hãy báo Trung tâm ngay.",
        )

    def _known(self, account: Account, english: bool) -> Words:
        sign_in, forgotten = self._at("/dang-nhap"), self._at("/quen-mat-khau")
        if not account.active:
            if english:
                return self._signed(
                    "You have an account", "This address has an account that is closed. Please ask the archive."
                )
            return self._signed(
                "Bạn đã có tài khoản", "Địa chỉ này có một tài khoản đang bị đóng. Hãy hỏi Trung tâm để mở lại."
            )
        if english:
            return self._signed(
                "You have an account",
                f"Somebody asked for an account with this address. You have one already.\n\nSign in: {sign_in}\n"
                f"Forgotten password: {forgotten}\n\nIf it was not you, there is nothing to do.",
            )
        return self._signed(
            "Bạn đã có tài khoản",
            f"Có người xin mở tài khoản bằng địa chỉ này. Bạn đã có tài khoản rồi.\n\nĐăng nhập: {sign_in}\n"
            f"Quên mật khẩu: {forgotten}\n\nNếu không phải bạn xin thì không cần làm gì.",
        )

    def _reset(self, address: str, english: bool) -> Words:
        if english:
            return self._signed(
                "Choose a new password",
                f"To choose a new password, go within an hour to:\n\n{address}\n\n"
                "The link works once. If you did not ask for it, there is nothing to do.",
            )
        return self._signed(
            "Chọn mật khẩu mới",
            f"Để chọn mật khẩu mới, trong một giờ hãy vào:\n\n{address}\n\n"
            "Liên kết dùng được một lần. Nếu không phải bạn xin thì không cần làm gì.",
        )

    def _erased(self, english: bool) -> Words:
        if english:
            return self._signed(
                "Your account was erased",
                "Your reader's account and what we held about you were erased. Files that the law wants kept stay for "
                f"their term without your name, those of certified copies with it: {self._at('/tro-giup/tuyen-bo')}\n\n"
                "This address is erased with this letter. If you did not ask for it, write to the archive.",
            )
        return self._signed(
            "Đã xóa tài khoản của bạn",
            "Tài khoản độc giả và những gì Trung tâm giữ về bạn đã được xóa. Hồ sơ mà luật buộc giữ còn đến hết thời "
            f"hạn, không nêu tên bạn; riêng hồ sơ bản sao có xác thực còn nêu tên: {self._at('/tro-giup/tuyen-bo')}\n\n"
            "Địa chỉ thư này cũng bị xóa cùng lá thư. Nếu không phải bạn yêu cầu, hãy báo ngay cho Trung tâm.",
        )

    def _invite(self, account: Account, address: str, english: bool) -> Words:
        if english:
            return self._signed(
                "Your account",
                f"An account has been made for you; its name is {account.name}. To choose a password, go within seven "
                f"days to:\n\n{address}",
            )
        return self._signed(
            "Tài khoản của bạn",
            f"Trung tâm đã mở tài khoản cho bạn, tên đăng nhập là {account.name}. Để chọn mật khẩu, trong bảy ngày hãy "
            f"vào:\n\n{address}",
        )
