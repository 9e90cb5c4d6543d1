/** Adding articles: files that are dropped or chosen, addresses of pages and of feeds, and text that is pasted. */

import { articlePath, call } from './api.js';
import { el, said, swap } from './dom.js';
import { newPlace, runJob, showRunning } from './job.js';
import { permalink } from './permalink.js';
import { newId } from './text.js';

const FILES = '.txt,.md,.markdown,.jsonl,.html,.htm,.html.gz,.pdf,.docx';

const DONE = { added: 'added', updated: 'updated', unchanged: 'was there already' };
const INPUTS = [
  ['title', 'Title', 'text'], ['outlet', 'Outlet', 'text'], ['author', 'Author', 'text'],
  ['published_at', 'Published, such as 2024-05-02', 'text'], ['url', 'Address of the original', 'url'],
];

/** Make what articles are added with, a `node`, and `show()` for what is in work; `added()` is called when there are new ones. */
export function addForm(added) {
  const jobs = el('div.jobs', { id: 'uploads' });
  const run = (body) => runJob(body, newPlace(jobs), added);
  const take = (files) => run(formOf([...files]));
  const input = el('input.sr', { id: 'files', type: 'file', multiple: true, accept: FILES });
  input.addEventListener('change', () => { take([...input.files]); input.value = ''; });
  const zone = el('div.drop', {}, el('p', {}, 'Drop files here (text, Markdown, JSON lines, HTML, PDF, Word), or ',
    input, el('label.link', { for: 'files' }, 'choose files'), '.'));
  installDrop(zone, take);
  const node = el('section.add', { 'aria-label': 'Add articles' }, zone, addressForm(run), pasteForm(added), jobs);
  return { node, show: () => showRunning(jobs, added) };
}

function formOf(files) {
  const form = new FormData();
  for (const file of files) form.append('files', file, file.name);
  return form;
}

function addressForm(run) {
  const input = el('input', {
    id: 'address', name: 'address', type: 'url', required: true, autocomplete: 'off', placeholder: 'https://', dir: 'ltr',
  });
  const form = el('form.address', {}, el('label', { for: input.id }, 'Address of a page, feed or sitemap'),
    el('div.row', {}, input, el('button.quiet', { type: 'submit' }, 'Add by address')));
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const sent = input.value;
    if ((await run({ urls: [sent.trim()] })) && input.value === sent) form.reset();
  });
  return form;
}

function installDrop(zone, take) {
  const over = (on) => (event) => {
    event.preventDefault(); // a file dropped beside the zone must not replace the page
    zone.classList.toggle('over', on && zone.isConnected && Boolean(zone.offsetParent));
  };
  document.addEventListener('dragover', over(true));
  document.addEventListener('dragleave', over(false));
  document.addEventListener('drop', (event) => {
    over(false)(event);
    if (zone.offsetParent && event.dataTransfer?.files.length) take(event.dataTransfer.files);
  });
}

async function put(given, body, status) {
  const id = given ?? newId(body.title);
  const { change } = await call('PUT', articlePath(id), body);
  status.className = 'soft';
  swap(status, `${DONE[change] ?? change} `, el('a', { href: permalink({ id }), 'data-inner': true }, 'Read it'));
}

function pasteForm(added) {
  const status = el('p', { role: 'status' });
  const text = el('textarea', { id: 'new-text', name: 'text', rows: 8, required: true, dir: 'auto' });
  const fields = INPUTS.map(([name, label, type]) => {
    const input = el('input', { id: `new-${name}`, name, type, autocomplete: 'off', dir: 'auto' });
    return el('label', { for: input.id }, label, input);
  });
  const form = el('form', { novalidate: true },
    el('div.fields', {}, fields), el('label', { for: text.id }, 'Text', text),
    el('div.row', {}, el('button.main', { type: 'submit' }, 'Add this article')), status);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    pasted(form, status, added);
  });
  return el('details.paste', {}, el('summary', {}, 'Paste a text'), form);
}

async function pasted(form, status, added) {
  const given = [...new FormData(form)].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value);
  const body = Object.fromEntries(given);
  const submit = form.querySelector('[type=submit]');
  status.className = 'soft';
  swap(status, body.text ? 'Being added…' : 'Paste the text of the article first.');
  if (!body.text || submit.disabled) return;
  submit.disabled = true;
  try {
    await put(null, body, status);
    form.reset();
    added();
  } catch (error) {
    status.className = 'wrong';
    swap(status, said(error.message));
  } finally {
    submit.disabled = false;
  }
}
