"""Many renders from one template: what they are called together, and when the last one ends.

May import webhooks. Reading order: model, store (with sql/), advance. The renders of a batch are
made and called off by `renders`, which tells this room of each that ends.
"""

from vidgenie.services.batches.advance import begin, ended
from vidgenie.services.batches.model import Batch, batch_view
from vidgenie.services.batches.store import get, page

__all__ = ["Batch", "batch_view", "begin", "ended", "get", "page"]
