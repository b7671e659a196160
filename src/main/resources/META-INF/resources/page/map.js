// Zooms and moves the map: by its buttons, the wheel, and dragging. Circles and names keep their size on the screen.
'use strict';

const map = document.getElementById('map');
if (map) {
  const SIDE = 1000;
  const CLOSEST = SIDE / 64;
  let box = { x: 0, y: 0, side: SIDE };

  // How many pixels the map's side has.
  const seen = () => {
    const { width, height } = map.getBoundingClientRect();
    return Math.min(width, height);
  };

  const show = () => {
    map.setAttribute('viewBox', `${box.x} ${box.y} ${box.side} ${box.side}`);
    map.style.setProperty('--unit', `${box.side / seen()}px`);
    map.classList.toggle('near', box.side < SIDE / 2);
  };

  // Keeps the point under (x, y) where it is, and the map in sight.
  const zoom = (factor, x, y) => {
    const side = Math.min(SIDE, Math.max(CLOSEST, box.side * factor));
    const scale = side / box.side;
    move(x - (x - box.x) * scale, y - (y - box.y) * scale, side);
  };

  const move = (x, y, side) => {
    const inside = value => Math.min(SIDE - side, Math.max(0, value));
    box = { x: inside(x), y: inside(y), side };
    show();
  };

  const point = event => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    return [at.x, at.y];
  };

  document.getElementById('zoom').addEventListener('click', event => {
    const factor = Number(event.target.dataset.zoom);
    if (event.target.dataset.zoom === '0') {
      move(0, 0, SIDE);
    } else if (factor) {
      zoom(factor, box.x + box.side / 2, box.y + box.side / 2);
    }
  });

  map.addEventListener('wheel', event => {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 0.8 : 1.25, ...point(event));
  }, { passive: false });

  let held;
  map.addEventListener('pointerdown', event => {
    if (!event.target.closest('a')) {
      held = point(event);
      map.setPointerCapture(event.pointerId);
    }
  });
  map.addEventListener('pointermove', event => {
    if (held) {
      const [x, y] = point(event);
      move(box.x + held[0] - x, box.y + held[1] - y, box.side);
    }
  });
  for (const end of ['pointerup', 'pointercancel']) {
    map.addEventListener(end, () => { held = undefined; });
  }

  // Whoever the keyboard comes to is brought into sight. A map that listened itself would be a stop of its own.
  document.addEventListener('focusin', event => {
    const circle = event.target.closest('#map a')?.querySelector('circle');
    if (!circle) return;
    const [x, y] = [circle.cx.baseVal.value, circle.cy.baseVal.value];
    if (x < box.x || y < box.y || x > box.x + box.side || y > box.y + box.side) {
      move(x - box.side / 2, y - box.side / 2, box.side);
    }
  });

  // Names on the right stand before their circles, or they would not end within the map.
  for (const name of map.querySelectorAll('text')) {
    name.classList.toggle('before', Number(name.getAttribute('x')) > 0.7 * SIDE);
  }
  new ResizeObserver(show).observe(map);
}
