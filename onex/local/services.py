"""The five services, by the names they carry in addresses, databases, queues and settings."""

SERVICES: tuple[str, ...] = ("registry", "assessment", "certificates", "creditbank", "notifications")
