/** The frame of the article that is read: the way out, and below it what there is to read. */

import { $, button, el, icon, swap } from './dom.js';

/** Show `content` in the frame; `close` leaves it, and `copy` stands before the way out. */
export function showFrame(close, content, copy = null) {
  const bar = el('div.bar', {}, copy, button([icon('close'), ' Close'], close, 'quiet', { 'data-key': 'close' }));
  swap($('#reader'), bar, el('div.page', {}, content));
}
