/** The panel of the filters: the outlets that there are, and the dates. */

import { call } from './api.js';
import { $, button, el, said, swap } from './dom.js';
import { noFilters } from './state.js';
import { count } from './text.js';

const PAGE = 1_000;
const MAX_PAGES = 5;

/** Fill the panel; `filters()` gives those in force, `change` puts others in force, and `put` shows them in the panel too. */
export async function fill(panel, filters, { change, put }, close) {
  swap(panel, el('legend', {}, 'Ask only articles'), el('p.soft', {}, 'Looking up the outlets…'));
  let choice;
  try {
    const { names, rest } = await outlets();
    choice = [outletsOf(names, filters, change), rest > 0 && el('p.soft', {}, restWords(rest))];
  } catch (error) {
    choice = el('p.notice', { role: 'alert' }, said(error.message));
  }
  swap(panel, el('legend', {}, 'Ask only articles'), choice,
    el('div.row.dates', {}, dateField('from', 'Published from', filters, change), dateField('to', 'Published until', filters, change)),
    el('div.row', {}, button('Clear', () => put(noFilters())), button('Done', () => { close(); $('#question').focus(); }, 'main')));
  (panel.querySelector('input') ?? panel.querySelector('button')).focus();
}

async function outlets() {
  const names = new Set();
  let rest = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const { articles, total } = await call('GET', `/api/articles?limit=${PAGE}&offset=${page * PAGE}`);
    for (const one of articles) if (one.outlet) names.add(one.outlet);
    rest = total - (page + 1) * PAGE;
    if (rest <= 0) break;
  }
  return { names: [...names].sort((a, b) => a.localeCompare(b)), rest };
}

const restWords = (rest) => `${count(rest, 'more article was', 'more articles were')} not looked through: outlets of those alone are missing.`;

function outletsOf(names, filters, change) {
  if (!names.length) return el('p.soft', {}, 'No article names its outlet.');
  const boxes = names.map((name) => {
    const box = el('input', { type: 'checkbox', value: name, checked: filters().outlets.includes(name) });
    box.addEventListener('change', () => {
      const others = filters().outlets.filter((one) => one !== name);
      change({ ...filters(), outlets: box.checked ? [...others, name] : others });
    });
    return el('label.check', {}, box, said(name));
  });
  return el('div.checks', { role: 'group', 'aria-label': 'Outlets', tabindex: '0' }, boxes);
}

function dateField(side, label, filters, change) {
  const input = el('input', { id: `date-${side}`, type: 'date' });
  input.value = filters()[side];
  input.addEventListener('change', () => change({ ...filters(), [side]: input.value }));
  return el('label', { for: input.id }, `${label} `, input);
}
