"""Event and timer doors of exits. It has none: other areas' daily checks open cases by themselves."""


class ExitsBus:
    pass
