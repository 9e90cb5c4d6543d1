/** The page: which view an address shows, and the way between views without loading anew. */

import { installChat } from './chat.js';
import { $, el, swap } from './dom.js';
import { showFrame } from './frame.js';
import { awayNotice, loadLater } from './later.js';
import { placeOf } from './permalink.js';
import { installToken } from './token.js';

const narrow = matchMedia('(max-width: 979px)');
const shown = { view: null, article: null };
let opener = null;

installToken();
const examples = installChat();
let articles = null;

function show() {
  const place = placeOf(location);
  const view = place.article ? history.state?.view ?? shown.view ?? 'ask' : place.view;
  showView(view);
  if (place.article) openReader(place.article);
  else if (shown.article) closeReader();
  if (!place.article) document.title = view === 'articles' ? 'Articles – Pullquote' : 'Pullquote';
}

function showView(view) {
  if (view === shown.view) return;
  $('#ask').hidden = view !== 'ask';
  $('#articles').hidden = view !== 'articles';
  for (const link of document.querySelectorAll('nav [data-view]')) {
    if (link.dataset.view === view) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  shown.view = view;
  document.body.dataset.view = view;
  (view === 'articles' ? showArticles : examples)();
  scrollTo(0, 0);
}

async function showArticles() {
  const loaded = await import('./articles.js').catch(() => null);
  if (!loaded) {
    swap($('#articles'), el('h1', { id: 'articles-title' }, 'Articles'), awayNotice(showArticles));
    return;
  }
  articles ??= loaded.articlesView();
  articles.show();
}

async function openReader(place) {
  if (!shown.article) opener = document.activeElement;
  shown.article = place;
  $('#reader').hidden = false;
  cover();
  showFrame(leave, el('p.soft.loading', {}, 'Opening the article…'));
  const loaded = await import('./reader.js').catch(() => null);
  if (shown.article !== place) return;
  if (!loaded) {
    showFrame(leave, awayNotice(() => openReader(place)));
    $('#reader').focus();
    return;
  }
  const title = await loaded.showArticle(place, leave);
  if (title && shown.article === place) document.title = `${title} – Pullquote`;
}

function closeReader() {
  shown.article = null;
  $('#reader').hidden = true;
  cover();
  if (opener?.isConnected) opener.focus({ preventScroll: true });
  else $('#main').focus({ preventScroll: true });
}

/** Where the article covers the page, what lies under it can neither be reached nor scrolled. */
function cover() {
  const covered = Boolean(shown.article) && narrow.matches;
  for (const node of [$('#top'), $('#main')]) node.inert = covered;
  document.body.classList.toggle('covered', covered);
  document.body.classList.toggle('reading', Boolean(shown.article));
}

/** Leave the article: back to where it was opened, or on to the view below it. */
function leave() {
  if (history.state?.view) history.back();
  else go(shown.view === 'articles' ? '/articles' : '/');
}

function go(href) {
  const inArticle = Boolean(placeOf(location).article);
  const toArticle = Boolean(placeOf(new URL(href, location.href)).article);
  // from sentence to sentence there is one step back
  if (inArticle && toArticle) history.replaceState(history.state, '', href);
  else history.pushState(toArticle ? { view: shown.view } : null, '', href);
  show();
}

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[data-inner]');
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.getAttribute('href'));
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && shown.article && !event.defaultPrevented && !$('dialog[open]')) leave();
});
$('.skip').addEventListener('click', (event) => {
  event.preventDefault(); // its fragment would take the place of that of a sentence
  $($('#main').inert ? '#reader' : '#main').focus();
});
addEventListener('popstate', show);
narrow.addEventListener('change', cover);
show();
loadLater();
