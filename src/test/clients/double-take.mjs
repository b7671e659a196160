// Double Take's three calls of its detector "compreface" (api/src/util/detectors/compreface.js), with the same library,
// methods, parameters and parts, against a running FaceStream. Arguments as of compreface-js-sdk.mjs.
import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import axios from "axios";
import FormData from "form-data";

const [port, key, , people] = process.argv.slice(2);
const api = `http://127.0.0.1:${port}/api/v1/recognition`;

function upload(url, params, picture) {
  const form = new FormData();
  form.append("file", createReadStream(`${people}/${picture}`));
  return axios({
    method: "post",
    url,
    params,
    headers: { ...form.getHeaders(), "x-api-key": key },
    data: form,
    validateStatus: () => true,
  });
}

const recognize = (picture) => upload(`${api}/recognize`, { det_prob_threshold: 0.8 }, picture);
const train = (name, picture) => upload(`${api}/faces`, { subject: name }, picture);
const remove = (name) =>
  axios({
    method: "delete",
    url: `${api}/faces`,
    params: { subject: name },
    headers: { "x-api-key": key },
    validateStatus: () => true,
  });

const trained = await train("grace hopper", "Grace_Hopper/us-navy.jpg");
assert.equal(trained.status, 201, JSON.stringify(trained.data));
assert.equal(trained.data.subject, "grace hopper");
console.info("ok    train");

const known = await recognize("Grace_Hopper/us-navy.jpg");
const [face] = known.data.result[0].subjects;
assert.equal(face.subject, "grace hopper");
// Double Take takes 60 % and more for a match, by default.
assert.ok(parseFloat((face.similarity * 100).toFixed(2)) >= 60, JSON.stringify(known.data));
const box = known.data.result[0].box;
assert.ok(box.x_max - box.x_min > 0 && box.y_max - box.y_min > 0);
console.info("ok    recognize somebody known");

const unknown = await recognize("Eileen_Collins/nasa.jpg");
assert.deepEqual(unknown.data.result[0].subjects, []);
console.info("ok    recognize somebody unknown");

const removed = await remove("grace hopper");
assert.deepEqual([removed.status, removed.data], [200, { deleted: 1 }]);
const gone = await recognize("Grace_Hopper/us-navy.jpg");
assert.deepEqual(gone.data.result[0].subjects, []);
console.info("ok    remove");

console.info("4 steps of Double Take's calls passed");
