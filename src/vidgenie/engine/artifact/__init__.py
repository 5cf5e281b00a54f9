"""What becomes of chunks beside being joined: animations, HLS, and hashes of what a file shows.

May import stitch, mux, source, animation, demux.
Reading order: animate, hls, framehash.
"""
