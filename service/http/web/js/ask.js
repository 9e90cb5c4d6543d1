/** Asking: one question sent, its events taken into the turn as they come. */

import { ApiError, send } from './api.js';
import { events } from './sse.js';
import { historyBefore, wireFilters } from './state.js';
import { sentence } from './text.js';

/** Answer a turn; `changed` is called after each event. What goes wrong stands in `turn.problem`, and is not raised;
 * where `signal` ends it, the words that it gives as the reason.
 *
 * An answer that is there stays until another is whole.
 */
export async function answerTurn(turns, turn, searchAs, signal, changed) {
  Object.assign(turn, { partial: nothing(), problem: null, live: { stage: 'sending', ahead: 0 } });
  changed();
  try {
    const body = bodyOf(turns, turn, searchAs);
    await told(turn, await send('POST', '/api/ask/stream', body, signal), changed);
    Object.assign(turn, { searchAs, evidence: turn.partial.evidence, partial: null, rating: null });
  } catch (error) {
    turn.problem = signal.aborted ? signal.reason : wordsOf(error);
    if (turn.answer) turn.partial = null;
    else turn.searchAs = searchAs;
  }
  turn.live = null;
  changed();
}

const nothing = () => ({ answer: '', statements: [], citations: [], dropped: [], evidence: null, searched: [] });

function bodyOf(turns, turn, searchAs) {
  const body = {
    question: turn.question, history: historyBefore(turns, turn), filters: wireFilters(turn.filters),
  };
  return searchAs ? { ...body, search_as: searchAs } : body;
}

async function told(turn, reply, changed) {
  for await (const { name, data } of events(reply.body)) {
    if (name === 'final') {
      turn.answer = JSON.parse(data);
      return;
    }
    take(turn, name, JSON.parse(data));
    changed();
  }
  throw new ApiError(0, 'broken', 'The answer broke off before its end.');
}

function take(turn, name, body) {
  const { partial } = turn;
  if (name === 'stage') turn.live = body;
  else if (name === 'searched') partial.searched = body.searched;
  else if (name === 'sources') partial.evidence = body.evidence;
  else if (name === 'statement') takeStatement(partial, body);
  else if (name === 'dropped') partial.dropped.push(body.dropped);
  else if (name === 'error') throw new ApiError(0, body.error, sentence(body.detail));
}

function takeStatement(partial, { statement, citations, answer }) {
  const known = new Set(partial.citations.map((one) => one.id));
  partial.statements.push(statement);
  partial.citations.push(...citations.filter((one) => !known.has(one.id)));
  partial.answer = answer;
}

const wordsOf = (error) =>
  error instanceof ApiError ? error.message : 'The connection broke off before the answer was whole.';
