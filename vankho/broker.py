"""The line to Redis: the client that looks, and the Celery application.

Messages only wake workers (docs/decisions): JSON, without arguments, into one queue of our own name.
"""

from celery import Celery
from kombu import Exchange, Queue
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from archive.settings import settings
from vankho.address import read_address

QUEUE = "drain"
LOOK_SECONDS = 10.0  # between looks of the scheduler
LONGEST_TASK = 6 * 3600  # seconds; then it is killed, and the next look goes on where it committed
VISIBILITY = LONGEST_TASK + 3600  # seconds until Redis hands an unconfirmed message out again


def waiting_key() -> str:
    """The key in Redis under which waiting messages lie."""
    return f"{settings().index_prefix}:{QUEUE}"


def open_redis(patience: float) -> Redis:
    """A client that waits at most ``patience`` seconds for a connection and for an answer, and tries once."""
    address = read_address(settings().redis_url)
    return Redis.from_url(
        address.url,
        socket_connect_timeout=patience,
        socket_timeout=patience,
        retry=Retry(NoBackoff(), 0),
        **(address.tls or {}),
    )


def make_app(patience: float = 10.0) -> Celery:
    """The Celery application of this installation, without tasks; ``patience`` is the seconds to wait for Redis."""
    address = read_address(settings().redis_url)
    app = Celery("vankho", set_as_current=False)
    app.conf.update(
        broker_url=address.url,
        broker_use_ssl=address.tls,
        broker_connection_retry=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # for ever
        broker_channel_error_retry=True,
        broker_transport_options={
            "global_keyprefix": f"{settings().index_prefix}:",
            "visibility_timeout": VISIBILITY,
            "socket_connect_timeout": patience,
            "socket_timeout": patience,
            "socket_keepalive": True,
            "health_check_interval": 30,
        },
        # The nameless exchange needs no table in Redis: after FLUSHALL a running producer still reaches the queue.
        task_queues=(Queue(QUEUE, Exchange(""), routing_key=QUEUE),),
        task_default_queue=QUEUE,
        task_default_exchange="",
        task_default_routing_key=QUEUE,
        task_create_missing_queues=False,
        accept_content=["json"],
        task_serializer="json",
        event_serializer="json",
        result_serializer="json",
        result_backend=None,
        result_expires=None,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_time_limit=LONGEST_TASK,
        worker_prefetch_multiplier=1,
        worker_concurrency=1,
        worker_pool="prefork",
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        enable_utc=True,
        timezone="UTC",
    )
    return app
