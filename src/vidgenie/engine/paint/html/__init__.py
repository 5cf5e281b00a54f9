"""HTML pages in a box: a small browser for still text, lists and tables, which fetches nothing.

Reading order: dom → values → properties → style → boxes → letters → inline → block → table → draw →
page. May import what `engine/paint` may.
"""
