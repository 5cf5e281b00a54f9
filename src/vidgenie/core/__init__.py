"""Floor 1: values and pure functions. May import errors and stdlib (edit/: pydantic).

Reading order: timebase, geometry, color, tween, edit, timeline, plan.
"""
