/** An answer with its citations as Markdown, in which nothing of it is markup. */

import { piecesOf } from './pieces.js';
import { linkTo } from './permalink.js';
import { byline, titleOf, webUrl } from './text.js';

/** Return words so that Markdown shows them as they are, on one line. */
export function escaped(text) {
  return text.replace(/\s+/g, ' ').trim()
    .replace(/[\\`*_{}[\]()<>#+\-.!|~&$^=@:"']/g, '\\$&');
}

/** Return an address that ends no link early. */
const address = (url) => url.replace(/[()<>\s\\[\]]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);

/** Return a turn of the conversation as Markdown; `origin` is where this page is served. */
export function markdownOf(turn, origin) {
  const { answer } = turn;
  const parts = [`**${escaped(turn.question)}**`, textOf(answer)];
  if (answer.missing?.length) parts.push(`Not in these articles: ${answer.missing.map(escaped).join('; ')}`);
  if (answer.notes?.length) parts.push(answer.notes.map((note) => `Note: ${escaped(note)}`).join('\n\n'));
  const cited = answer.citations.length ? answer.citations : [];
  parts.push(cited.map((one) => citation(one, origin)).join('\n'));
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function textOf(answer) {
  if (!answer.answer) return 'Not in these articles\\.';
  return piecesOf(answer).map((piece) => {
    if (piece.citation) return `\\[${piece.citation.marker}\\]`;
    const text = piece.statement ? piece.statement.text : piece.text;
    const doubt = piece.statement?.verdict === 'weak' ? ' \\(weak support\\)' : '';
    return `${/^\s/.test(text) ? ' ' : ''}${escaped(text)}${/\s$/.test(text) && text.trim() ? ' ' : ''}${doubt}`;
  }).join('').trim();
}

function citation(one, origin) {
  const url = one.url && webUrl(one.url);
  const title = escaped(titleOf(one));
  const named = url ? `[${title}](${address(url.href)})` : title;
  const source = [named, ...byline(one).map(escaped)].join(', ');
  return `${one.marker}. “${escaped(one.quote)}” ${source} ([in context](${address(origin + linkTo(one))}))`;
}
