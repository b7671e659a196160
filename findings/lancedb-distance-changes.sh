#!/usr/bin/env bash
# What:      the Python package lancedb 0.40.0, a table of 2,000 unit vectors with an index as it comes
#            (IvfPq(distance_type="cosine")), searched for each of 100 of them.
# Guess:     a vector's distance to itself is about 0, and does not change as others are added.
# Behaviour: it is 0.43 on average: what the index answers is computed from its short codes. Once a single row is added,
#            whatever it is, the same searches answer 0, for with rows outside the index the candidates are compared
#            anew; after optimize(), which takes the row in, it is 0.43 again. distance_range(upper_bound=0.3) finds
#            nobody in either case, not even where 0 is answered without it. refine_factor(1) gives 0 throughout.
# Matters:   with a threshold of 0.3 or 0.4 everybody is a stranger, or nobody, by whether somebody was enrolled since
#            the last optimize(). Search with refine_factor, and compare with the threshold yourself.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv venv
venv/bin/pip install -q lancedb==0.40.0 numpy==2.2.6

cat > distances.py <<'PY'
import sys
from importlib.metadata import version

import lancedb
import numpy as np
from lancedb.index import IvfPq

print("lancedb", version("lancedb"))
random = np.random.default_rng(1)
changed = False
for numbers in (128, 512):
    faces = random.normal(size=(2000, numbers)).astype(np.float32)
    faces /= np.linalg.norm(faces, axis=1, keepdims=True)
    stranger = random.normal(size=numbers).astype(np.float32)
    table = lancedb.connect("data").create_table(f"faces{numbers}", [
        {"id": person, "vector": face} for person, face in enumerate(faces)])
    table.create_index("vector", config=IvfPq(distance_type="cosine"))

    def to_themselves(refined=False):
        """How many of the first 100 find themselves, how far away on average, and how many of them below 0.3."""
        right, distances, below = 0, [], 0
        for person in range(100):
            search = table.search(faces[person]).distance_type("cosine").limit(1)
            if refined:
                search = search.refine_factor(1)
            first, = search.to_list()
            right += first["id"] == person
            distances.append(first["_distance"])
            below += len(search.distance_range(upper_bound=0.3).to_list())
        return right, round(float(np.mean(distances)), 4), below

    indexed = to_themselves()
    refined = to_themselves(refined=True)
    table.add([{"id": 2000, "vector": stranger}])
    one_more = to_themselves()
    table.optimize()
    assert table.index_stats("vector_idx").num_unindexed_rows == 0
    optimized = to_themselves()
    for title, (right, distance, below) in (("with the index", indexed), ("with one row more", one_more),
                                            ("after optimize()", optimized), ("with refine_factor(1)", refined)):
        print(f"{numbers} numbers, {title}: {right} of 100 find themselves, at {abs(distance)} on average;"
              f" a search below 0.3 finds {below}")
    changed = changed or not (indexed[1] > 0.3 and optimized[1] > 0.3 and abs(one_more[1]) < 0.001
                              and abs(refined[1]) < 0.001 and indexed[2] < 10 and one_more[2] < 10
                              and min(indexed[0], one_more[0], optimized[0]) > 90)
if changed:
    sys.exit("CHANGED")
print("As described.")
PY
venv/bin/python distances.py 2> errors.log || { cat errors.log >&2; exit 1; }
