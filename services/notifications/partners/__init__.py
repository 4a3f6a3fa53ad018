"""Partners: what they hear, by webhook and by the streams of their own vhost."""
