"""The platform's main job, told once from beginning to end through its public interfaces only."""
