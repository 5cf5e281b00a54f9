"""Letters: from a text and its styles to lines of glyphs, each at its place.

May import: core; skia, uharfbuzz, uniseg. Nothing here knows of frames, assets or time. Reading
order: faces → shelf → bidi → breaks → shape → block.
"""
