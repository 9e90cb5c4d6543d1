/** What stands beside an answer: conflicts, what is missing or was left out, what came near, how it was made. */

import { markersOf, quoteOf } from './answer.js';
import { el, said } from './dom.js';
import { count, dateWords, sentence } from './text.js';

/** Return what articles disagree on, value beside value. */
export function conflictsOf(answer) {
  return (answer.conflicts ?? []).map(({ question, values }, n) => {
    const cards = values.map((value) => valueCard(answer, value, `k${n}`));
    return el('section.conflict', { 'aria-label': 'Articles disagree' },
      el('h3', {}, 'Articles disagree'), el('p.soft', {}, said(question)), el('ul.values', {}, cards));
  });
}

function valueCard(answer, value, key) {
  const gone = value.superseded;
  return el(gone ? 'li.value.old' : 'li.value', {},
    el('p.worth', {}, said(value.text, gone ? 's' : 'bdi'), markersOf(answer, [value.citation_id], key)),
    el('p.source', {}, value.outlet && el('span', {}, said(value.outlet)),
      value.published_at && el('span', {}, dateWords(value.published_at))),
    gone && el('p.doubt', {}, 'corrected later by the same outlet'));
}

/** Return what was asked and is not in the articles. */
export const missingOf = (answer) =>
  listed('missing', 'Not in these articles', (answer.missing ?? []).map((text) => el('li', {}, said(text))));

/** Return what a reader should know besides. */
export const notesOf = (answer) =>
  listed('notes', 'Note', (answer.notes ?? []).map((text) => el('li', {}, said(sentence(text)))));

function listed(kind, title, items) {
  if (!items.length) return null;
  return el(`div.aside.${kind}`, {}, el('h3', {}, title), el('ul', {}, items));
}

/** Return the sentences that came nearest. */
export function nearestOf(answer) {
  if (!answer.nearest?.length) return null;
  const items = answer.nearest.map((one, n) => el('li', {}, quoteOf(one, `n${n}`)));
  const title = answer.outcome === 'not_found' ? 'The closest sentences' : 'Sentences that come near';
  return el('div', {}, el('h3', {}, title), el('ul.quotes', {}, items));
}

/** Return the sentences that were read, to be opened; open while the answer is made. */
export function readOf(evidence, open) {
  if (!evidence?.length) return null;
  const articles = new Set(evidence.map((one) => one.article_id)).size;
  const items = evidence.map((one, n) => el('li', {}, quoteOf(one, `e${n}`)));
  return folded(`${count(evidence.length, 'sentence')} of ${count(articles, 'article')} found`, 'read', open,
    el('ul.quotes', {}, items));
}

/** Return the statements that were left out, with what was found of them. */
export function droppedOf(dropped) {
  if (!dropped?.length) return null;
  const items = dropped.map((one, n) => el('li', {}, el('p', {}, said(one.text)),
    el('p.soft', {}, 'Left out: ', said(one.reason)), one.nearest && quoteOf(one.nearest, `d${n}`)));
  return folded(`${count(dropped.length, 'statement')} left out`, 'dropped', false, el('ul.plain', {}, items));
}

/** Return the questions that were answered on the way. */
export function stepsOf(answer) {
  if (!answer.steps?.length) return null;
  const items = answer.steps.map((one, n) => el('li', {}, el('p.soft', {}, said(one.question)),
    el('p', {}, said(one.text), markersOf(answer, one.citation_ids, `s${n}`))));
  return folded(`Found out in ${count(answer.steps.length, 'step')}`, 'steps', true, el('ol.plain', {}, items));
}

/** Return what did less than it should; a failure's is open. */
export function degradedOf(answer) {
  if (!answer.degraded?.length) return null;
  const items = answer.degraded.map((one) => el('li', {}, said(sentence(one.reason))));
  return folded('Not all parts did their work', 'degraded', ['failed', 'partial'].includes(answer.outcome), el('ul', {}, items));
}

/** Return how the answer was made. */
export function madeOf(answer) {
  const facts = [
    ['Newest cited article', dateWords(answer.as_of)],
    ['Time', answer.timings_ms?.total >= 0 && `${(answer.timings_ms.total / 1000).toFixed(1)} s`],
    ['Model', answer.model?.chat],
    ['Calls and tokens', answer.usage && `${answer.usage.calls}, ${tokens(answer.usage)}`],
    ['Invisible characters kept from the model', answer.stripped > 0 && String(answer.stripped)],
  ].filter(([, value]) => value);
  const rows = facts.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, said(value))));
  return folded('How it was made', 'made', false, el('dl', {}, rows));
}

const tokens = (usage) => (usage.prompt_tokens + usage.completion_tokens).toLocaleString('en-GB');

function folded(title, key, open, ...content) {
  return el(`details.${key}`, { open, 'data-fold': key }, el('summary', { 'data-key': `fold-${key}` }, title), content);
}

