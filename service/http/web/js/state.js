/** The conversation: kept in this browser, so that it survives a reload. */

import { clip, dayBeside } from './text.js';

/** What is said of a question whose answer never came. */
export const LEFT = 'The page was left before the answer came.';

const KEY = 'pullquote.conversation';
const MAX_TURNS = 60;
const MAX_GONE = 300;
const MAX_MESSAGES = 40;
const MAX_CHARS = 20_000;

/** Return filters that admit every article. */
export const noFilters = () => ({ outlets: [], from: '', to: '' });

/** Tell whether filters leave anything out. */
export const isFiltered = (filters) => Boolean(filters.outlets.length || filters.from || filters.to);

/** Return a new turn of the conversation. `asking` says that some tab waits for its answer. */
export const newTurn = (question, filters) => ({
  id: crypto.getRandomValues(new Uint32Array(2)).join('-'), asked: Date.now(), changed: 0, asking: false,
  question, filters, searchAs: null, evidence: null, answer: null, partial: null, problem: null,
});

/** Return the turns that were kept; what cannot be read is left out. */
export const loadTurns = () => read().turns;

function read() {
  try {
    const { turns, gone = [] } = JSON.parse(localStorage.getItem(KEY));
    return { turns: turns.filter((turn) => typeof turn.question === 'string').map(mended), gone };
  } catch {
    return { turns: [], gone: [] };
  }
}

function mended(turn, n) {
  const old = { id: `turn ${n}`, asked: n }; // of a turn kept before there were ids: the same in every tab
  const whole = { ...newTurn(turn.question, noFilters()), ...old, ...turn, live: null };
  if (!whole.answer && !whole.problem && !whole.asking) whole.problem = LEFT;
  return whole;
}

/** Mark a turn as changed just now: of two tabs' versions the later one stays. */
export function touch(turn) {
  turn.changed = Math.max(Date.now(), turn.changed + 1);
}

/** Return `turns` joined with those that are kept, in the order of asking: of each the version that changed last.
 *
 * What another tab let go is left out. A turn that is asked here stays as it is.
 */
export function joinedTurns(turns, kept = read()) {
  const gone = new Set(kept.gone);
  const joined = new Map(turns.filter((one) => one.live || !gone.has(one.id)).map((one) => [one.id, one]));
  for (const one of kept.turns.filter(({ id }) => !gone.has(id))) {
    const mine = joined.get(one.id);
    if (!mine || (!mine.live && one.changed > mine.changed)) joined.set(one.id, one);
  }
  return [...joined.values()].sort((one, other) => one.asked - other.asked);
}

/** Keep the turns beside those of other tabs, and return all of them; `gone` lets go of turns by id, `back` has them back.
 *
 * The oldest go where there is no room.
 */
export function saveTurns(turns, { gone = [], back = [] } = {}) {
  const kept = read();
  kept.gone = [...kept.gone.filter((id) => !back.includes(id)), ...gone].slice(-MAX_GONE);
  const joined = joinedTurns(turns, kept);
  let from = Math.max(0, joined.length - MAX_TURNS);
  do {
    try {
      localStorage.setItem(KEY, JSON.stringify({ turns: joined.slice(from), gone: kept.gone }, without));
      break;
    } catch {
      from += 1; // full, or switched off
    }
  } while (from < joined.length);
  return joined;
}

/** Keep, of a turn that is asked here, that the page was left. */
export function saveLeft(turns, turn) {
  const left = { ...turn, live: null, asking: false, problem: LEFT, partial: turn.answer ? null : turn.partial };
  touch(left);
  saveTurns(turns.map((one) => (one === turn ? left : one)));
}

const without = (key, value) => (key === 'live' ? undefined : value);

/** Call `changed` whenever another tab changes the conversation; it is told whether nothing at all is kept any more. */
export function onOtherTab(changed) {
  addEventListener('storage', (event) => {
    if (event.key === KEY || event.key === null) changed(event.newValue === null);
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
