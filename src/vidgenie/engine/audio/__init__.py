"""From a sound to samples: resample, fade, mix. May import pool and below."""
