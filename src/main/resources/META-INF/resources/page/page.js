'use strict';
// Times are rendered by the server, in the zone of this browser's clock.
document.cookie = 'facestream_zone=' + encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone)
  + '; path=/; max-age=31536000; samesite=lax' + (location.protocol === 'https:' ? '; secure' : '');

// A choice by the pointer is shown at once; by the keyboard, which passes other choices on its way, when the button is
// pressed, as a text or a day is.
let isByKeyboard = false;
document.addEventListener('keydown', () => isByKeyboard = true, true);
document.addEventListener('pointerdown', () => isByKeyboard = false, true);
document.addEventListener('change', event => {
  const form = event.target.closest('form.filter');
  if (form && event.target.matches('select') && !isByKeyboard) form.requestSubmit();
});

// A face that its topic does not hold any more. Failures of pictures do not bubble.
document.addEventListener('error', ({target}) => {
  if (!(target instanceof HTMLImageElement) || !target.getAttribute('src').startsWith('/shots?')) return;
  const silhouette = document.createElement('span');
  silhouette.className = 'noshot';
  silhouette.ariaHidden = 'true';
  target.replaceWith(silhouette);
}, true);

const isPoll = element => (element.getAttribute('hx-trigger') || '').startsWith('every');

// A page that nobody looks at asks for nothing.
document.addEventListener('htmx:beforeRequest', event => {
  if (isPoll(event.detail.elt) && document.visibilityState === 'hidden') event.preventDefault();
});

// What failed is told until something works again: what somebody did, until something that they do.
let isTroubleOfPoll = false;

document.addEventListener('htmx:afterOnLoad', ({detail}) => {
  // The element of the event is its parent where the answer took its place.
  const isOfPoll = isPoll(detail.requestConfig.elt);
  if (detail.failed) isTroubleOfPoll = isOfPoll;
  else if (!isOfPoll || isTroubleOfPoll) document.getElementById('trouble').replaceChildren();
});

// A service that does not answer sends no words.
for (const failure of ['htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(failure, ({detail}) => {
    const trouble = document.getElementById('trouble');
    const told = document.createElement('p');
    told.className = 'failure';
    told.textContent = trouble.dataset.lost;
    trouble.replaceChildren(told);
    isTroubleOfPoll = isPoll(detail.requestConfig.elt);
  });
}

// What renews itself stays as open or folded as it was.
let folds = [];

document.addEventListener('htmx:beforeSwap', () => {
  folds = [...document.querySelectorAll('details[id]')].map(({id, open}) => ({id, open}));
});

document.addEventListener('htmx:afterSwap', () => {
  for (const {id, open} of folds) document.getElementById(id)?.toggleAttribute('open', open);
});

// A form's answer may be out of sight. One in place of the whole view has nothing of it left to have the focus.
document.addEventListener('htmx:afterSwap', ({detail}) => {
  if (detail.target.id === 'main') detail.target.focus();
  if (detail.target.getAttribute('role') === 'status') detail.target.scrollIntoView({block: 'nearest'});
});

// Photos are sent one after the other, and each answer stands beside the name of its file.
let sent = Promise.resolve();

async function outcomeOf(form, photo) {
  const name = form.elements.name;
  const to = form.getAttribute('action') + (name ? '?name=' + encodeURIComponent(name.value) : '');
  const token = JSON.parse(document.body.getAttribute('hx-headers'));
  const response = await fetch(to, {
    method: 'POST', body: photo, headers: {...token, 'Content-Type': 'application/octet-stream', 'HX-Request': 'true'},
  });
  if (response.headers.has('HX-Redirect')) location.assign(response.headers.get('HX-Redirect'));
  const told = new DOMParser().parseFromString(await response.text(), 'text/html');
  const answer = told.querySelector('.outcome, .failure');
  return {text: answer ? answer.textContent : form.dataset.lost, isAccepted: answer?.classList.contains('counts')};
}

async function send(form, photo, line) {
  const tell = (text, isAccepted) => {
    line.textContent = text;
    line.className = isAccepted ? 'counts' : 'failure';
  };
  try {
    const {text, isAccepted} = await outcomeOf(form, photo);
    tell(text, isAccepted);
    if (isAccepted) {
      await htmx.ajax('GET', location.href, {target: '#known', select: '#known', swap: 'outerHTML'});
    }
  } catch {
    tell(form.dataset.lost, false);
  }
}

function enrol(form, photos) {
  const lines = form.querySelector('.outcomes');
  lines.replaceChildren();
  [...photos].forEach((photo, place) => {
    const name = document.createElement('bdi');
    name.textContent = photo.name;
    const line = document.createElement('span');
    const item = document.createElement('li');
    item.append(name, ' ', line);
    lines.append(item);
    const refusal = place >= form.dataset.most ? form.dataset.tooMany
      : photo.size > form.dataset.largest ? form.dataset.tooLarge : null;
    line.textContent = refusal || form.dataset.sending;
    line.className = refusal ? 'failure' : 'soft';
    if (!refusal) sent = sent.then(() => send(form, photo, line));
  });
}

// Photos that are chosen before the name wait for it.
function enrolChosen(form) {
  const chosen = form.querySelector('[type=file]');
  if (!chosen.files.length || !form.reportValidity()) return;
  enrol(form, [...chosen.files]);
  chosen.value = '';
}

document.addEventListener('change', event => {
  const form = event.target.closest('form.drop');
  if (form) enrolChosen(form);
});
document.addEventListener('submit', event => {
  if (event.target.matches('form.drop')) event.preventDefault();
});
// A file that misses the form would be opened in place of the page.
for (const kind of ['dragover', 'drop']) {
  document.addEventListener(kind, event => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    const form = event.target.closest('form.drop');
    const isOver = each => kind === 'dragover' && each === form;
    document.querySelectorAll('form.drop').forEach(each => each.classList.toggle('over', isOver(each)));
    if (kind === 'drop' && form) {
      form.querySelector('[type=file]').files = event.dataTransfer.files;
      enrolChosen(form);
    }
  });
}

// Names that are known are offered to whoever types one.
let offering = 0;
document.addEventListener('input', ({target}) => {
  if (target.getAttribute('list') !== 'names') return;
  clearTimeout(offering);
  offering = setTimeout(
    () => htmx.ajax('GET', '/people/names?part=' + encodeURIComponent(target.value), {target: '#names'}), 200);
});
