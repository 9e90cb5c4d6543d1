/** The access token: asked for when the server wants one, kept for this tab alone. */

import { $, button, el, swap } from './dom.js';

const KEY = 'pullquote.token';
let asking = null;

let held = kept();

/** Return the token of this tab, or null. */
export const token = () => held;

function kept() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null; // storage is switched off: the token lasts until the page is left
  }
}

function keep(value) {
  held = value;
  try {
    if (value) sessionStorage.setItem(KEY, value);
    else sessionStorage.removeItem(KEY);
  } catch {
    // as above
  }
  $('#token').hidden = !value;
}

/** Ask for a token unless there is another than `used` by now; return whether there is one to try. */
export async function askForToken(used) {
  if (token() !== used) return Boolean(token());
  asking ??= shown(used ? 'The server did not accept this token.' : 'The server asks for an access token.').finally(() => { asking = null; });
  return asking;
}

/** Make the button that changes or forgets the token. */
export function installToken() {
  $('#token').hidden = !token();
  $('#token').addEventListener('click', () => shown('Requests of this tab are sent with a token.', true));
}

function shown(why, forgettable = false) {
  const dialog = $('#token-dialog');
  const input = el('input', { id: 'token-input', type: 'password', autocomplete: 'off', spellcheck: 'false' });
  const forget = () => { keep(null); dialog.close(); };
  const form = el('form', { novalidate: true },
    el('h2', { id: 'token-title' }, 'Access token'),
    el('p', {}, why),
    el('label', { for: 'token-input' }, 'Token'), input,
    el('p.soft', {}, 'It is kept for this tab alone, until it is closed.'),
    el('div.row', {},
      forgettable && button('Forget it', forget),
      button('Cancel', () => dialog.close()),
      el('button.main', { type: 'submit' }, 'Use it')));
  swap(dialog, form);
  dialog.showModal();
  input.focus();
  return entered(dialog, form, input);
}

function entered(dialog, form, input) {
  return new Promise((resolve) => {
    let given = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const value = input.value.trim();
      if (!value) return;
      given = /^[\x21-\x7e]+$/.test(value); // a header holds nothing else
      if (given) keep(value);
      dialog.close();
    });
    dialog.addEventListener('close', () => { swap(dialog); resolve(given); }, { once: true });
  });
}
