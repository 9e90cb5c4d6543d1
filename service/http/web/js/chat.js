/** The conversation: its turns, the composer below them, and the examples before the first. */

import { AWAY, call } from './api.js';
import { $, announce, arrange, button, el, said, swap, toast } from './dom.js';
import { makeFilters } from './filters.js';
import { awayNotice } from './later.js';
import { LEFT, joinedTurns, loadTurns, newTurn, onOtherTab, saveLeft, saveTurns, touch } from './state.js';

const EXAMPLES = 3;
const LONGEST_EXAMPLE = 110;

/** The one conversation of this page. */
class Chat {
  turns = loadTurns();
  views = new WeakMap();
  running = null; // the question in work: its turn, and what stops it
  starting = false;
  shows = null; // what shows turns, loaded when there is one
  filters = makeFilters();

  /** Load what shows turns. */
  async ready() {
    this.shows ??= await import('./turn.js');
  }

  /** Show the turns, once what shows them is loaded. */
  async begin() {
    if (!this.turns.length && !this.shows) return;
    try {
      await this.ready();
    } catch {
      swap($('#turns'), awayNotice(() => this.begin()));
      return;
    }
    this.render();
  }

  /** Ask a new question; return whether it was taken. */
  async ask(question) {
    if (this.running || this.starting) return false;
    this.starting = true;
    try {
      await this.ready();
      const turn = newTurn(question, this.filters.current());
      this.turns.push(turn);
      this.filters.close();
      this.render();
      this.views.get(turn).node.scrollIntoView({ block: 'start' });
      this.run(turn, null);
      return true;
    } catch {
      toast(AWAY);
      return false;
    } finally {
      this.starting = false;
    }
  }

  /** Ask a turn anew; one question is in work at a time. */
  async run(turn, searchAs, filters) {
    if (this.running) {
      toast('Another question is in work; stop it first.');
      return;
    }
    if (filters) turn.filters = filters;
    this.running = { turn, stopping: new AbortController() };
    this.busy(true);
    try {
      const loaded = await import('./ask.js').catch(() => null);
      const { signal } = this.running.stopping;
      if (loaded) await loaded.answerTurn(this.turns, turn, searchAs, signal, () => this.changed(turn));
      else this.fail(turn, searchAs);
    } finally {
      this.running = null;
      this.busy(false);
    }
  }

  /** Say of a question that it could not even be sent. */
  fail(turn, searchAs) {
    turn.problem = AWAY;
    if (!turn.answer) turn.searchAs = searchAs;
    this.changed(turn);
  }

  changed(turn) {
    turn.asking = Boolean(turn.live);
    this.views.get(turn)?.update();
    if (!turn.live || turn.live.stage === 'sending') this.keep(turn);
    announce(this.shows.spoken(turn));
  }

  /** Keep a turn that has changed, unless it was let go here. */
  keep(turn) {
    if (!this.turns.includes(turn)) return;
    touch(turn);
    this.replace(this.turns, { back: [turn.id] });
  }

  /** Keep of a question in work that nobody waits for its answer any more. */
  leave() {
    if (!this.running) return;
    if (this.turns.includes(this.running.turn)) saveLeft(this.turns, this.running.turn);
    this.running.stopping.abort(LEFT);
  }

  busy(on) {
    const focused = document.activeElement === $(on ? '#send' : '#stop');
    $('#send').hidden = on;
    $('#stop').hidden = !on;
    if (focused) $(on ? '#stop' : '#question').focus();
  }

  stop() {
    this.running?.stopping.abort('Stopped.');
  }

  /** Show the turns; those that were shown keep their view. */
  render() {
    const again = (turn) => (searchAs, filters) => this.run(turn, searchAs, filters);
    for (const turn of this.turns) {
      if (!this.views.has(turn)) {
        this.views.set(turn, this.shows.turnView(turn, { again: again(turn), keep: () => this.keep(turn) }));
      }
    }
    arrange($('#turns'), this.turns.map((turn) => this.views.get(turn).node));
    $('#welcome').classList.toggle('past', this.turns.length > 0);
    $('#fresh').hidden = !this.turns.length;
  }

  /** Begin anew; what was said can be had back for some seconds. */
  clear() {
    this.stop();
    const before = this.turns;
    const ids = before.map(({ id }) => id);
    this.replace([], { gone: ids });
    showExamples(this);
    toast('A new conversation.', 'Undo', () => this.replace([...before, ...this.turns], { back: ids }));
    $('#question').focus();
  }

  replace(turns, marks) {
    this.turns = saveTurns(turns, marks);
    this.render();
  }

  /** Take over what another tab said; where `nothing` is kept, only a question in work stays. */
  async reload(nothing) {
    this.turns = joinedTurns(nothing ? this.turns.filter((turn) => turn.live) : this.turns);
    await this.begin();
  }
}

/** Make the conversation and its composer; return what shows examples anew. */
export function installChat() {
  const chat = new Chat();
  chat.begin();
  onOtherTab((nothing) => chat.reload(nothing));
  addEventListener('pagehide', () => chat.leave());
  $('#stop').addEventListener('click', () => chat.stop());
  $('#fresh').addEventListener('click', () => chat.clear());
  installComposer(chat);
  return () => chat.turns.length || showExamples(chat);
}

function installComposer(chat) {
  const area = $('#question');
  const ask = async () => {
    const question = area.value.trim();
    if (question && (await chat.ask(question))) area.value = '';
  };
  $('#composer').addEventListener('submit', (event) => { event.preventDefault(); ask(); });
  area.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    ask();
  });
}

async function showExamples(chat) {
  let page;
  try {
    page = await call('GET', '/api/articles?limit=60');
  } catch (error) {
    swap($('#examples'), el('p.notice', { role: 'alert' }, said(error.message)));
    return;
  }
  const titles = page.articles.map((one) => one.title).filter((title) => title && title.length <= LONGEST_EXAMPLE);
  const step = Math.max(1, Math.floor(titles.length / EXAMPLES));
  const chosen = [...new Set(titles)].filter((_, n) => n % step === 0).slice(0, EXAMPLES);
  const buttons = chosen.map((title) => {
    const question = title.endsWith('?') ? title : `What happened: ${title.replace(/[.!…]+$/, '')}?`;
    return el('li', {}, button(said(question), () => chat.ask(question), 'example'));
  });
  swap($('#examples'), page.total ? chosen.length > 0 && [el('p.soft', {}, 'For example'), el('ul.plain', {}, buttons)]
    : el('p.notice', {}, 'There are no articles yet. ', el('a', { href: '/articles', 'data-inner': true }, 'Add some'), ' to ask.'));
}
