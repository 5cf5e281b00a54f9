"""Jobs in PostgreSQL: claimed with a lease, renewed, rescued, finished. May import db.

Reading order: model, verbs (with sql/), keeper, wakeups.
"""

from vidgenie.services.queue.keeper import LeaseKeeper
from vidgenie.services.queue.model import LANE_MAX, Depth, Job, NewJob, Rescued
from vidgenie.services.queue.verbs import (
    EVERYBODY,
    backoff_s,
    cancel,
    claim,
    depths,
    drop,
    enqueue,
    enqueue_many,
    fail,
    fan_out,
    finish,
    forget,
    hasten,
    hold,
    limit,
    rescue,
    snooze,
    unlimit,
)
from vidgenie.services.queue.wakeups import listen

__all__ = [
    "EVERYBODY",
    "LANE_MAX",
    "Depth",
    "Job",
    "LeaseKeeper",
    "NewJob",
    "Rescued",
    "backoff_s",
    "cancel",
    "claim",
    "depths",
    "drop",
    "enqueue",
    "enqueue_many",
    "fail",
    "fan_out",
    "finish",
    "forget",
    "hasten",
    "hold",
    "limit",
    "listen",
    "rescue",
    "snooze",
    "unlimit",
]
