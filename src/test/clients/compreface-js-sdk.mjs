// Everything that @exadel/compreface-js-sdk 1.0.0 offers, as it comes, against a running FaceStream.
// Arguments: the port, an operator's key, an admin's key, and the folder with pictures of people.
import assert from "node:assert/strict";
import { readFileSync, createReadStream } from "node:fs";
import { createServer } from "node:http";
import { relative } from "node:path";
import { CompreFace } from "@exadel/compreface-js-sdk";

const [port, key, adminKey, people] = process.argv.slice(2);
const path = (picture) => "./" + relative(".", `${people}/${picture}`);
const GRACE = path("Grace_Hopper/us-navy.jpg");
const EILEEN = path("Eileen_Collins/nasa.jpg");
const JOHN = path("John_Ousterhout/tk.jpg");

// The SDK logs URL and key of each list.
console.log = () => {};

const server = new CompreFace("http://127.0.0.1", port);
const recognition = server.initFaceRecognitionService(key);
const admin = server.initFaceRecognitionService(adminKey);
const detection = server.initFaceDetectionService(key);
const verification = server.initFaceVerificationService(key);

// Its calls change the objects, so each call needs a new one.
const subjects = () => recognition.getSubjects();
const faces = () => recognition.getFaceCollection();

let steps = 0;
async function step(what, action) {
  try {
    await action();
    steps++;
    console.info(`ok    ${what}`);
  } catch (error) {
    console.info(`FAILED ${what}: ${error.message} ${JSON.stringify(error.response?.data)}`);
    process.exit(1);
  }
}

async function refused(promise, status, code) {
  const error = await promise.then(
    (answer) => assert.fail(`was answered ${JSON.stringify(answer)}`),
    (failure) => failure,
  );
  assert.equal(error.response?.status, status);
  assert.equal(error.response?.data.code, code);
}

const ids = {};
const nameOf = (face) => face.subjects[0]?.subject;

