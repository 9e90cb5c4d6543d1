/** Adding articles: files that are dropped or chosen, and text that is pasted. */

import { articlePath, call } from './api.js';
import { announce, button, el, said, swap } from './dom.js';
import { articleIn } from './files.js';
import { permalink } from './permalink.js';
import { count, newId, sentence } from './text.js';

const DONE = { added: 'added', updated: 'updated', unchanged: 'was there already' };
const INPUTS = [
  ['title', 'Title', 'text'], ['outlet', 'Outlet', 'text'], ['author', 'Author', 'text'],
  ['published_at', 'Published, such as 2024-05-02', 'text'], ['url', 'Address of the original', 'url'],
];

/** Return what articles are added with; `added()` is called when there are new ones. */
export function addForm(added) {
  const progress = el('div', { id: 'uploads' });
  const take = (files) => addFiles([...files], progress, added);
  const input = el('input.sr', { id: 'files', type: 'file', multiple: true, accept: '.txt,.md,.markdown,text/plain' });
  input.addEventListener('change', () => { take(input.files); input.value = ''; });
  const zone = el('div.drop', {}, el('p', {}, 'Drop text or Markdown files here, or ',
    input, el('label.link', { for: 'files' }, 'choose files'), '.'));
  installDrop(zone, take);
  return el('section.add', { 'aria-label': 'Add articles' }, zone, pasteForm(added), progress);
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

async function addFiles(files, progress, added) {
  const bar = el('progress', { max: files.length, value: 0, 'aria-label': 'Articles added' });
  const items = files.map((file) => ({ file, status: el('span.soft', {}, 'waits') }));
  const rows = items.map(({ file, status }) => el('li', {}, said(file.name), ' ', status));
  swap(progress, bar, el('ul.plain', {}, rows), null);
  let good = 0;
  for (const [n, { file, status }] of items.entries()) {
    good += await addFile(file, status);
    bar.value = n + 1;
  }
  const summary = `${count(good, 'file')} of ${files.length} added.`;
  bar.replaceWith(el('p', {}, summary, ' ', button('Dismiss', () => swap(progress), 'link')));
  announce(summary);
  if (good) added();
}

async function addFile(file, status) {
  swap(status, 'is being added…');
  try {
    const { id, body } = await articleIn(file);
    await put(id, body, status);
    return 1;
  } catch (error) {
    status.className = 'wrong';
    swap(status, said(sentence(error.message)));
    return 0;
  }
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
