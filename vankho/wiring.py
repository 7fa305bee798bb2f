"""Wiring: the pieces of this installation, made from its settings."""

from functools import lru_cache

from archive import outbox
from archive.accession.masking import check_masked
from archive.database import engine as database
from archive.extras import MissingPackageError, need
from archive.locks import held
from archive.schema import check, found_version, migrate
from archive.settings import settings
from archive.storage.folder import FolderStorage
from portal.limiting import Limits
from search.engines.protocol import Engine
from vankho.address import read_address

LIMITS_PATIENCE = 0.2  # seconds that a request waits for the shared counters


@lru_cache(maxsize=1)
def search_engine() -> Engine:
    """The search engine of this installation; MissingPackageError if its packages are not installed."""
    told = settings()
    if told.engine == "embedded":
        from search.engines.embedded import EmbeddedEngine

        return EmbeddedEngine(told.home / "index")
    try:
        from search.engines.opensearch import OpenSearchEngine
        from search.engines.opensearch.client import Address
    except ImportError as error:
        raise MissingPackageError("VANKHO_ENGINE=opensearch", error.name or "") from error
    password = told.opensearch_password.get_secret_value()
    address = Address(told.opensearch_url, told.opensearch_user, password, told.opensearch_ca)
    return OpenSearchEngine(address, told.index_prefix)


@lru_cache(maxsize=1)
def storage() -> FolderStorage:
    """The storage of what readers may see by their rights; quarantine lies elsewhere."""
    return FolderStorage(settings().home / "storage")


@lru_cache(maxsize=1)
def quarantine_storage() -> FolderStorage:
    """The storage of what exists for no reader."""
    return FolderStorage(settings().home / "quarantine")


def rate_limits() -> Limits:
    """Counters of who asks how much: shared over Redis where there is one, else of this process."""
    if not settings().redis_url:
        return Limits()
    need("VANKHO_REDIS_URL", "redis")
    from limits.storage import RedisStorage

    from vankho.broker import open_redis

    pool = open_redis(LIMITS_PATIENCE).connection_pool
    return Limits(RedisStorage("redis://", connection_pool=pool, key_prefix=f"{settings().index_prefix}:limits"))


def prepare_catalogue() -> None:
    """Makes the catalogue of a new installation; SchemaError if an existing one does not fit the code.

    Several processes may be started on an empty home at the same instant: one makes it, the others wait.
    """
    if found_version(database()) is None:
        with held("catalogue", wait=True):
            migrate(database())
    check(database())
    check_masked()
    listen_for_changes()


def listen_for_changes() -> None:
    """With Redis, every commit of this process that announces changes wakes a worker; MissingPackageError if it cannot.

    BrokerError if the address of Redis cannot be used.
    """
    if settings().redis_url:
        need("VANKHO_REDIS_URL", "celery", "redis")
        read_address(settings().redis_url)
        outbox.listen(_wake)


def _wake() -> None:
    from vankho.waking import wake  # Celery is loaded by the first commit that needs it

    wake()
