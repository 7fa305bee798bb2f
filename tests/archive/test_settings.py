"""What a configuration is refused for: half of a profile, and in production anything unsafe."""

import pytest
from pydantic import ValidationError

from archive.settings import Settings

SAFE = {
    "mode": "production",
    "secret": "0123456789abcdef" * 2,
    "engine": "opensearch",
    "opensearch_url": "https://search.tinh.vn:9200",
    "opensearch_user": "vankho",
    "opensearch_password": "m" * 12,
    "database_url": "postgresql://vankho:m@db.tinh.vn/vankho?sslmode=verify-full",
    "redis_url": "rediss://:m@redis.tinh.vn:6379/0",
}


def test_a_safe_full_profile_starts() -> None:
    made = Settings(**SAFE)  # type: ignore[arg-type]
    assert made.database == "postgresql+psycopg://vankho:m@db.tinh.vn/vankho?sslmode=verify-full"
    assert "mmmm" not in repr(made)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("opensearch_url", "http://127.0.0.1:9200"),
        ("opensearch_url", "https://vankho:m@search.tinh.vn:9200"),
        ("opensearch_url", ""),
        ("opensearch_user", ""),
        ("opensearch_password", ""),
        ("database_url", "postgresql://vankho:m@db.tinh.vn/vankho"),
        ("database_url", "postgresql://vankho:m@db.tinh.vn/vankho?sslmode=require"),
        ("redis_url", "redis://:m@redis.tinh.vn:6379/0"),
        ("redis_url", "rediss://redis.tinh.vn:6379/0"),
        ("redis_url", "rediss://:m@redis.tinh.vn:6379/0?ssl_cert_reqs=none"),
        ("index_prefix", "Văn Khố"),
        ("secret", ""),
        ("secret", "0123456789abcde" * 2),
        ("secret", "s" * 64),
        ("secret", "changeme" * 8),
        ("now", "2026-07-01T08:00:00+07:00"),
    ],
)
def test_anything_less_is_refused_with_its_name(name: str, value: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(**(SAFE | {name: value}))  # type: ignore[arg-type]
    assert name in str(refused.value).lower() or f"vankho_{name}" in str(refused.value).lower()


def test_services_of_this_machine_need_no_certificate_in_the_database() -> None:
    Settings(
        **(SAFE | {"database_url": "postgresql://vankho:m@127.0.0.1/vankho", "redis_url": "redis://:m@localhost/0"})
    )  # type: ignore[arg-type]
