#!/bin/sh
# Redis with its password from the environment, handed over by standard input: a command line can be read by others.
set -eu
: "${VANKHO_REDIS_PASSWORD:?"thiếu mật khẩu (a password is needed)"}"
exec redis-server "${1:-/config/redis.conf}" - <<END
requirepass $VANKHO_REDIS_PASSWORD
END
