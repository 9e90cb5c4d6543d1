/** What can be done with an answer: copy it, and say what one thinks of it. */

import { AWAY, call } from './api.js';
import { announce, button, el, icon, swap } from './dom.js';

let off = false; // this server keeps no answers, so that none can be rated

/** Return the buttons below an answer; `keep` keeps the turn. */
export function actionsOf(turn, keep) {
  const said = el('span.soft', { role: 'status' });
  const note = el('div.note', {});
  const copy = button([icon('copy'), ' Copy'], () => copied(turn, said), 'quiet',
    { title: 'Copy the answer with its citations, as Markdown', 'data-key': 'copy' });
  const thumbs = off ? [] : ['up', 'down'].map((rating) => thumb(turn, rating, { keep, note, said }));
  return el('div.actions', {}, el('div.row', {}, turn.answer.outcome !== 'failed' && copy, el('span.thumbs', {}, thumbs), said), note);
}

async function copied(turn, said) {
  const loaded = await import('./markdown.js').catch(() => null);
  if (!loaded) {
    said.textContent = AWAY;
    return;
  }
  const text = loaded.markdownOf(turn, location.origin);
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copyTheOldWay(text); // pages over plain http from elsewhere have no clipboard
  }
  said.textContent = 'Copied as Markdown.';
}

function copyTheOldWay(text) {
  const area = el('textarea.sr', { 'aria-hidden': 'true' });
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

function thumb(turn, rating, place) {
  const label = rating === 'up' ? 'This answer helps' : 'This answer does not help';
  const props = { 'aria-label': label, title: label, 'aria-pressed': String(turn.rating === rating), 'data-key': rating };
  return button(icon(rating), (event) => rate(turn, rating, event.currentTarget, place), 'bare', props);
}

async function rate(turn, rating, pressed, place) {
  if (!(await sent(turn, { rating }, place, pressed.parentNode))) return;
  turn.rating = rating;
  place.keep();
  for (const one of pressed.parentNode.children) one.setAttribute('aria-pressed', String(one === pressed));
  place.said.textContent = 'Thank you.';
  askForNote(turn, rating, place);
}

async function sent(turn, feedback, { said, note }, thumbs) {
  try {
    await call('POST', '/api/feedback', { answer_id: turn.answer.id, ...feedback });
    return true;
  } catch (error) {
    if (error.code === 'feedback_off') {
      off = true;
      document.querySelectorAll('.thumbs').forEach((one) => one.replaceChildren());
      swap(note);
    }
    said.textContent = error.message;
    thumbs?.querySelector('button')?.focus();
    return false;
  }
}

function askForNote(turn, rating, place) {
  const area = el('textarea', { id: `note-${turn.answer.id}`, rows: 2, maxlength: 2000, dir: 'auto' });
  const submit = async (event) => {
    event.preventDefault();
    const given = area.value.trim() || null;
    if (!(await sent(turn, { rating, note: given }, place))) return;
    swap(place.note);
    place.said.textContent = 'Thank you; your note is kept with the answer.';
    announce(place.said.textContent);
  };
  swap(place.note, el('form', { submit },
    el('label', { for: area.id }, rating === 'up' ? 'What is right with it? (optional)' : 'What is wrong with it? (optional)'),
    area, el('div.row', {}, button('No note', () => swap(place.note)), el('button.main', { type: 'submit' }, 'Send'))));
  area.focus();
}
