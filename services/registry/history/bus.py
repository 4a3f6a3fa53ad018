"""The history hears nothing: it is written by `recording.py` with whatever it records."""


class HistoryBus:
    pass
