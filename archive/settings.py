"""Settings, read once from the environment (prefix ``VANKHO_``); docs/handbook/settings.md describes each."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from archive.safety import explain_hosts, explain_letters, explain_openid, explain_payment, explain_unsafe

ROOT = Path(__file__).resolve().parents[1]

FEWEST_LETTERS = 8  # different ones in a secret: 32 random hexadecimal digits have fewer once in ten thousand million


class Settings(BaseSettings):
    """What an installation can be told; unsafe values are refused in production, at start."""

    model_config = SettingsConfigDict(env_prefix="VANKHO_", extra="ignore", frozen=True)

    home: Path = Field(default=ROOT / "var", description="database, files, index and logs live below this folder")
    mode: Literal["demo", "production"] = Field(default="demo", description="demo binds the loopback only")
    engine: Literal["embedded", "opensearch"] = Field(default="embedded", description="the search engine")
    opensearch_url: str = Field(default="", description="where OpenSearch answers; production wants https")
    opensearch_user: str = Field(default="", description="who we are to OpenSearch")
    opensearch_password: SecretStr = Field(default=SecretStr(""), description="and our password")
    opensearch_ca: Path | None = Field(
        default=None, description="certificate authority of OpenSearch (PEM); empty: the system's"
    )
    index_prefix: str = Field(
        default="vankho", pattern=r"^[a-z][a-z0-9_]{0,39}$", description="begins the names of our indices in OpenSearch"
    )
    database_url: str = Field(default="", description="empty: SQLite in the home folder; else postgresql://…")
    redis_url: str = Field(default="", description="empty: no Celery, workers look at the outbox by themselves")
    tika_url: str = Field(default="", description="empty: no Tika, old Word files wait")
    tika_comeback: float = Field(
        default=15.0, ge=0, description="seconds a delivery waits once for a Tika that is gone"
    )
    signature_roots: Path | None = Field(
        default=None, description="folder of root certificates that signatures may lead to; empty: none is known"
    )
    signature_lists: Path | None = Field(
        default=None, description="folder of fresh lists of revoked certificates (CRL) for checking copies; empty: none"
    )
    signature_ask: str = Field(
        default="",
        description="hosts that may be asked (CRL, OCSP) what a certificate is today; empty: nobody is asked",
    )
    sign_pkcs12: Path | None = Field(default=None, description="file with the key and certificate that sign copies")
    sign_password: SecretStr = Field(default=SecretStr(""), description="and its password")
    sign_pkcs11_module: Path | None = Field(default=None, description="library of the token that signs copies")
    sign_pkcs11_token: str = Field(default="", description="label of the token")
    sign_pkcs11_pin: SecretStr = Field(default=SecretStr(""), description="its PIN")
    sign_pkcs11_label: str = Field(default="", description="label of key and certificate on it")
    tsa_url: str = Field(default="", description="time-stamp server (RFC 3161) of signatures on copies; empty: none")
    host: str = Field(default="127.0.0.1", description="address to serve at")
    port: int = Field(default=8077, ge=1, le=65535, description="port to serve at")
    workers: int = Field(default=2, ge=1, le=64, description="server processes")
    proxies: int | None = Field(
        default=None, ge=0, le=5, description="reverse proxies before the portal; empty: one in production, else none"
    )
    secret: SecretStr = Field(
        default=SecretStr(""), description="key of sessions and cursors; empty in demo: made once"
    )
    public_url: str = Field(default="", description="the address of the portal as people type it")
    smtp_url: SecretStr = Field(
        default=SecretStr(""), description="smtp:// (STARTTLS) or smtps:// with name and password; empty: no letters"
    )
    mail_from: str = Field(default="", description="who our letters are from")
    oidc_issuer: str = Field(default="", description="OpenID provider, as it names itself; empty: none")
    oidc_client_id: str = Field(default="", description="who we are to the OpenID provider")
    oidc_client_secret: SecretStr = Field(default=SecretStr(""), description="and our secret")
    oidc_name: str = Field(default="OpenID", description="what the provider is called on the sign-in page")
    oidc_claim: str = Field(default="groups", description="claim with the groups of a person")
    oidc_roles: str = Field(default="", description="groups to roles: luu-tru=archivist; so-noi-vu=clerk:H48.01")
    bank_bin: str = Field(default="", description="the bank that fees are transferred to: its six digits at NAPAS")
    bank_account: str = Field(default="", description="our account there; empty: no transfer is offered")
    bank_name: str = Field(default="", description="bank and holder of the account, as people read them")
    payment_secret: SecretStr = Field(
        default=SecretStr(""), description="what a payment gateway signs its notices with; empty: none are taken"
    )
    payment_url: str = Field(
        default="", description="where a payment gateway takes readers who pay (https); empty: no way there is shown"
    )
    now: datetime | None = Field(default=None, description="fixes the clock, for tests and demonstrations only")
    watch: Path | None = Field(default=None, description="a folder whose packages, registers, messages are taken")
    watch_fonds: str = Field(default="", description="fonds of what comes there and names none that is here")
    watch_identifier: str = Field(default="", description="archives' code of that; empty: of the fonds that is here")
    watch_fonds_name: str = Field(default="", description="name of that fonds, where it is not here yet")
    watch_access: Literal["", "01", "02"] = Field(default="", description="access of what comes there and says nothing")
    delivery_limit: int = Field(default=4096, ge=1, le=1_048_576, description="most MiB of one delivery by page or API")
    archive_name: str = Field(default="Lưu trữ lịch sử tỉnh Quảng Ngãi", description="the house's name on every page")

    @model_validator(mode="after")
    def refuse_unsafe(self) -> Self:
        """Nothing half configured starts, and in production nothing unsafe (archive.safety)."""
        if self.engine == "opensearch" and not self.opensearch_url:
            raise ValueError("VANKHO_OPENSEARCH_URL: cần địa chỉ khi VANKHO_ENGINE=opensearch (an address is needed)")
        if wrong := explain_letters(self.smtp_url.get_secret_value(), self.mail_from, self.public_url):
            raise ValueError(wrong)
        if wrong := explain_openid(self.oidc_issuer, self.oidc_client_id, self.public_url, self.mode == "production"):
            raise ValueError(wrong)
        if wrong := explain_hosts(self.signature_ask):
            raise ValueError(wrong)
        secret = self.payment_secret.get_secret_value()
        if wrong := explain_payment(self.bank_bin, self.bank_account, self.bank_name, secret, self.payment_url):
            raise ValueError(wrong)
        if self.oidc_roles:
            from archive.identity.openid import read_mapping

            try:
                read_mapping(self.oidc_roles)
            except ValueError as error:
                text = f"VANKHO_OIDC_ROLES: không hiểu {str(error)!r}; cần nhóm=vai-trò; nhóm=clerk:mã-cơ-quan"
                raise ValueError(text) from error
        if self.mode == "production":
            if self.public_url and not self.public_url.startswith("https://"):
                raise ValueError("VANKHO_PUBLIC_URL: khi chạy thật phải là https:// (TLS is needed in production)")
            if len(self.secret.get_secret_value()) < 32:
                raise ValueError("VANKHO_SECRET: cần ít nhất 32 ký tự khi chạy thật (at least 32 characters)")
            if len(set(self.secret.get_secret_value())) < FEWEST_LETTERS:
                raise ValueError("VANKHO_SECRET: quá đơn giản; hãy dùng openssl rand -hex 32 (made up by hand)")
            if self.now is not None:
                raise ValueError("VANKHO_NOW: không được cố định đồng hồ khi chạy thật (not in production)")
            if unsafe := explain_unsafe(
                self.opensearch_url,
                self.opensearch_user,
                self.opensearch_password.get_secret_value(),
                self.database_url,
                self.redis_url,
            ):
                raise ValueError(unsafe)
        elif self.host not in {"127.0.0.1", "localhost", "::1"}:
            raise ValueError("VANKHO_HOST: chế độ demo chỉ mở trên chính máy này (loopback only)")
        return self

    @property
    def hops(self) -> int:
        """How many reverse proxies tell the reader's address: production is never reached without one (TLS)."""
        return (1 if self.mode == "production" else 0) if self.proxies is None else self.proxies

    @property
    def asked_hosts(self) -> tuple[str, ...]:
        """The hosts, or host:port, of authorities that may be asked about certificates."""
        return tuple(self.signature_ask.replace(",", " ").split())

    @property
    def database(self) -> str:
        """The SQLAlchemy address of the catalogue; ``postgresql://`` means psycopg."""
        if self.database_url.startswith(("postgresql://", "postgres://")):
            return f"postgresql+psycopg://{self.database_url.partition('://')[2]}"
        return self.database_url or f"sqlite:///{self.home / 'catalogue.sqlite3'}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read at first use."""
    return Settings()
