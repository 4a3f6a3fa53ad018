"""How often Python's garbage collector looks for circles of objects that only hold each other."""

import gc


def spare() -> None:
    """Have it look less often from now on, and never again through what lives already: for a process that takes batches.

    A batch makes tens of thousands of objects that live until it ends, and none of them in a circle: looking through them again
    and again, and through all that was imported, finds nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
