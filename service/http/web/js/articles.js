/** The articles: one page of them at a time, to read and to remove. */

import { addForm } from './add.js';
import { articlePath, call, send } from './api.js';
import { $, announce, button, el, said, swap } from './dom.js';
import { permalink } from './permalink.js';
import { forgetArticle } from './reader.js';
import { byline, count, titleOf } from './text.js';

const PAGE = 50;
/** How long a removal can be taken back. It is not sent before: where the tab closes meanwhile, nothing is lost. */
const UNDO_MS = 8_000;

/** Make the view of the articles, with `show()`. */
export function articlesView() {
  const title = el('h1', { id: 'articles-title', tabindex: '-1' }, 'Articles');
  const list = el('div', { id: 'list' });
  const view = { offset: 0, going: new Map(), list, title };
  view.reload = () => load(view);
  const add = addForm(() => { forgetArticle(); view.reload(); });
  swap($('#articles'), title, add.node, list);
  return { show: () => Promise.all([view.reload(), add.show()]) };
}

async function load(view) {
  let page;
  try {
    page = await call('GET', `/api/articles?limit=${PAGE}&offset=${view.offset}`);
  } catch (error) {
    swap(view.list, el('p.notice', { role: 'alert' }, said(error.message), ' ', button('Try again', view.reload, 'link')));
    return;
  }
  if (!page.articles.length && view.offset) {
    view.offset = Math.max(0, Math.floor((page.total - 1) / PAGE) * PAGE);
    await load(view);
    return;
  }
  view.title.replaceChildren(page.total ? `Articles (${page.total.toLocaleString('en-GB')})` : 'Articles');
  swap(view.list, page.total ? rowsOf(view, page) : el('p.soft', {}, 'There are no articles yet. Add the first ones above.'));
}

function rowsOf(view, page) {
  const rows = page.articles.map((article) => row(view, article));
  return [el('ul.rows', {}, rows), page.total > PAGE && pager(view, page)];
}

function row(view, article) {
  const node = el('li', {});
  const going = view.going.get(article.id);
  if (going) showGoing(view, article, going, node);
  else showRow(view, article, node);
  return node;
}

function showRow(view, article, node, problem) {
  const words = [...byline(article), count(article.sentences, 'sentence')];
  swap(node,
    el('div', {}, el('a.title', { href: permalink(article), 'data-inner': true }, said(titleOf(article))),
      el('p.source', {}, words.map((part) => el('span', {}, said(part)))),
      problem && el('p.notice', { role: 'alert' }, said(problem))),
    button('Remove', () => remove(view, article, node), 'quiet', { 'aria-label': `Remove ${titleOf(article)}` }));
}

function remove(view, article, node) {
  const going = { node, timer: setTimeout(() => removeNow(view, article, going), UNDO_MS) };
  view.going.set(article.id, going);
  showGoing(view, article, going, node);
  node.querySelector('button').focus();
  announce(`${titleOf(article)} will be removed in ${UNDO_MS / 1000} seconds.`);
}

function showGoing(view, article, going, node) {
  going.node = node;
  const undo = () => {
    clearTimeout(going.timer);
    view.going.delete(article.id);
    showRow(view, article, node);
    node.querySelector('a').focus();
    announce(`${titleOf(article)} stays.`);
  };
  swap(node, el('p.soft', {}, said(titleOf(article)), ` is removed in ${UNDO_MS / 1000} seconds.`), button('Undo', undo, 'main'));
}

async function removeNow(view, article, going) {
  let problem = null;
  try {
    await send('DELETE', articlePath(article.id));
  } catch (error) {
    if (error.code !== 'article_not_found') problem = error.message;
  }
  view.going.delete(article.id);
  if (problem) {
    showRow(view, article, going.node, problem);
    return;
  }
  announce(`${titleOf(article)} is removed.`);
  const focused = going.node.contains(document.activeElement);
  forgetArticle();
  await view.reload();
  if (focused) view.title.focus();
}

function pager(view, { offset, total, articles }) {
  const to = (next) => async () => {
    view.offset = next;
    await view.reload();
    view.title.focus();
    scrollTo(0, 0);
  };
  const back = button('Previous', to(Math.max(0, offset - PAGE)), 'quiet', { disabled: offset === 0 });
  const on = button('Next', to(offset + PAGE), 'quiet', { disabled: offset + articles.length >= total });
  const words = `${offset + 1} to ${offset + articles.length} of ${total.toLocaleString('en-GB')}`;
  return el('nav.pager', { 'aria-label': 'Pages' }, back, el('span.soft', {}, words), on);
}
