"""From a sound to samples: resample, fade, mix. May import pool and below.

Reading order: layout, reader, mix, limiter. Encoding the mix is `engine/encode.py`'s work.
"""
