/** Files as articles: plain text, and Markdown with front matter. */

const FIELDS = ['url', 'title', 'author', 'outlet', 'language', 'published_at', 'modified_at', 'fetched_at'];
const ID = /^(?!\.{1,2}$)[A-Za-z0-9._:#~-]{1,128}$/;

/** Return the article in a file as `{id, body}`; `id` is null unless it names one. Raises Error with words that help. */
export async function articleIn(file) {
  if (!/\.(txt|md|markdown)$/i.test(file.name)) throw new Error('Only .txt and .md files can be added here.');
  return articleOf(await textIn(file), file.name);
}

/** Return the article that a text is, by the name of its file. */
export function articleOf(text, name) {
  const title = name.replace(/\.\w+$/, '').replace(/[-_]+/g, ' ').trim();
  if (/\.txt$/i.test(name)) return { id: null, body: { text, title } };
  const { fields, rest } = frontMatter(text);
  const heading = /^#[ \t]+(.+?)[ \t#]*$/m.exec(rest)?.[1];
  const body = { title: heading ?? title, text: rest };
  for (const field of FIELDS) if (fields[field]) body[field] = fields[field];
  return { id: ID.test(fields.id ?? '') ? fields.id : null, body };
}

async function textIn(file) {
  let bytes;
  try {
    bytes = await file.arrayBuffer();
  } catch {
    throw new Error('It cannot be read; a folder cannot be added, only the files in it.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('It is not UTF-8 text; save it as UTF-8 and add it again.');
  }
}

function frontMatter(text) {
  const found = /^\ufeff?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(text);
  if (!found) return { fields: {}, rest: text };
  const fields = {};
  for (const line of found[1].split(/\r?\n/)) {
    const pair = /^(\w+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (pair) fields[pair[1]] = unquoted(pair[2]);
  }
  return { fields, rest: text.slice(found[0].length).replace(/^\s*\n/, '') };
}

const unquoted = (value) => /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
