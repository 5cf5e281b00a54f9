"""Tools for assistants: a video from words, on this machine, over the Model Context Protocol.

Speaks on standard input and output; needs the extra `vidgenie-api[mcp]`. Nothing is read or written
outside of one folder. Reading order: server, tools, knowledge, primer.md.
"""
