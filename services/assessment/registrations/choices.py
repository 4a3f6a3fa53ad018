"""What a choice of college and site comes to while a roster is taken in: place after place, on the terms of the day."""

from services.assessment.pilot.queries import College
from services.assessment.registrations import rules
from services.assessment.registrations.places import Places, Room
from services.assessment.registrations.seats import OfCollege
from services.assessment.registrations.terms import Terms


class Choice:
    """One choice that candidates of a roster made. Few choices differ, so the terms are looked at once a sitting."""

    def __init__(self, college: College | None, site_code: str, places: Places, terms: Terms) -> None:
        self.college_id = college.id.bytes if college is not None else None
        """16 bytes, as COPY takes them; None for a social person."""
        self._college, self._site_code = college, site_code
        self._places, self._terms = places, terms
        self._room: Room | None = None
        self._seats: OfCollege | None = None

    def take_place(self) -> bytes:
        """Take a place, and for a student a seat of the college's; the sitting's id, as 16 bytes. Raises RowRefused."""
        room = self._room
        if room is None or room.free <= 0:
            room = self._room = self._next_room()
        if self._seats is not None:
            self._seats.take()
        room.free -= 1
        return room.sitting_id

    def _next_room(self) -> Room:
        self._terms.check_choice(self._college, self._site_code)
        room = self._places.first_free(self._site_code)
        if room is None:
            raise rules.sitting_full()
        if self._college is not None:
            self._seats = self._terms.seats_at(self._college, room)
        return room
