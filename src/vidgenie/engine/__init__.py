"""Floor 2: files, codecs, pixels and samples. May import core; synchronous only.

Reading order: probe, source, pool, paint, audio, mux, encode, stitch, render, sandbox.
"""
