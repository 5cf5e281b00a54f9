"""Lottie painted: documents made plain, letters put into them, frames by ThorVG onto Skia's canvas.

Imports: core, the demuxers, lettering and the pool. Read `plain.py`, `thorvg.py`, then `draw.py`.
"""
