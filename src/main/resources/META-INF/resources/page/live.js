'use strict';
// Draws what the cameras show: the pictures as they came, and above them whom they show.
const wall = document.getElementById('wall');
const words = wall.dataset;
const tiles = new Map();
const clock = new Intl.DateTimeFormat(undefined, {timeStyle: 'medium'});
const day = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'});

function tileOf(camera) {
  if (tiles.has(camera)) return tiles.get(camera);
  const item = document.getElementById('tile').content.firstElementChild.cloneNode(true);
  const part = selector => item.querySelector(selector);
  const tile = {item, canvas: part('canvas'), boxes: part('.boxes'), time: part('time'), state: part('.state')};
  part('.camera bdi').textContent = camera;
  part('.camera').href = '/?camera=' + encodeURIComponent(camera);
  tile.canvas.setAttribute('aria-label', words.picture + ' ' + camera);
  const size = part('button');
  const name = () => size.textContent = item.classList.contains('large') ? words.smaller : words.larger;
  size.addEventListener('click', () => {
    item.classList.toggle('large');
    name();
    item.scrollIntoView({block: 'nearest'});
  });
  size.setAttribute('aria-description', camera);
  name();
  const after = [...tiles].filter(([other]) => other > camera).sort(([a], [b]) => a < b ? -1 : 1)[0];
  document.getElementById('tiles').insertBefore(item, after ? after[1].item : null);
  tiles.set(camera, tile);
  return tile;
}

function box(face) {
  const item = document.createElement('li');
  item.className = face.decision.toLowerCase();
  for (const side of ['left', 'top', 'width', 'height']) item.style[side] = 100 * face[side] + '%';
  const who = document.createElement('bdi');
  who.textContent = face.name || (face.decision === 'AMBIGUOUS' ? words.ambiguous : words.unknown);
  item.append(who);
  return item;
}

const PLACES = ['above', 'below', 'within'];

function overlap(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

// A name lies above its face; where that is outside the picture or upon another name, below it or within it.
function placeNames(boxes) {
  const picture = boxes.getBoundingClientRect();
  const taken = [];
  for (const item of boxes.children) {
    const at = place => {
      item.dataset.name = place;
      return item.firstElementChild.getBoundingClientRect();
    };
    const inside = PLACES.filter(place => at(place).top >= picture.top && at(place).bottom <= picture.bottom);
    const free = inside.find(place => !taken.some(other => overlap(at(place), other)));
    taken.push(at(free || inside[0] || 'within'));
  }
}

async function show(message) {
  const length = new DataView(message).getUint32(0);
  const view = JSON.parse(new TextDecoder().decode(new Uint8Array(message, 4, length)));
  const tile = tileOf(view.camera);
  try {
    const picture = await createImageBitmap(new Blob([new Uint8Array(message, 4 + length)], {type: view.type}));
    tile.canvas.width = picture.width;
    tile.canvas.height = picture.height;
    tile.canvas.getContext('2d').drawImage(picture, 0, 0);
    picture.close();
    tile.boxes.replaceChildren(...view.faces.map(box));
    placeNames(tile.boxes);
    tile.failure = null;
  } catch {
    tile.failure = words.unreadable;
  }
  tile.item.dataset.sequence = view.sequence;
  tile.time.dateTime = view.appendedAt;
  tile.time.textContent = clock.format(new Date(view.appendedAt));
  return view.sequence;
}

// What the process that films a camera says of it, where that is worse than what its pictures say.
function fault(state, filming) {
  if (!filming || filming.state === 'playing') return '';
  if (state === 'shown' && !['failing', 'frozen'].includes(filming.state)) return '';
  return words[filming.state] + ' ' + day.format(new Date(filming.since)) + (filming.why ? ': ' + filming.why : '');
}

function tell({cameras}) {
  for (const {camera, state, lastFrame, filming} of cameras) {
    const tile = tileOf(camera);
    const text = fault(state, filming)
      || (state === 'shown' ? tile.failure || ''
        : state === 'silent' && lastFrame ? words.silent + ' ' + day.format(new Date(lastFrame))
        : state === 'silent' ? words.unheard : words[state]);
    if (tile.state.textContent !== text) tile.state.textContent = text;
    tile.item.dataset.state = state;
  }
  const there = new Set(cameras.map(each => each.camera));
  for (const [camera, tile] of tiles) {
    if (there.has(camera)) continue;
    tile.item.remove();
    tiles.delete(camera);
  }
  document.getElementById('nothing').hidden = cameras.length > 0;
  document.getElementById('hint').hidden = !cameras.some(each => each.state === 'silent' && !each.filming);
}

function trouble(text) {
  const place = document.getElementById('unconnected');
  place.hidden = !text;
  place.textContent = text;
}

// A page that nobody looks at has no socket.
let socket = null;
let pause = 500;

function connect() {
  if (socket || document.visibilityState === 'hidden') return;
  const mine = socket = new WebSocket(location.origin.replace(/^http/, 'ws') + '/live/socket');
  mine.binaryType = 'arraybuffer';
  let isOpen = false;
  mine.onopen = () => {
    isOpen = true;
    trouble('');
  };
  mine.onmessage = async ({data}) => {
    pause = 500;
    if (typeof data === 'string') return tell(JSON.parse(data));
    const sequence = await show(data);
    requestAnimationFrame(() => { if (mine.readyState === WebSocket.OPEN) mine.send(String(sequence)); });
  };
  mine.onclose = async ({code}) => {
    if (socket === mine) socket = null;
    if (document.visibilityState === 'hidden') return;
    if (code === 4401 || !isOpen && await isSignedOut()) {
      location.assign('/sign-in?next=%2Flive');
    } else if (code === 4429) {
      trouble(words.crowded);
    } else {
      trouble(code === 4503 ? words.database : words.lost);
      setTimeout(connect, pause);
      pause = Math.min(2 * pause, 10000);
    }
  };
}

async function isSignedOut() {
  try {
    return (await fetch('/live', {redirect: 'manual'})).type === 'opaqueredirect';
  } catch {
    return false;
  }
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden' && socket) socket.close();
  connect();
});
connect();
