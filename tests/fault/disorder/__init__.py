"""Every message one to five times, in any order, to every consumer: the state is what once and in order gives."""
