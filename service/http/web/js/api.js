/** The HTTP interface: every refusal becomes an ApiError whose message helps. */

import { sentence } from './text.js';
import { askForToken, token } from './token.js';

/** What is said where nobody answers. */
export const AWAY = 'The server cannot be reached. See that it runs, then try again.';

/** A request that was refused, or that reached nobody (status 0). */
export class ApiError extends Error {
  constructor(status, code, detail) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

/** Send a request and return the reply. Raises ApiError, or what `signal` aborts with. */
export async function send(method, path, body, signal) {
  for (;;) {
    const used = token();
    const reply = await tried(path, options(method, body, signal, used));
    if (reply.ok) return reply;
    const error = await refusal(reply);
    if (error.status !== 401 || !(await askForToken(used))) throw error;
  }
}

/** Send a request and return the JSON of the reply. */
export const call = async (method, path, body) => (await send(method, path, body)).json();

/** Return the path of an article in the interface. */
export const articlePath = (id, version) =>
  `/api/articles/${encodeURIComponent(id)}${version ? `?version=${encodeURIComponent(version)}` : ''}`;

function options(method, body, signal, used) {
  const headers = {};
  if (used) headers.Authorization = `Bearer ${used}`;
  const form = body instanceof FormData; // whose type, with its boundary, the browser writes
  if (body && !form) headers['Content-Type'] = 'application/json';
  return { method, headers, signal, body: body && !form ? JSON.stringify(body) : body, cache: 'no-store', credentials: 'omit' };
}

async function tried(path, settings) {
  try {
    return await fetch(path, settings);
  } catch (error) {
    if (settings.signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', AWAY);
  }
}

async function refusal(reply) {
  let body = {};
  try {
    body = await reply.json();
  } catch {
    // not ours: a proxy's page, perhaps
  }
  const detail = typeof body.detail === 'string' && body.detail;
  return new ApiError(reply.status, body.error, sentence(detail || `The server answered ${reply.status}.`));
}
