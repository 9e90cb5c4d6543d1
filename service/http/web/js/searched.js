/** What was searched: shown, and editable; and the window of publication, to be taken away. */

import { button, el, icon, said, swap } from './dom.js';
import { dateWords, dayBeside } from './text.js';

const MAX_QUERIES = 8;

/** Return the line of what was searched; `again(queries)` asks anew. */
export function searchedOf(answer, again) {
  const queries = answer.searched.slice(0, MAX_QUERIES);
  const box = el('div.searched', {});
  const show = () => swap(box, line(queries, () => edit(box, queries, again, show)), windowOf(answer, again));
  show();
  return box;
}

function line(queries, edit) {
  const words = queries.map((query, n) => [n ? ', ' : '', said(`“${query}”`)]);
  const props = { 'data-key': 'edit', 'aria-label': 'Edit what is searched for' };
  return el('p.soft', {}, 'Searched for ', words, ' ', button('Edit', edit, 'link', props));
}

function edit(box, queries, again, back) {
  const area = el('textarea', { id: `queries-${Math.random()}`, rows: Math.max(2, queries.length), dir: 'auto' });
  area.value = queries.join('\n');
  const submit = (event) => {
    event.preventDefault();
    const wanted = area.value.split('\n').map((query) => query.trim()).filter(Boolean);
    if (wanted.length) again(wanted.slice(0, MAX_QUERIES));
  };
  const form = el('form', { submit },
    el('label', { for: area.id }, 'Search for, one a line'), area,
    el('div.row', {}, button('Cancel', () => { back(); box.querySelector('button').focus(); }),
      el('button.main', { type: 'submit' }, 'Search again')));
  swap(box, form);
  area.focus();
}

function windowOf({ window, searched }, again) {
  if (!window) return null;
  const last = dayBeside(window.published_to.slice(0, 10), -1);
  const words = `Published ${dateWords(window.published_from)} to ${dateWords(last)}`;
  const remove = () => again(searched.slice(0, MAX_QUERIES));
  const props = { 'aria-label': 'Search all dates instead', title: 'Search all dates instead' };
  return el('p.chip', {}, el('span', {}, words, ' (', said(`“${window.wording}”`), ')'), button(icon('close'), remove, 'bare', props));
}
