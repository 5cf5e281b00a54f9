"""From a picture to a raster: one file per kind of asset, one canvas. May import pool and below."""
