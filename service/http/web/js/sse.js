/** Server-sent events out of the body of a reply, as the HTML standard parses them. */

/** Yield each event of a stream of bytes as `{name, data}`. */
export async function* events(stream) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const lines = new Lines();
  const event = new Pending();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      for (const line of lines.take(decoder.decode(value, { stream: true }))) {
        const whole = event.take(line);
        if (whole) yield whole;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Lines end in CR, LF or both; what has no end yet waits. */
class Lines {
  rest = '';

  take(text) {
    this.rest += text;
    const held = this.rest.endsWith('\r') ? '\r' : ''; // an LF may follow
    const lines = this.rest.slice(0, this.rest.length - held.length).split(/\r\n|\n|\r/);
    this.rest = lines.pop() + held;
    return lines;
  }
}

/** An event is what stands before an empty line. */
class Pending {
  name = '';
  data = [];

  take(line) {
    if (line === '') return this.end();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.name = value;
    if (field === 'data') this.data.push(value);
    return null;
  }

  end() {
    const whole = this.data.length ? { name: this.name || 'message', data: this.data.join('\n') } : null;
    this.name = '';
    this.data = [];
    return whole;
  }
}
