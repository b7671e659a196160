"""Norfair and ByteTrack on the boxes of scenes, scored as SceneScore does it: compare-trackers.py BOXES.

BOXES has a line of JSON for each frame of a scene, and one for its truth after the last of them. Each tracker runs with
several settings. What FaceStream told is in the file too: the score that SceneScore gave it must come out here as well.
"""

import collections
import json
import logging
import math
import sys

import norfair
import numpy
import supervision

# A visit, or a track that tells it, has at least two faces.
LEAST_FACES = 2
# A visit is found by a track whose time overlaps it by this IoU at least.
SAME_TIME = 0.5

Face = collections.namedtuple("Face", "visit seconds")
Score = collections.namedtuple("Score", "visits found split merged ghosts")


def owner(track):
    """The visit of most of its faces; -1 for nobody."""
    return collections.Counter(face.visit for face in track).most_common(1)[0][0]


def is_mixed(track):
    """Whether a fifth of its faces, and three at least, are of another visit."""
    main = owner(track)
    counts = collections.Counter(face.visit for face in track)
    return any(
        visit != main and visit >= 0 and count >= 3 and count >= 0.2 * len(track) for visit, count in counts.items())


def overlap(visit, track):
    first, last = track[0].seconds, track[-1].seconds
    both = min(last, visit["lastSeen"]) - max(first, visit["firstSeen"])
    either = max(last, visit["lastSeen"]) - min(first, visit["firstSeen"])
    return 1 if either <= 0 else both / either


def score(visits, tracks):
    tracks_of = collections.defaultdict(list)
    for track in tracks:
        tracks_of[owner(track)].append(track)
    seen = [(number, visit) for number, visit in enumerate(visits) if visit["frames"] >= LEAST_FACES]
    return Score(
        visits=len(seen),
        found=sum(any(overlap(visit, track) >= SAME_TIME for track in tracks_of[number]) for number, visit in seen),
        split=sum(len(tracks_of[number]) > 1 for number, visit in seen),
        merged=sum(is_mixed(track) for track in tracks),
        ghosts=len(tracks_of[-1]))


def frigate_distance(detection, tracked):
    """How far the middle of the lower edge moved and how much the box grew, in units of the box, as in Frigate."""
    (left, top), (right, bottom) = detection.points
    (was_left, was_top), (was_right, was_bottom) = tracked.estimate
    width, height = right - left, bottom - top
    was_width, was_height = was_right - was_left, was_bottom - was_top
    return math.hypot(
        ((left + right) - (was_left + was_right)) / 2 / was_width,
        (bottom - was_bottom) / was_height,
        max(width, was_width) / min(width, was_width) - 1,
        max(height, was_height) / min(height, was_height) - 1)


def by_norfair(frames, frames_per_second, delay, seconds):
    """Faces are counted from the first on, once a track is initialised."""
    tracker = norfair.Tracker(
        distance_function=frigate_distance,
        distance_threshold=2.5,
        initialization_delay=delay,
        hit_counter_max=round(seconds * frames_per_second))
    faces = collections.defaultdict(list)
    initialised = set()
    for frame in frames:
        detections = [
            norfair.Detection(numpy.array(face["box"]).reshape(2, 2), data=face["visit"]) for face in frame["faces"]]
        tracker.update(detections)
        new = {id(detection) for detection in detections}
        for tracked in tracker.tracked_objects:
            if id(tracked.last_detection) in new:
                faces[tracked.global_id].append(Face(tracked.last_detection.data, frame["seconds"]))
            if tracked.id is not None:
                initialised.add(tracked.global_id)
    return [track for number, track in faces.items() if number in initialised]


def by_bytetrack(frames, frames_per_second, matching, seconds):
    """Its buffer counts frames at 30 frames/s."""
    tracker = supervision.ByteTrack(
        minimum_matching_threshold=matching,
        lost_track_buffer=round(30 * seconds),
        frame_rate=frames_per_second)
    faces = collections.defaultdict(list)
    for frame in frames:
        seen = frame["faces"]
        tracked = tracker.update_with_detections(
            supervision.Detections(
                xyxy=numpy.array([face["box"] for face in seen], dtype=float).reshape(-1, 4),
                confidence=numpy.ones(len(seen)),
                class_id=numpy.zeros(len(seen), dtype=int),
                data={"visit": numpy.array([face["visit"] for face in seen], dtype=int)}))
        if len(tracked) > 0:
            for number, visit in zip(tracked.tracker_id, tracked.data["visit"]):
                faces[number].append(Face(int(visit), frame["seconds"]))
    return list(faces.values())


def by_facestream(frames):
    faces = collections.defaultdict(list)
    for frame in frames:
        for face in frame["faces"]:
            if face["sighting"] is not None:
                faces[face["sighting"]].append(Face(face["visit"], frame["seconds"]))
    return list(faces.values())


# Frigate keeps a lost object for 5 s and initialises it after half a second; Norfair's own default delay is half of
# what it keeps. 0.8 is supervision's default; above it boxes that hardly overlap match too.
TRACKERS = {
    **{
        f"Norfair, delay {delay}, lost after {seconds} s": (by_norfair, delay, seconds)
        for delay in (1, 2) for seconds in (1, 5, 30)},
    **{
        f"ByteTrack, matching {matching}, lost after {seconds} s": (by_bytetrack, matching, seconds)
        for matching in (0.8, 0.99) for seconds in (1, 5, 30)},
}


def scenes(file):
    """Frames, truth: one scene after the other."""
    frames = []
    for line in file:
        read = json.loads(line)
        if "visits" in read:
            yield frames, read
            frames = []
        else:
            frames.append(read)


def main():
    logging.getLogger().setLevel(logging.ERROR)  # Norfair warns of every distance that is a function of two boxes
    totals = collections.defaultdict(lambda: Score(0, 0, 0, 0, 0))

    def add(name, visits, tracks):
        told = score(visits, [track for track in tracks if len(track) >= LEAST_FACES])
        totals[name] = Score(*map(sum, zip(totals[name], told)))
        return told

    with open(sys.argv[1], encoding="utf-8") as file:
        for frames, truth in scenes(file):
            visits = truth["visits"]
            own = add("FaceStream", visits, by_facestream(frames))
            expected = Score(**truth["score"])
            if own != expected:
                raise SystemExit(f"seed {truth['seed']}: SceneScore has {expected} for FaceStream, this script {own}")
            for name, (track, *settings) in TRACKERS.items():
                add(name, visits, track(frames, truth["framesPerSecond"], *settings))
            print(f"seed {truth['seed']} done", file=sys.stderr, flush=True)
    for name, of in totals.items():
        found, split, merged, ghosts = (100 * count / of.visits for count in of[1:])
        print(
            f"{name}: {of.visits} visits: found {found:.1f} %, split {split:.1f} %, merged {merged:.1f} %,"
            f" ghosts {ghosts:.1f} per 100")


if __name__ == "__main__":
    main()
