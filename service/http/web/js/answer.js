/** What an answer says: its outcome, its statements with their markers, and the sentences that it rests on. */

import { el, icon, original, said } from './dom.js';
import { linkTo } from './permalink.js';
import { piecesOf } from './pieces.js';
import { byline, titleOf } from './text.js';

const OUTCOMES = {
  answered: 'Answered', partial: 'Answered in part', not_found: 'Not in these articles', failed: 'No answer',
};
const REASONS = {
  no_evidence: 'No sentence that was found says it.',
  unsupported: 'What might have answered it is not borne out by the sentences.',
  no_articles_match_filters: 'No article passes the filters.',
  index_empty: 'There are no articles yet.',
  model_unavailable: 'The language model cannot be reached, so nothing was decided.',
  model_timeout: 'The language model took too long, so nothing was decided.',
  model_invalid: 'The language model gave nothing that could be used, so nothing was decided.',
  token_limit: 'The tokens that answers may cost here are spent, so nothing was decided.',
};
const VERDICTS = { weak: 'weak support', unchecked: 'not checked', unsupported: 'not supported' };

/** Return the words for an answer's outcome. */
export const outcomeWords = (answer) => OUTCOMES[answer.outcome] ?? 'Answer';

/** Return the line that says what became of the question. */
export function outcomeOf(answer) {
  const reason = REASONS[answer.reason];
  return el('p.outcome', {}, icon(OUTCOMES[answer.outcome] ? answer.outcome : 'answered'),
    el('strong', {}, outcomeWords(answer)), reason && el('span', {}, ` ${reason}`));
}

/** Return the text of an answer, whole or in the making. */
export function textOf(answer) {
  const nodes = piecesOf(answer).map((piece, n, all) => {
    if (piece.statement) return statementNode(piece.statement);
    if (piece.citation) return marker(piece.citation, `m${n}`);
    const ofPart = piece.text.trim() && piece.text.trim() === all[n + 1]?.statement?.question?.trim();
    return el(ofPart ? 'span.lead.part' : 'span.lead', { dir: 'auto' }, piece.text);
  });
  return el('p.said', { dir: 'auto' }, nodes);
}

function statementNode({ text, verdict }) {
  const doubt = VERDICTS[verdict];
  if (!doubt) return el('span.statement', {}, text);
  return [el('span.statement.weak', {}, text), ' ', el('span.doubt', {}, doubt)];
}

/** Return the numbered link to a cited sentence. */
export function marker(citation, key) {
  const words = `Source ${citation.marker}: ${[titleOf(citation), ...byline(citation, false)].join(', ')}`;
  const props = { href: linkTo(citation), 'data-inner': true, 'data-key': key, title: words, 'aria-label': words };
  return el('a.marker', props, String(citation.marker));
}

/** Return the markers of the citations with these ids. */
export const markersOf = (answer, ids, key) =>
  answer.citations.filter((one) => ids.includes(one.id)).map((one) => marker(one, `${key}${one.id}`));

/** Return the list of cited sentences. */
export function citationsOf({ citations }) {
  if (!citations.length) return null;
  const items = citations.map((one) => el('li', {}, el('span.number', {}, String(one.marker)), quoteOf(one, `c${one.id}`)));
  return el('ol.quotes', { 'aria-label': 'Cited sentences' }, items);
}

/** Return a sentence with the article that it stands in; it leads there. */
export function quoteOf(one, key) {
  const props = { href: linkTo(one), 'data-inner': true, 'data-key': key };
  return el('div.quote', {},
    el('a.words', props, said(`“${one.quote ?? one.text}”`)),
    el('p.source', {}, sourceParts(one), original(one)),
    copiesOf(one.copies, key));
}

function sourceParts(one) {
  return [titleOf(one), ...byline(one)].map((part, n) => el(n ? 'span' : 'cite', {}, said(part)));
}

function copiesOf(copies, key) {
  if (!copies?.length) return null;
  const links = copies.map((one, n) => {
    const props = { href: linkTo(one), 'data-inner': true, 'data-key': `${key}copy${n}` };
    return [n ? '; ' : '', el('a', props, said(byline(one, false).join(', ') || titleOf(one)))];
  });
  return el('p.source', {}, 'The same words: ', links);
}
