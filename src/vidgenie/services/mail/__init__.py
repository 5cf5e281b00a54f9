"""Letters to people: through SMTP, or into an outbox that can be read. May import db."""
