"""What every service is bolted to: settings, database, web, access, personal data, clock, logs, metrics, health."""
