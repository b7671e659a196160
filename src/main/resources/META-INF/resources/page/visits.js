'use strict';
// A socket tells that visits have changed, and the list asks for them. While it is open, the list's own questions of
// every few seconds are left out but for one a minute: they find what no topic tells of.
const RARELY = 60_000;
let ears = null;
let areOpen = false;
let lastAsked = 0;
let rest = 500;

document.addEventListener('htmx:beforeRequest', event => {
  if (event.detail.elt.id !== 'newest' || event.defaultPrevented) return;
  const isTold = event.detail.requestConfig.triggeringEvent?.type === 'news';
  if (!isTold && areOpen && performance.now() - lastAsked < RARELY) event.preventDefault();
  else lastAsked = performance.now();
});

// After a failure the list goes on asking until something comes.
document.addEventListener('htmx:afterRequest', ({detail}) => {
  if (detail.elt.id === 'newest' && !detail.successful) lastAsked = -RARELY;
});

// A page that nobody looks at has no socket.
function listen() {
  const path = document.getElementById('newest').dataset.socket;
  if (!path || ears || document.visibilityState === 'hidden') return;
  const mine = ears = new WebSocket(location.origin.replace(/^http/, 'ws') + path);
  mine.onopen = () => {
    areOpen = true;
    rest = 500;
  };
  mine.onmessage = () => htmx.trigger('#newest', 'news');
  mine.onclose = ({code}) => {
    if (ears !== mine) return;
    ears = null;
    areOpen = false;
    if (document.visibilityState === 'hidden') return;
    // Not all pages at the same moment.
    setTimeout(listen, rest * (1 + Math.random()));
    rest = code === 4429 ? RARELY : Math.min(2 * rest, 30_000);
  };
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden' && ears) {
    ears.close();
    ears = null;
    areOpen = false;
  }
  listen();
});
listen();
