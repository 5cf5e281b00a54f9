"""The Shotstack-compatible door: `/shotstack/{edit|serve|ingest}/{v1|stage}`. May import as `rpc`.

Programs written for Shotstack's API work here with another base URL and one of our API keys.
Reading order: door (routes and forms of answers), ids, edit, templates.
"""
