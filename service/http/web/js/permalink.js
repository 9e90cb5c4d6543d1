/** Addresses of sentences: `/articles/ID?start=12&end=40#v=VERSION&q=QUOTE`.
 *
 * Version and quote stand in the fragment, which browsers do not send: no server sees or logs what was quoted.
 */

const ARTICLE = /^\/articles\/([^/]+)$/;

/** Return the address of a sentence of an article, or of the article where there is no sentence. */
export function permalink({ id, start, end, version, quote }) {
  const path = `/articles/${encodeURIComponent(id)}`;
  if (start === undefined || end === undefined) return path;
  const parts = [version && `v=${encodeURIComponent(version)}`, quote && `q=${encodeURIComponent(quote)}`];
  const fragment = parts.filter(Boolean).join('&');
  return `${path}?start=${start}&end=${end}${fragment && `#${fragment}`}`;
}

/** Return the address of what a citation, a quote or a piece of evidence rests on. */
export const linkTo = (cited) => permalink({ ...cited, id: cited.article_id, quote: cited.quote ?? cited.text });

/** Return what an address shows: a view, and within it an article where it names one. */
export function placeOf(location) {
  const path = ARTICLE.exec(location.pathname);
  if (!path) return { view: location.pathname === '/articles' ? 'articles' : 'ask', article: null };
  const query = new URLSearchParams(location.search);
  const fragment = new URLSearchParams(location.hash.slice(1).replaceAll('+', '%2B'));
  const start = offset(query.get('start'));
  const end = offset(query.get('end'));
  const spanned = start !== null && end !== null && start < end;
  return {
    view: 'ask',
    article: {
      id: decoded(path[1]),
      start: spanned ? start : null,
      end: spanned ? end : null,
      version: fragment.get('v') || query.get('version') || null,
      quote: fragment.get('q') || null,
    },
  };
}

const offset = (text) => (/^\d{1,9}$/.test(text ?? '') ? Number(text) : null);

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
