/** Scripts that are loaded once the page stands, and what is said where one cannot be. */

import { AWAY } from './api.js';
import { button, el } from './dom.js';

const LATER = [
  () => import('./turn.js'), () => import('./ask.js'), () => import('./reader.js'), () => import('./articles.js'),
  () => import('./outlets.js'), () => import('./markdown.js'),
];

/** Load what is not needed yet while the page is idle, so that it is there should the server be away. */
export function loadLater() {
  const idle = window.requestIdleCallback ?? setTimeout;
  const load = () => Promise.all(LATER.map((one) => one())).catch(() => {}); // what needs one tries anew, and says so
  addEventListener('load', () => idle(() => load()), { once: true });
}

/** Return what is said where a script cannot be loaded; `again` tries once more. */
export const awayNotice = (again) => el('p.notice', { role: 'alert' }, `${AWAY} `, button('Try again', again, 'link'));
