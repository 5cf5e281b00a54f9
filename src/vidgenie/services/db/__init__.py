"""The way to PostgreSQL: pool, transactions, migrations, the embedded server's supervisor."""
