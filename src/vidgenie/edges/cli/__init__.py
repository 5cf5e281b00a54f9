"""The command line: server commands, local rendering, and looking after an instance.

Reading order: app, options, server, up, local, bar, assistant, doctor.
"""
