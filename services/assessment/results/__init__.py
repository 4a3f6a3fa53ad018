"""Results: component scores from a file, weighted and judged, then published once and for good."""
