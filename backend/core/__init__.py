"""What every slice stands on: configuration, database, clock, errors, HTTP manners, the outbox."""
