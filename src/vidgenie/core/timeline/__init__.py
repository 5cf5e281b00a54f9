"""The document's meaning: who is on which frame, where and how. May import edit and the values.

Reading order: model, needs, resolve, layers, picture, sound.
"""
