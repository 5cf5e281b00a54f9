"""VidGenie-API: post a JSON timeline, get a finished video back."""

__version__ = "0.1.0"
