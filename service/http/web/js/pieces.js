/** An answer cut into what it consists of: words, statements, and the markers after them. */

import { cut } from './text.js';

const MARKER = /\[(\d+)\]/g;

/** Return the pieces of an answer, in order: `{text}`, `{statement}` or `{citation}`.
 *
 * Markers are read between statements alone, and only those that have a citation: what a statement says in brackets
 * stays words. All offsets count code points.
 */
export function piecesOf({ answer, statements, citations }) {
  const byMarker = new Map(citations.map((one) => [one.marker, one]));
  const pieces = [];
  let at = 0;
  for (const statement of statements) {
    pieces.push(...gap(cut(answer, at, statement.start), byMarker), { statement });
    at = statement.end;
  }
  pieces.push(...gap(cut(answer, at, Infinity), byMarker));
  return pieces;
}

function gap(text, byMarker) {
  const pieces = [];
  let at = 0;
  for (const found of text.matchAll(MARKER)) {
    const citation = byMarker.get(Number(found[1]));
    if (!citation) continue;
    if (found.index > at) pieces.push({ text: text.slice(at, found.index) });
    pieces.push({ citation });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}
