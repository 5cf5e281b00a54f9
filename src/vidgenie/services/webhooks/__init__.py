"""Telling others: endpoints, signing, one delivery row per attempt. May import queue, net."""
