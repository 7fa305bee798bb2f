"""What production refuses of the services it speaks to: open lines, missing passwords, unchecked certificates."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?", re.I)
_SWITCH = {"0", "1", "true", "false", "yes", "no", "on", "off"}

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def explain_unsafe(opensearch_url: str, opensearch_user: str, opensearch_password: str, database_url: str,
                   redis_url: str) -> str:  # fmt: skip
    """One sentence about the first unsafe setting, empty if all are fit for production.

    OpenSearch only behind TLS and a password, wherever it is (its minimal distribution asks nobody who they are);
    PostgreSQL with a checked certificate, unless it is on this machine; Redis with a password, and TLS likewise.
    """
    if opensearch_url:
        if not opensearch_url.startswith("https://"):
            return "VANKHO_OPENSEARCH_URL: khi chạy thật phải là https:// (TLS is needed in production)"
        if not (opensearch_user and opensearch_password):
            return "VANKHO_OPENSEARCH_USER, VANKHO_OPENSEARCH_PASSWORD: khi chạy thật phải có (needed in production)"
    if urlsplit(opensearch_url).password or urlsplit(opensearch_url).username:
        return "VANKHO_OPENSEARCH_URL: không ghi mật khẩu trong địa chỉ (no password in the address)"
    if database_url and not database_url.startswith("sqlite"):
        parts = urlsplit(database_url)
        elsewhere = parts.hostname and parts.hostname not in LOOPBACK
        # verify-ca would take a certificate of any name
        if elsewhere and parse_qs(parts.query).get("sslmode") != ["verify-full"]:
            return "VANKHO_DATABASE_URL: cần sslmode=verify-full khi chạy thật (a checked certificate is needed)"
    if redis_url:
        parts = urlsplit(redis_url)
        if not parts.password:
            return "VANKHO_REDIS_URL: khi chạy thật phải có mật khẩu (a password is needed in production)"
        if parts.scheme != "rediss" and parts.hostname not in LOOPBACK:
            return "VANKHO_REDIS_URL: khi chạy thật phải là rediss:// (TLS is needed in production)"
        if parts.scheme == "rediss" and parse_qs(parts.query).get("ssl_cert_reqs", ["required"])[0] not in {
            "required",
            "CERT_REQUIRED",
        }:
            return "VANKHO_REDIS_URL: phải kiểm tra chứng thư (ssl_cert_reqs=required)"
    return ""


def explain_letters(smtp_url: str, mail_from: str, public_url: str) -> str:
    """One sentence about the first of these settings that cannot work, empty if all can."""
    if public_url:
        parts = urlsplit(public_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
            return "VANKHO_PUBLIC_URL: cần dạng https://luutru.tinh.gov.vn, không có đường dẫn (scheme and host only)"
    if smtp_url:
        parts = urlsplit(smtp_url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            return "VANKHO_SMTP_URL: cần dạng smtp://máy hoặc smtps://tên:mật-khẩu@máy:cổng (smtp:// or smtps://)"
        if not unquote(parts.netloc).isascii():
            return "VANKHO_SMTP_URL: tên và mật khẩu chỉ gồm chữ không dấu, số, ký hiệu (ASCII only)"
        if "@" not in mail_from or not public_url:
            return "VANKHO_MAIL_FROM, VANKHO_PUBLIC_URL: cần khi có VANKHO_SMTP_URL (needed with VANKHO_SMTP_URL)"
    return ""


def explain_openid(issuer: str, client_id: str, public_url: str, production: bool) -> str:
    """One sentence about what the OpenID provider lacks, empty if nothing."""
    if not issuer:
        return ""
    if urlsplit(issuer).scheme not in ({"https"} if production else {"https", "http"}):
        return "VANKHO_OIDC_ISSUER: cần dạng https://… (an https address is needed)"
    if not client_id or not public_url:
        return "VANKHO_OIDC_CLIENT_ID, VANKHO_PUBLIC_URL: cần khi có VANKHO_OIDC_ISSUER (needed with an issuer)"
    return ""


def explain_payment(bin_number: str, account: str, name: str, secret: str, gateway: str) -> str:
    """One sentence about what the bank account, the gateway's secret or its address lacks, empty if nothing."""
    if bin_number or account or name:
        if not (len(bin_number) == 6 and bin_number.isascii() and bin_number.isdigit()):
            return "VANKHO_BANK_BIN: cần đúng 6 chữ số của ngân hàng theo NAPAS (six digits)"
        if not (account.isascii() and account.isalnum() and 4 <= len(account) <= 19):
            return "VANKHO_BANK_ACCOUNT: cần từ 4 đến 19 chữ số hoặc chữ cái không dấu (4 to 19 letters or digits)"
        if not name.strip():
            return "VANKHO_BANK_NAME: cần tên ngân hàng và chủ tài khoản (name of bank and holder)"
    if secret and (len(secret) < 32 or len(set(secret)) < 8):
        return "VANKHO_PAYMENT_SECRET: cần ít nhất 32 ký tự, dùng openssl rand -hex 32 (at least 32 characters)"
    parts = urlsplit(gateway)
    if gateway and not (secret and parts.scheme == "https" and parts.hostname and not parts.fragment):
        return "VANKHO_PAYMENT_URL: cần địa chỉ https của cổng và VANKHO_PAYMENT_SECRET (https, and the secret)"
    return ""


def explain_hosts(hosts: str) -> str:
    """One sentence about the first word that names no host to ask about certificates, empty if all do."""
    for one in hosts.replace(",", " ").split():
        if one.lower() in _SWITCH:  # it was one before hosts were named
            return "VANKHO_SIGNATURE_ASK: hãy kể tên các máy được hỏi, ví dụ ocsp.ca.gov.vn (name the hosts)"
        if not _HOST.fullmatch(one):
            return f"VANKHO_SIGNATURE_ASK: “{one}” không phải tên máy hay máy:cổng (no host, or host:port)"
    return ""
