/** Jobs: what is added in the background, watched until all of it is done. */

import { call, send } from './api.js';
import { announce, button, el, said, swap } from './dom.js';
import { permalink } from './permalink.js';
import { events } from './sse.js';
import { sentence } from './text.js';

const CHANGES = { added: 'added', updated: 'updated', unchanged: 'was there already' };
const RESULTS = {
  added: 'added', updated: 'updated', unchanged: 'there already', deleted: 'removed meanwhile', failed: 'failed',
};
const STATES = { cancelled: 'was cancelled', deleted: 'was removed meanwhile' };
/** How many items that went well are listed; those that failed all are. */
const LISTED = 100;
/** The newest jobs that are looked through for those in work; no more of them wait at a time by default. */
const NEWEST = 100;
/** The ids of the jobs that this page has shown. */
const shown = new Set();

/** Send `body` as a job and show in `node` how it goes; `added()` is called when there are new articles. */
export async function runJob(body, node, added) {
  swap(node, el('p.soft', {}, 'Being sent…'));
  let job;
  try {
    job = await call('POST', '/api/articles', body);
  } catch (error) {
    swap(node, el('p.wrong', { role: 'alert' }, said(error.message)));
    return;
  }
  if (shown.has(job.id)) node.remove(); // seen in the list of those in work before its reply came
  else await watch(job, node, added);
}

/** Show in `place` the jobs in work that this page has not shown yet: those from before a reload, and of others. */
export async function showRunning(place, added) {
  let jobs;
  try {
    ({ jobs } = await call('GET', `/api/jobs?limit=${NEWEST}`));
  } catch {
    return; // a token that may not see them, or a server that is away, which the list of articles says
  }
  for (const job of jobs.filter(({ id, state }) => state === 'running' && !shown.has(id)).reverse()) {
    watch(job, newPlace(place), added);
  }
}

/** Return the place of another job, before those that are in `place`. */
export function newPlace(place) {
  const node = el('div.job');
  place.prepend(node);
  return node;
}

async function watch(job, node, added) {
  shown.add(job.id);
  const view = viewOf(job, node);
  try {
    const reply = await send('GET', `/api/jobs/${job.id}/events`);
    for await (const { name, data } of events(reply.body)) {
      const told = JSON.parse(data);
      if (name === 'item') showItem(view, told);
      if (name === 'progress') showProgress(view, told);
      if (name === 'error') throw new Error(told.detail);
      if (name === 'final') {
        end(view, told, added);
        return;
      }
    }
    throw new Error('The connection broke; the server goes on with what was sent.');
  } catch (error) {
    const again = button('Look again', () => watch(job, node, added), 'link');
    view.head.replaceChildren(el('p.wrong', { role: 'alert' }, said(sentence(error.message)), ' ', again));
  }
}

function viewOf(job, node) {
  const bar = el('progress', { max: job.total, value: job.done, 'aria-label': 'Articles added' });
  const words = el('span.soft', {});
  const cancel = button('Cancel', () => send('DELETE', `/api/jobs/${job.id}`).catch(() => {}), 'link');
  const head = el('div', {}, bar, ' ', words, ' ', cancel);
  const list = el('ul.plain', {});
  swap(node, head, list);
  return { node, head, bar, words, list, listed: 0 };
}

function showProgress({ bar, words }, { total, done, held_up: heldUp }) {
  bar.max = total;
  bar.value = done;
  swap(words, `${done} of ${total} done`, heldUp && [' – ', said(sentence(heldUp))]);
}

function showItem(view, item) {
  if (item.state !== 'failed' && view.listed >= LISTED) return;
  view.listed += item.state === 'failed' ? 0 : 1;
  view.list.append(el('li', {}, said(item.name), ' ', statusOf(item),
    item.warnings.map((text) => el('p.soft', {}, said(sentence(text))))));
}

function statusOf(item) {
  if (item.state === 'failed') return el('span.wrong', {}, said(sentence(withoutName(item))));
  if (item.state === 'listed') return el('span.soft', {}, said(sentence(withoutName(item))));
  if (item.state !== 'live') return el('span.soft', {}, STATES[item.state] ?? item.state);
  const link = el('a', { href: permalink({ id: item.article_id }), 'data-inner': true }, 'Read it');
  return el('span.soft', {}, `${CHANGES[item.change] ?? item.change} `, link);
}

const withoutName = ({ name, reason }) => (reason.startsWith(`${name}: `) ? reason.slice(name.length + 2) : reason);

function end({ node, head }, job, added) {
  const counts = Object.entries(job.results).filter(([, n]) => n).map(([name, n]) => `${n} ${RESULTS[name] ?? name}`);
  const { cancelled, listed } = job.items_by_state;
  const summary = sentence([...counts, listed && `${listed} listings read`, cancelled && `${cancelled} cancelled`].filter(Boolean).join(', '));
  head.replaceChildren(el('p', {}, summary, ' ', button('Dismiss', () => swap(node), 'link')));
  announce(summary);
  if (job.results.added || job.results.updated) added();
}
