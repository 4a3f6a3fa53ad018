"""The whole platform while processes, servers and connections break at random; a seed replays a run."""
