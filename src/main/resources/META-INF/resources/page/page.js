'use strict';
// Times are rendered by the server, in the zone of this browser's clock.
document.cookie = 'facestream_zone=' + encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone)
  + '; path=/; max-age=31536000; samesite=lax' + (location.protocol === 'https:' ? '; secure' : '');

// A choice is shown at once. A text or a day is when it was typed, by the button.
document.addEventListener('change', event => {
  const form = event.target.closest('form.filter');
  if (form && event.target.matches('select')) form.requestSubmit();
});

// A page that nobody looks at asks for nothing.
document.addEventListener('htmx:beforeRequest', event => {
  const isPoll = (event.detail.elt.getAttribute('hx-trigger') || '').startsWith('every');
  if (isPoll && document.visibilityState === 'hidden') event.preventDefault();
});

// What failed is told until something works again.
document.addEventListener('htmx:afterOnLoad', event => {
  if (event.detail.successful) document.getElementById('trouble').replaceChildren();
});
