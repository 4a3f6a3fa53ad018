"""Registrations: candidates taken in from rosters, each for one plan and one sitting."""
