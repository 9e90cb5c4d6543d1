/** The conversation: kept in this browser, so that it survives a reload. */

import { clip, dayBeside } from './text.js';

/** What is said of a question whose answer never came. */
export const LEFT = 'The page was left before the answer came.';

const KEY = 'pullquote.conversation';
const MAX_TURNS = 60;
const MAX_MESSAGES = 40;
const MAX_CHARS = 20_000;

/** Return filters that admit every article. */
export const noFilters = () => ({ outlets: [], from: '', to: '' });

/** Tell whether filters leave anything out. */
export const isFiltered = (filters) => Boolean(filters.outlets.length || filters.from || filters.to);

/** Return a new turn of the conversation. */
export const newTurn = (question, filters) => ({
  question, filters, searchAs: null, evidence: null, answer: null, partial: null, problem: null,
});

/** Return the turns that were kept; what cannot be read is left out. */
export function loadTurns() {
  try {
    const turns = JSON.parse(localStorage.getItem(KEY)).turns;
    return turns.filter((turn) => typeof turn.question === 'string').map(mended);
  } catch {
    return [];
  }
}

function mended(turn) {
  const whole = { ...newTurn(turn.question, noFilters()), ...turn, live: null };
  if (!whole.answer && !whole.problem) whole.problem = LEFT;
  return whole;
}

/** Keep the turns; the oldest go where there is no room. */
export function saveTurns(turns) {
  for (let from = Math.max(0, turns.length - MAX_TURNS); from < turns.length; from += 1) {
    try {
      localStorage.setItem(KEY, JSON.stringify({ turns: turns.slice(from) }, without));
      return;
    } catch {
      // full: try with one turn less
    }
  }
  if (!turns.length) forget();
}

function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // storage is switched off: nothing was kept
  }
}

const without = (key, value) => (key === 'live' ? undefined : value);

/** Call `changed` whenever another tab changes the conversation. */
export function onOtherTab(changed) {
  addEventListener('storage', (event) => {
    if (event.key === KEY || event.key === null) changed();
  });
}

/** Return what was said before a turn, as the interface takes it. */
export function historyBefore(turns, turn) {
  const messages = turns.slice(0, turns.indexOf(turn)).filter((one) => one.answer && one.answer.outcome !== 'failed')
    .flatMap((one) => [
      { role: 'user', content: clip(one.question, MAX_CHARS) },
      { role: 'assistant', content: clip(one.answer.answer || 'Not in these articles.', MAX_CHARS) },
    ]);
  return messages.slice(-MAX_MESSAGES);
}

/** Return filters as the interface takes them: its window ends before the last day, ours with it. */
export function wireFilters(filters) {
  return {
    outlets: filters.outlets,
    published_from: filters.from || null,
    published_to: filters.to ? dayBeside(filters.to, 1) : null,
  };
}
