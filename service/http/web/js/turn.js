/** One question and its answer, shown anew in parts as it comes. */

import { citationsOf, outcomeOf, outcomeWords, textOf } from './answer.js';
import { button, el, said, swap } from './dom.js';
import {
  conflictsOf, degradedOf, droppedOf, madeOf, missingOf, nearestOf, notesOf, readOf, stepsOf,
} from './extras.js';
import { actionsOf } from './feedback.js';
import { filterWords, noArticle } from './filters.js';
import { searchedOf } from './searched.js';
import { count } from './text.js';

const STAGES = {
  sending: 'Sending the question', waiting: 'Waiting for its turn', understanding: 'Understanding the question',
  searching: 'Searching the articles', reading: 'Reading what was found', checking: 'Checking what was read',
  comparing: 'Comparing with other articles',
};

/** Return the words for a stage. */
function stageWords({ stage, ahead }) {
  const words = STAGES[stage] ?? 'Working';
  return ahead ? `${words}: ${count(ahead, 'question')} ahead` : words;
}

/** Return what became of a turn, for readers of the screen. */
export const spoken = ({ live, problem, answer }) =>
  live ? stageWords(live) : problem ?? `${outcomeWords(answer)}. ${answer.answer}`;

/** Return the view of a turn, with `update()`; `again(searchAs, filters)` asks it anew, `keep()` keeps it. */
export function turnView(turn, { again, keep }) {
  const status = el('div.status', {});
  const body = el('div.body', {});
  const found = el('div.found', {});
  const node = el('article.turn', {}, el('h2', { tabindex: '-1' }, said(turn.question)), status, body, found);
  const open = new Map(); // which folds a reader opened or closed
  node.addEventListener('click', (event) => {
    const fold = event.target.closest('summary')?.parentNode;
    if (fold && !turn.live) open.set(fold.dataset.fold, !fold.open);
  });
  const update = () => {
    const { live, answer } = turn;
    node.dataset.outcome = live ? 'live' : answer?.outcome ?? 'none';
    swap(status, statusOf(turn, again));
    swap(body, live || !answer ? partOf(turn) : wholeOf(turn, again, keep));
    if (live) swap(found, readOf(turn.partial.evidence, true));
    else swap(found, answer && foldsOf(turn, answer));
    node.querySelectorAll('details').forEach((one) => {
      if (!live && open.has(one.dataset.fold)) one.open = open.get(one.dataset.fold);
    });
    if (live) open.clear();
  };
  update();
  return { node, update };
}

function statusOf(turn, again) {
  const narrowed = filterWords(turn.filters);
  const parts = [narrowed && el('p.soft', {}, 'Only ', said(narrowed))];
  if (turn.live) parts.push(el('p.stage', {}, el('span.pulse', { 'aria-hidden': 'true' }), stageWords(turn.live)));
  const retry = button('Ask again', () => again(turn.searchAs), 'link', { 'data-key': 'retry' });
  if (turn.asking && !turn.live) parts.push(el('p.soft', {}, 'Asked in another tab; its answer has not come yet. ', retry));
  else if (turn.problem) {
    parts.push(el('p.notice', { role: 'alert' }, said(turn.problem), ' ', retry));
  }
  return parts;
}

function partOf({ partial }) {
  if (!partial?.statements.length) return null;
  return [textOf(partial), citationsOf(partial), droppedOf(partial.dropped)];
}

function wholeOf(turn, again, keep) {
  const { answer } = turn;
  return [
    outcomeOf(answer),
    answer.answer && textOf(answer),
    noArticle(answer, turn, again),
    answer.outcome === 'failed' && el('p', {}, button('Ask again', () => again(turn.searchAs), 'main')),
    missingOf(answer), conflictsOf(answer), citationsOf(answer), notesOf(answer), nearestOf(answer), stepsOf(answer),
    answer.searched?.length > 0 && searchedOf(answer, again),
    actionsOf(turn, keep),
  ];
}

const foldsOf = (turn, answer) => [degradedOf(answer), droppedOf(answer.dropped), readOf(turn.evidence, false), madeOf(answer)];
