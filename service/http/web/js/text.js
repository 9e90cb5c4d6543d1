/** Text as people read it: code points, dates, counts, addresses. Nothing here touches the page. */

/** Return at most `limit` code points of `text`. */
export function clip(text, limit) {
  const points = Array.from(text);
  return points.length > limit ? points.slice(0, limit).join('') : text;
}

/** Return the UTF-16 index at which the code point `point` of `text` begins, or its length past the end. */
export function unitAt(text, point) {
  let unit = 0;
  for (let left = point; left > 0 && unit < text.length; left -= 1) {
    unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
  }
  return unit;
}

/** Return `text[start:end]`, both counted in code points. */
export function cut(text, start, end) {
  return text.slice(unitAt(text, start), unitAt(text, end));
}

/** Return the address as a link may have it, or null for anything but http and https. */
export function webUrl(address) {
  try {
    const url = new URL(String(address));
    return url.protocol === 'http:' || url.protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
}

/** Tell whether a link may lead there: within this page, or to the web. */
export function isSafeHref(href) {
  return /^(\/(?![/\\])|#)/.test(href) || webUrl(href) !== null;
}

/** Return a date of any precision as words: 2022, June 2022, 13 June 2022. */
export function dateWords(value) {
  const found = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(value || '');
  if (!found) return value || '';
  const [, year, month, day] = found;
  const options = { year: 'numeric', timeZone: 'UTC' };
  if (month) options.month = 'long';
  if (day) options.day = 'numeric';
  const date = new Date(Date.UTC(2000, Number(month || 1) - 1, Number(day || 1)));
  date.setUTCFullYear(Number(year));
  return new Intl.DateTimeFormat('en-GB', options).format(date);
}

/** Return the day after or before a day, as 2022-06-13. */
export function dayBeside(day, step) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + step);
  return date.toISOString().slice(0, 10);
}

/** Return a count with its noun: 1 article, 1,204 articles. */
export function count(n, noun, nouns = `${noun}s`) {
  return `${Number(n).toLocaleString('en-GB')} ${n === 1 ? noun : nouns}`;
}

/** Return a new id for an article: its title in plain letters, and something random. */
export function newId(title) {
  const plain = (title || '').normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60).replace(/-+$/, '');
  const random = Array.from(crypto.getRandomValues(new Uint8Array(5)), (byte) => byte.toString(16).padStart(2, '0'));
  return `${slug || 'article'}-${random.join('')}`;
}

/** Return what tells an article besides its title: outlet, author, date; of a quote out of a printed one, the page. */
export function byline(article, withAuthor = true) {
  const parts = [article.outlet, withAuthor ? article.author : null, dateWords(article.published_at),
    article.page ? `page ${article.page}` : null];
  return parts.filter(Boolean);
}

/** Return an article's title, or what to call one that has none. */
export const titleOf = (article) => article.title || 'Untitled article';

/** Return words of the server as a sentence. */
export function sentence(words) {
  const whole = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}
