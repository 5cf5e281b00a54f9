"""Rendering on this machine without a server: what the command line and assistants share.

Not async: it is one edit at a time, for the one who waits for it. May import net.
Reading order: render, parts.
"""
