"""Deliveries: each notice for each subscription, tried until it is through or given up."""
