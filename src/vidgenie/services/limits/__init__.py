"""Rate limits and idempotency keys, in PostgreSQL. May import queue and below."""
