import type { TestServer } from './server.js';

export interface SeenEvent {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads an event stream to its end. */
export async function readEvents(
  server: TestServer,
  path: string,
  as: { readonly token: string },
): Promise<readonly SeenEvent[]> {
  const answer = await fetch(server.url + path, { headers: { authorization: `Bearer ${as.token}` } });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status}: ${text}`);
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [event = '', data = ''] = block.split('\ndata: ');
      return { event: event.slice('event: '.length), data: JSON.parse(data) as Record<string, unknown> };
    });
}