await step("subjects: add", async () => {
  assert.deepEqual(await subjects().add("Grace Hopper"), { subject: "Grace Hopper" });
});
await step("subjects: list", async () => {
  assert.ok((await subjects().list()).subjects.includes("Grace Hopper"));
});
await step("faces: add a file to that subject", async () => {
  const added = await faces().add(GRACE, "Grace Hopper");
  assert.equal(added.subject, "Grace Hopper");
  ids.grace = added.image_id;
});
await step("faces: add base64, with det_prob_threshold, which makes a subject", async () => {
  const picture = readFileSync(EILEEN).toString("base64");
  const added = await faces().add(picture, encodeURIComponent("Eileen Collins"), { det_prob_threshold: 0.8 });
  assert.equal(added.subject, "Eileen Collins");
  ids.eileen = added.image_id;
});
await step("faces: add from a URL, to a name beyond ASCII", async () => {
  const pictures = createServer((request, response) => {
    response.writeHead(200, { "Content-Type": "image/jpeg" });
    createReadStream(JOHN).pipe(response);
  });
  await new Promise((listening) => pictures.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${pictures.address().port}/john.jpg`;
  const added = await faces().add(url, "Zoë");
  pictures.close();
  assert.equal(added.subject, "Zoë");
  ids.john = added.image_id;
});
await step("faces: list", async () => {
  const listed = (await faces().list()).faces;
  assert.deepEqual(
    listed.map((face) => face.subject),
    ["Eileen Collins", "Grace Hopper", "Zoë"],
  );
});
await step("recognize: a file, with every option", async () => {
  const answer = await recognition.recognize(GRACE, {
    limit: 1,
    det_prob_threshold: 0.8,
    prediction_count: 2,
    face_plugins: "landmarks,age,gender",
    status: "true",
  });
  assert.equal(nameOf(answer.result[0]), "Grace Hopper");
  assert.ok(answer.result[0].subjects[0].similarity > 0.9);
  assert.ok(answer.result[0].box.x_max > answer.result[0].box.x_min);
  assert.equal(answer.result[0].landmarks.length, 5);
});
await step("recognize: base64, without options", async () => {
  const answer = await recognition.recognize(readFileSync(EILEEN).toString("base64"), {});
  assert.equal(nameOf(answer.result[0]), "Eileen Collins");
});
await step("faces: verify with a photo, with options but no limit", async () => {
  const options = { det_prob_threshold: 0.8, face_plugins: "landmarks" };
  const same = await faces().verify(GRACE, ids.grace, options);
  const other = await faces().verify(EILEEN, ids.grace, options);
  assert.ok(same.result[0].similarity > 0.9);
  assert.ok(other.result[0].similarity < 0.5);
  assert.equal(other.result[0].landmarks.length, 5);
});
await step("detect", async () => {
  const answer = await detection.detect(GRACE, { limit: 0, face_plugins: "landmarks" });
  assert.equal(answer.result.length, 1);
  assert.ok(answer.result[0].box.probability > 0.8);
});
await step("verify: two files", async () => {
  const same = await verification.verify(GRACE, GRACE, { limit: 1 });
  const other = await verification.verify(GRACE, EILEEN, { limit: 1 });
  assert.ok(same.result[0].face_matches[0].similarity > 0.99);
  assert.ok(other.result[0].face_matches[0].similarity < 0.5);
  assert.ok(same.result[0].source_image_face.box.x_max > 0);
});
await step("a picture without a face is refused with code 28", async () => {
  const grey =
    "iVBORw0KGgoAAAANSUhEUgAAAUAAAAFACAAAAADo+/p2AAABmElEQVR42u3QMQEAAAwCIKMb3RA7BxFIOYkCgQIFCkSgQIECEShQ" +
    "oEAEChQoEIECBQpEoECBAhEoUKBABAoUKBCBAgUKRKBAgQIRKFCgQIEIFChQIAIFChSIQIECBSJQoECBCBQoUCACBQoUiECBAgUi" +
    "UKBAgQgUKFAgAgUKFChQgUCBAgUiUKBAgQgUKFAgAgUKFIhAgQIFIlCgQIEIFChQIAIFChSIQIECBSJQoECBCBQoUKBABAoUKBCB" +
    "AgUKRKBAgQIRKFCgQAQKFCgQgQIFCkSgQIECEShQoEAEChQoEIECBQoUqECgQIECEShQoEAEChQoEIECBQpEoECBAhEoUKBABAoU" +
    "KBCBAgUKRKBAgQIRKFCgQAQKFChQIAIFChSIQIECBSJQoECBCBQoUCACBQoUiECBAgUiUKBAgQgUKFAgAgUKFIhAgQIFClQgUKBA" +
    "gQgUKFAgAgUKFIhAgQIFIlCgQIEIFChQIAIFChSIQIECBSJQoECBCBQoUCACBQoUKBCBAgUKRKBAgQIRKFCgQAQKFPjDAC4fC7mg" +
    "eWBJAAAAAElFTkSuQmCC";
  await refused(detection.detect(grey, { limit: 0 }), 400, 28);
});
await step("subjects: rename", async () => {
  assert.deepEqual(await subjects().rename("Grace Hopper", "Rear Admiral Hopper"), { updated: true });
  assert.equal(nameOf((await recognition.recognize(GRACE, {})).result[0]), "Rear Admiral Hopper");
});
await step("subjects: rename to somebody's name, beyond ASCII, makes two one", async () => {
  await subjects().add("John Ousterhout");
  assert.deepEqual(await subjects().rename("Zoë", "John Ousterhout"), { updated: true });
  assert.equal(nameOf((await recognition.recognize(JOHN, {})).result[0]), "John Ousterhout");
});
await step("faces: delete", async () => {
  assert.equal((await faces().delete(ids.grace)).image_id, ids.grace);
  await refused(faces().delete(ids.grace), 404, 0);
  assert.deepEqual((await recognition.recognize(GRACE, {})).result[0].subjects, []);
});
await step("faces: delete several", async () => {
  const deleted = await faces().delete_multiple_images([ids.eileen]);
  assert.deepEqual(deleted, [{ image_id: ids.eileen, subject: "Eileen Collins" }]);
});
await step("faces: delete those of a subject", async () => {
  assert.deepEqual(await faces().delete_all_subject("John Ousterhout"), { deleted: 1 });
});
await step("faces: only an admin deletes all", async () => {
  await faces().add(GRACE, "Rear Admiral Hopper");
  await refused(faces().delete_all(), 403, 32);
  assert.deepEqual(await admin.getFaceCollection().delete_all(), { deleted: 1 });
});
await step("subjects: delete", async () => {
  assert.deepEqual(await subjects().delete("Rear Admiral Hopper"), { subject: "Rear Admiral Hopper" });
  await refused(subjects().delete("Nobody"), 404, 0);
});
await step("subjects: only an admin deletes all", async () => {
  await refused(subjects().deleteAll(), 403, 32);
  const left = (await subjects().list()).subjects.length;
  assert.deepEqual(await admin.getSubjects().deleteAll(), { deleted: left });
  assert.deepEqual(await subjects().list(), { subjects: [] });
});
console.info(`${steps} steps of @exadel/compreface-js-sdk 1.0.0 passed`);
