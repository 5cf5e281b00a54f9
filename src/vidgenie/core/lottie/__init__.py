"""What a Lottie document says of itself: size, time, and when it stands still.

Imports: the standard library. Read `document.py`, then `stills.py`.
"""
