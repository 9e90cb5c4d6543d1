/** One article, with the sentence that somebody cites highlighted in it. */

import { articlePath, call } from './api.js';
import { $, announce, button, el, icon, original, said, toast } from './dom.js';
import { showFrame } from './frame.js';
import { byline, cut, titleOf, unitAt } from './text.js';

const PARAGRAPHS = /\n+/g;
let last = null; // the article that was read last, so that its next sentence is there at once
let wanted = 0;

/** Show an article at a place; `close` leaves it. Resolves to its title when it is there. */
export async function showArticle(place, close) {
  const mine = wanted += 1;
  const reader = $('#reader');
  const shown = await articleAt(place);
  if (mine !== wanted || reader.hidden) return null;
  showFrame(close, shown.nodes, shown.article && button([icon('copy'), ' Copy link'], copyLink, 'quiet'));
  arrive(reader, shown.notice);
  return shown.article ? titleOf(shown.article) : 'Article';
}

/** Forget what was read, for an article that may have changed. */
export function forgetArticle() {
  last = null;
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    toast('The link is copied.');
  } catch {
    toast('The link stands in the address bar.');
  }
}

async function articleAt(place) {
  try {
    const article = await fetched(place.id, place.version);
    if (isOtherwise(article, place)) return changed(place);
    return whole(article, place, spanNotice(article, place));
  } catch (error) {
    if (error.code === 'version_gone') return changed(place);
    return lost(place, error);
  }
}

async function fetched(id, version) {
  if (last && version && last.id === id && last.version === version) return last;
  last = await call('GET', articlePath(id, version));
  return last;
}

/** Tell whether other words stand where the quote was, for a link that names no version. */
function isOtherwise({ text }, { version, quote, start, end }) {
  return !version && quote && start !== null && cut(text, start, end) !== quote;
}

function spanNotice(article, { start, end }) {
  if (start === null || unitAt(article.text, end - 1) < article.text.length) return null;
  return 'The link points beyond the end of this article.';
}

/** Show an article that is not what it was, and the sentence as it was; where it still stands, there. */
async function changed(place) {
  let article;
  try {
    article = await fetched(place.id, null);
  } catch (error) {
    return lost(place, error);
  }
  const still = place.quote ? article.text.indexOf(place.quote) : -1;
  const where = still < 0 ? 'It does not stand in the article as it is now.' : 'It still stands in the article as it is now.';
  const notice = 'This article has changed since it was cited.';
  const span = still < 0 ? null : [still, still + place.quote.length];
  return whole(article, { ...place, start: null }, notice, [place.quote && carried(place.quote), place.quote && el('p', {}, where)], span);
}

function lost(place, error) {
  const gone = error.code === 'article_not_found';
  const notice = gone ? 'This article has been removed, or was never here.' : error.message;
  const nodes = [el('h2', { tabindex: '-1' }, gone ? 'No such article' : 'The article cannot be shown'),
    el('div.notice', {}, el('p', {}, said(notice)), place.quote && carried(place.quote))];
  return { nodes, notice, article: null };
}

const carried = (quote) => [el('p', {}, 'The link says that this was cited:'), el('blockquote', { dir: 'auto' }, quote)];

function whole(article, place, notice, more = null, span = spanOf(article.text, place)) {
  const head = el('header', {}, el('h2', { tabindex: '-1', dir: 'auto' }, titleOf(article)),
    el('p.source', {}, byline(article).map((part) => el('span', {}, said(part)))), el('p', {}, original(article)));
  const told = notice && el('div.notice', {}, el('p', {}, notice), more);
  return { nodes: [head, told, textNode(article, span)], notice, article };
}

function spanOf(text, { start, end }) {
  if (start === null) return null;
  const span = [unitAt(text, start), unitAt(text, end)];
  return span[0] < span[1] ? span : null;
}

function textNode(article, span) {
  const node = el('div.text', { dir: 'auto', lang: /^[a-z]{2,3}(-\w+)*$/i.test(article.language ?? '') && article.language });
  let at = 0;
  const paragraph = (end) => { if (end > at) node.append(el('p', { dir: 'auto' }, marked(article.text, at, end, span))); };
  for (const gap of article.text.matchAll(PARAGRAPHS)) {
    paragraph(gap.index);
    at = gap.index + gap[0].length;
  }
  paragraph(article.text.length);
  node.querySelector('mark')?.setAttribute('tabindex', '-1');
  return node;
}

function marked(text, from, to, span) {
  if (!span || span[0] >= to || span[1] <= from) return [text.slice(from, to)];
  const [start, end] = [Math.max(span[0], from), Math.min(span[1], to)];
  return [text.slice(from, start), el('mark', {}, text.slice(start, end)), text.slice(end, to)].filter(Boolean);
}

function arrive(reader, notice) {
  const mark = reader.querySelector('mark');
  const target = mark ?? reader.querySelector('h2');
  if (!mark) reader.scrollTop = 0;
  target.focus({ preventScroll: true });
  if (notice) announce(notice);
  if (!mark) return;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  mark.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' });
}
