"""Floor 3: database, network, mail; asynchronous. May import engine and core.

Reading order: db, queue, storage, mail, net, limits, accounts, audit, assets, webhooks, renders.
"""
