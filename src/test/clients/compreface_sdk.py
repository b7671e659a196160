"""Everything that compreface-sdk 0.6.0 offers, as it comes, against a running FaceStream.

Arguments: the port, an operator's key, an admin's key, and the folder with pictures of people.
"""

import sys

from compreface import CompreFace

port, key, admin_key, people = sys.argv[1:]
GRACE = f"{people}/Grace_Hopper/us-navy.jpg"
EILEEN = f"{people}/Eileen_Collins/nasa.jpg"

server = CompreFace("http://127.0.0.1", port)
recognition = server.init_face_recognition(key)
faces = recognition.get_face_collection()
subjects = recognition.get_subjects()
all_subjects = CompreFace("http://127.0.0.1", port).init_face_recognition(admin_key).get_subjects()
detection = server.init_face_detection(key)
verification = server.init_face_verification(key)
OPTIONS = {"limit": 1, "det_prob_threshold": 0.8, "face_plugins": "landmarks", "status": "true"}
steps = 0


def step(what, holds, answer):
    global steps
    if not holds(answer):
        sys.exit(f"FAILED {what}: {answer}")
    steps += 1
    print(f"ok    {what}")
    return answer


step("subjects: add", lambda a: a == {"subject": "Grace Hopper"}, subjects.add("Grace Hopper"))
added = step(
    "faces: add a file, with det_prob_threshold",
    lambda a: a["subject"] == "Grace Hopper",
    faces.add(image_path=GRACE, subject="Grace Hopper", options={"det_prob_threshold": 0.8}),
)
with open(EILEEN, "rb") as file:
    picture = file.read()
eileen = step(
    "faces: add bytes, to a name beyond ASCII",
    lambda a: a["subject"] == "Eileen Zoë Collins",
    faces.add(image_path=picture, subject="Eileen Zoë Collins"),
)
step("faces: list", lambda a: added in a["faces"] and eileen in a["faces"], faces.list())
step("subjects: list", lambda a: {"Grace Hopper", "Eileen Zoë Collins"} <= set(a["subjects"]), subjects.list())
step(
    "recognize, with every option",
    lambda a: a["result"][0]["subjects"][0]["subject"] == "Grace Hopper",
    recognition.recognize(image_path=GRACE, options=OPTIONS | {"prediction_count": 2}),
)
step(
    "faces: verify with a photo",
    lambda a: a["result"][0]["similarity"] > 0.9,
    faces.verify(image_path=GRACE, image_id=added["image_id"], options=OPTIONS),
)
step("detect", lambda a: len(a["result"]) == 1, detection.detect(image_path=GRACE, options=OPTIONS))
step(
    "verify two files",
    lambda a: a["result"][0]["face_matches"][0]["similarity"] < 0.5,
    verification.verify(source_image_path=GRACE, target_image_path=EILEEN, options=OPTIONS),
)
step("subjects: update", lambda a: a == {"updated": True}, subjects.update("Grace Hopper", "Rear Admiral Hopper"))
step("faces: delete", lambda a: a["image_id"] == added["image_id"], faces.delete(added["image_id"]))
step("faces: delete those of a subject", lambda a: a == {"deleted": 1}, faces.delete_all("Eileen Zoë Collins"))
step(
    "subjects: delete",
    lambda a: a == {"subject": "Rear Admiral Hopper"},
    subjects.delete("Rear Admiral Hopper"),
)
step("subjects: only an admin deletes all", lambda a: a["code"] == 32, subjects.delete_all())
step("subjects: delete all", lambda a: a["deleted"] > 0, all_subjects.delete_all())
print(f"{steps} steps of compreface-sdk 0.6.0 passed")
