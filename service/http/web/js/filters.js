/** Which articles are asked: by outlet and by date of publication. */

import { $, button, el, icon, said, swap } from './dom.js';
import { awayNotice } from './later.js';
import { isFiltered, noFilters } from './state.js';
import { dateWords } from './text.js';

/** Return filters in words, or an empty text where there are none. */
export function filterWords({ outlets, from, to }) {
  const dates = [from && `from ${dateWords(from)}`, to && `until ${dateWords(to)}`].filter(Boolean).join(' ');
  return [outlets.join(', '), dates && `published ${dates}`].filter(Boolean).join('; ');
}

/** Return what to do where there is no article to ask. */
export function noArticle(answer, turn, again) {
  if (answer.reason === 'index_empty') return el('p', {}, el('a', { href: '/articles', 'data-inner': true }, 'Add articles'));
  if (answer.reason !== 'no_articles_match_filters' || !isFiltered(turn.filters)) return null;
  return el('p', {}, button('Ask without the filters', () => again(turn.searchAs, noFilters()), 'main'));
}

/** Make the filters of the composer; they are read from `current()`. */
export function makeFilters() {
  let filters = noFilters();
  const panel = $('#filters');
  const toggle = $('#filter');
  // what is typed into a date is left as it stands there: a part of one is no date yet, and would be wiped
  const change = (next) => { filters = next; chips(filters, put); };
  const put = (next) => { change(next); fields(filters); };
  const open = async (shown) => {
    panel.hidden = !shown;
    toggle.setAttribute('aria-expanded', String(shown));
    if (!shown) return;
    const loaded = await import('./outlets.js').catch(() => null);
    if (loaded) await loaded.fill(panel, () => filters, { change, put }, () => open(false));
    else swap(panel, el('legend', {}, 'Ask only articles'), awayNotice(() => open(true)));
  };
  toggle.addEventListener('click', () => open(panel.hidden));
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    open(false);
    toggle.focus();
  });
  return { current: () => structuredClone(filters), close: () => open(false) };
}

function chips(filters, put) {
  const without = (outlet) => () => put({ ...filters, outlets: filters.outlets.filter((one) => one !== outlet) });
  const dates = filterWords({ ...filters, outlets: [] });
  swap($('#chips'), filters.outlets.map((outlet) => chip(outlet, without(outlet))),
    dates && chip(dates, () => put({ ...filters, from: '', to: '' })));
}

function fields(filters) {
  for (const box of $('#filters').querySelectorAll('input[type=checkbox]')) box.checked = filters.outlets.includes(box.value);
  for (const side of ['from', 'to']) if ($(`#date-${side}`)) $(`#date-${side}`).value = filters[side];
}

function chip(words, remove) {
  const props = { 'aria-label': `Remove the filter ${words}` };
  return el('span.chip', {}, said(words), button(icon('close'), remove, 'bare', props));
}
