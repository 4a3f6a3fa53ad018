"""Repeats a draw from what was published of it, with Python's standard library alone. The method: docs/inspections.md.

    python repeat_draw.py draw.json        # or: curl -s …/registry/v1/inspection-draws/<id> | python repeat_draw.py -

Prints the inspections (or monitoring points) that the seed draws. Ends with 1 if anything published does not fit, saying what.
"""

import hashlib
import hmac
import json
import sys


def digest(lines):
    return hashlib.sha256("".join(line + "\n" for line in sorted(lines)).encode()).hexdigest()


def numbers(seed, context, label):
    block = 0
    while True:
        drawn = hmac.new(seed, f"{context}\n{label}\n{block}".encode(), hashlib.sha256).digest()
        for first in (0, 8, 16, 24):
            yield int.from_bytes(drawn[first : first + 8], "big")
        block += 1


def shuffle(items, seed, context, label):
    items, stream = sorted(items), numbers(seed, context, label)
    for i in range(len(items) - 1, 0, -1):
        x = next(stream)
        while x >= 2**64 // (i + 1) * (i + 1):
            x = next(stream)
        j = x % (i + 1)
        items[i], items[j] = items[j], items[i]
    return items


def repeat_inspections(draw, seed):
    """[(organization's id, inspectors' codes)], and what does not fit."""
    wrong = []
    if hashlib.sha256(seed).hexdigest() != draw["commitment"]:
        wrong.append("the seed is not the one that was committed to")
    if digest(draw["candidates"]) != draw["candidates_digest"]:
        wrong.append("the list of candidates is not the one that was frozen")
    if (
        digest(" ".join([code, *sorted(barred)]) for code, barred in draw["inspectors"].items())
        != draw["inspectors_digest"]
    ):
        wrong.append("the list of inspectors is not the one that was frozen")
    context = "\n".join(
        ["onex-draw-1", draw["candidates_digest"], draw["inspectors_digest"], draw["public_value"] or ""]
    )
    visits, load = [], dict.fromkeys(draw["inspectors"], 0)
    for place, organization in enumerate(shuffle(draw["candidates"], seed, context, "organizations")[: draw["count"]]):
        may = [code for code, barred in draw["inspectors"].items() if organization not in barred]
        order = shuffle(may, seed, context, f"inspectors {place}")
        going = sorted(order, key=lambda code: load[code])[: draw["inspectors_each"]]
        for code in going:
            load[code] += 1
        visits.append((organization, going))
    published = [(visit["organization_id"], visit["inspectors"]) for visit in draw["visits"]]
    if draw["state"] == "drawn" and published != visits:
        wrong.append("another result was published")
    return visits, wrong


def repeat_points(draw, seed):
    """The candidates in the order in which they are drawn, and what does not fit."""
    wrong, strata = [], draw["candidates"]
    if (
        digest(f"{province} {college}" for province in strata for college in strata[province])
        != draw["candidates_digest"]
    ):
        wrong.append("the list of candidates is not the one whose digest was published")
    context = "\n".join(["onex-draw-1", draw["candidates_digest"], digest([]), ""])
    provinces = shuffle(strata, seed, context, "provinces")
    waiting = {province: shuffle(strata[province], seed, context, f"colleges {province}") for province in provinces}
    drawn = []
    while any(waiting.values()):
        drawn += [waiting[province].pop(0) for province in provinces if waiting[province]]
    if drawn != draw["drawn"]:
        wrong.append("another order was published")
    return [(college, []) for college in drawn[: draw["count"]]], wrong


def main(path):
    with sys.stdin if path == "-" else open(path, encoding="utf-8") as file:
        draw = json.load(file)
    if not draw["seed"]:
        print(f"The draw is held on {draw['draw_on']} or later; until then its seed is not published.")
        return 0
    repeat = repeat_inspections if "commitment" in draw else repeat_points
    drawn, wrong = repeat(draw, bytes.fromhex(draw["seed"]))
    for place, (organization, inspectors) in enumerate(drawn, 1):
        print(place, organization, *inspectors)
    for one in wrong:
        print(f"WRONG: {one}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
