/** Jobs: what is added in the background, watched until all of it is done.
 *
 * All jobs are looked at together from time to time: a browser opens six connections to a server at most, over all of
 * its tabs, so that six streams of events would leave none to ask by.
 */

import { call, send } from './api.js';
import { announce, button, el, said, swap, toast } from './dom.js';
import { permalink } from './permalink.js';
import { sentence } from './text.js';

const CHANGES = { added: 'added', updated: 'updated', unchanged: 'was there already' };
const RESULTS = {
  added: 'added', updated: 'updated', unchanged: 'there already', deleted: 'removed meanwhile', failed: 'failed',
};
const OPEN = new Set(['queued', 'fetched', 'extracted']);
const STATES = { cancelled: 'was cancelled', deleted: 'was removed meanwhile' };
/** How many items that went well are listed; those that failed all are. */
const LISTED = 100;
/** The newest jobs that are looked through for those in work; no more of them wait at a time by default. */
const NEWEST = 100;
/** Items that are read at a time: of a job in work, and of one that has ended. */
const [PAGE, LAST_PAGE] = [100, 1_000];
/** The pause between two looks grows from the first to the second, in milliseconds. */
const [SOON, LATE] = [250, 2_000];
/** The ids of the jobs that this page has shown. */
const shown = new Set();
/** The jobs that are watched, by id; the one whose items were read last stands last. */
const watched = new Map();
const looks = { pause: SOON, timer: 0, now: false };

/** Send `body` as a job, show in `node` how it goes, and return whether it was taken; `added()` is called when there are new articles. */
export async function runJob(body, node, added) {
  swap(node, el('p.soft', {}, 'Being sent…'));
  let job;
  try {
    job = await call('POST', '/api/articles', body);
  } catch (error) {
    swap(node, el('p.wrong', { role: 'alert' }, said(error.message)));
    return false;
  }
  if (shown.has(job.id)) node.remove(); // seen in the list of those in work before its reply came
  else watch(job, node, added);
  return true;
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

function watch(job, node, added) {
  shown.add(job.id);
  watched.set(job.id, { job, view: viewOf(job, node), node, added, told: new Set(), at: 0 });
  lookSoon();
}

function lookSoon() {
  looks.pause = SOON;
  plan(0);
}

function plan(pause) {
  clearTimeout(looks.timer);
  if (looks.now || !watched.size || document.hidden) return;
  looks.timer = setTimeout(look, pause);
}

document.addEventListener('visibilitychange', lookSoon);

/** Look at all jobs, and read the items of one in work and of those that have ended. */
async function look() {
  looks.now = true;
  try {
    const { jobs } = await call('GET', `/api/jobs?limit=${NEWEST}`);
    const told = new Map(jobs.map((job) => [job.id, job]));
    let read = false;
    for (const one of [...watched.values()]) {
      const job = told.get(one.job.id);
      const running = job?.state === 'running';
      if (running) showProgress(one.view, job);
      if (running && (read || !lacks(one, job))) continue;
      read ||= running;
      await follow(one, running);
    }
  } catch (error) {
    for (const one of watched.values()) lose(one, error);
  }
  looks.now = false;
  plan(looks.pause);
  looks.pause = Math.min(LATE, looks.pause * 2);
}

async function follow(one, running) {
  watched.delete(one.job.id);
  watched.set(one.job.id, one);
  try {
    const job = await readItems(one, !running);
    if (running || job.state === 'running') return;
    watched.delete(job.id);
    end(one.view, job, one.added);
  } catch (error) {
    lose(one, error);
  }
}

/** Tell whether items have ended that are to be listed and are not. */
const lacks = ({ told, view }, { done, results }) =>
  done > told.size && (view.listed < LISTED || view.failed < results.failed);

async function readItems(one, whole) {
  const limit = whole ? LAST_PAGE : PAGE;
  for (let from = one.at; ; from += limit) {
    const job = await call('GET', `/api/jobs/${one.job.id}?offset=${from}&limit=${limit}`);
    job.items.forEach((item, n) => {
      if (OPEN.has(item.state) || one.told.has(from + n)) return;
      one.told.add(from + n);
      showItem(one.view, item);
    });
    while (one.told.has(one.at)) one.at += 1;
    if (!whole || job.items.length < limit || !lacks(one, job)) return job;
  }
}

function lose(one, error) {
  if (error.status === 429) return; // too many requests: the next look comes later
  watched.delete(one.job.id);
  const again = button('Look again', () => watch(one.job, one.node, one.added), 'link');
  const words = [said(error.message), ' What was sent is not lost. ', again];
  one.view.head.replaceChildren(el('p.wrong', { role: 'alert' }, words));
}

function viewOf(job, node) {
  const bar = el('progress', { max: job.total, value: job.done, 'aria-label': 'Articles added' });
  const words = el('span.soft', {});
  const cancel = button('Cancel', () => send('DELETE', `/api/jobs/${job.id}`).then(lookSoon, (error) => toast(error.message)), 'link');
  const head = el('div', {}, bar, ' ', words, ' ', cancel);
  const list = el('ul.plain', {});
  swap(node, head, list);
  return { node, head, bar, words, list, listed: 0, failed: 0 };
}

function showProgress({ bar, words }, { total, done, held_up: heldUp }) {
  bar.max = total;
  bar.value = done;
  swap(words, `${done} of ${total} done`, heldUp && [' – ', said(sentence(heldUp))]);
}

function showItem(view, item) {
  const failed = item.state === 'failed';
  if (!failed && view.listed >= LISTED) return;
  view[failed ? 'failed' : 'listed'] += 1;
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
