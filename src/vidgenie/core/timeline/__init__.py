"""The document's meaning: who is on which frame, where and how. May import edit and the values.

Reading order: facts, model, needs, timing, curves, resolve, layers, picture, sound, warnings.
"""
