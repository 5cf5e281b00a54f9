"""What is drawn, as values: what each kind's picture depends on, and how its asset becomes one.

May import: the timeline's `graphic`, `facts`, the edit's model. Reading order: scene → table →
one file per kind.
"""
