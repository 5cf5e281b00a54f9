"""Caption files to cues: untrusted bytes, read where a probe runs.

May import: the edit's limits, the timeline's facts. Reading order: read (SubRip, WebVTT) → ttml.
"""
