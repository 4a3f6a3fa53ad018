"""The platform on one machine: its own PostgreSQL, its own RabbitMQ, the services, on free ports, under one folder."""
