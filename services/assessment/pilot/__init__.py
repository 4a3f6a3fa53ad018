"""What the registry has said: who takes part in the pilot, under which agreement, with which certificates and sites."""
