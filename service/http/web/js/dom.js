/** Elements, made of text alone: nothing here or elsewhere parses markup. */

import { isSafeHref, webUrl } from './text.js';

/** Return the first element of a selector. */
export const $ = (selector, root = document) => root.querySelector(selector);

/** Return a new element: `el('p.note', {id: 'a', click: fn}, 'text', node)`; what is null or false is left out. */
export function el(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(' ');
  for (const [key, value] of Object.entries(props)) set(node, key, value);
  node.append(...kept(children));
  return node;
}

const kept = (children) => children.flat(2).filter((child) => child !== null && child !== undefined && child !== false);

function set(node, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (typeof value === 'function') node.addEventListener(key, value);
  else if (/^(on|style$|src)/i.test(key) || (key === 'href' && !isSafeHref(value))) throw new TypeError(`no ${key} here`);
  else node.setAttribute(key, value === true ? '' : value);
}

/** Put new children into a node; what had the focus keeps it, by its `data-key`. */
export function swap(node, ...children) {
  const key = node.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  node.replaceChildren(...kept(children));
  if (key) [...node.querySelectorAll('[data-key]')].find((one) => one.dataset.key === key)?.focus({ preventScroll: true });
}

/** Put nodes into a place, in their order; those that are there already are not touched, nor what is typed in them. */
export function arrange(place, nodes) {
  for (const node of [...place.children]) if (!nodes.includes(node)) node.remove();
  nodes.forEach((node, n) => {
    if (place.children[n] !== node) place.insertBefore(node, place.children[n] ?? null);
  });
}

/** Return text from outside, kept apart from what stands beside it whatever its direction. */
export const said = (text, tag = 'bdi') => el(tag, { dir: 'auto' }, text);

/** Return a button. */
export const button = (label, click, kind = 'quiet', props = {}) =>
  el(`button.${kind}`, { type: 'button', click, ...props }, label);

/** Return a link to an article's original, or null where its address is none of the web. */
export function original(article) {
  const url = article.url ? webUrl(article.url) : null;
  if (!url) return null;
  const host = url.hostname.replace(/^www\./, '');
  const props = { href: url.href, rel: 'noopener noreferrer', target: '_blank' };
  return el('a.original', props, `Original at ${host}`, icon('out'), el('span.sr', {}, ' (opens a new tab)'));
}

const PATHS = {
  answered: 'M4 12.5l5 5L20 6.5',
  partial: 'M12 4a8 8 0 100 16 8 8 0 000-16zM12 4v16M12 8h7M12 12h8M12 16h7',
  not_found: 'M10.5 4a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM15.5 15.5L20 20M8 10.5h5',
  failed: 'M12 4L2.5 20h19zM12 10v5M12 17.5v.5',
  up: 'M7 11v9H4v-9zM7 11l4-7c2 0 2 1 2 2l-1 4h6a2 2 0 012 2l-1.500 6a2 2 0 01-2 2H7',
  down: 'M7 13V4H4v9zM7 13l4 7c2 0 2-1 2-2l-1-4h6a2 2 0 002-2l-1.500-6a2 2 0 00-2-2H7',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  close: 'M5 5l14 14M19 5L5 19',
  out: 'M9 5h10v10M19 5L6 18',
};

/** Return a small picture, which readers of the screen pass over. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}

/** Tell it to readers of the screen. */
export function announce(text) {
  $('#live').textContent = text;
}

let fading = 0;

/** Show a message for some seconds, with something to do about it. */
export function toast(text, label, act) {
  clearTimeout(fading);
  const node = $('#toast');
  const hide = () => { node.hidden = true; };
  swap(node, el('span', {}, text), label && button(label, () => { hide(); act(); }, 'quiet'));
  node.hidden = false;
  announce(text);
  fading = setTimeout(hide, 10_000);
}
