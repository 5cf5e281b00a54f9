"""The processes of an instance, on one host or many: who lives, what they agree on. May import db.

Reading order: agreement, workers, figures.
"""

from vidgenie.services.fleet.agreement import agree, is_agreed
from vidgenie.services.fleet.figures import Figures, figures
from vidgenie.services.fleet.workers import BEAT_EVERY_S, Living, beat, leave, living

__all__ = [
    "BEAT_EVERY_S",
    "Figures",
    "Living",
    "agree",
    "beat",
    "figures",
    "is_agreed",
    "leave",
    "living",
]
