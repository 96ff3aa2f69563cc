/** A browser: follows redirects, keeps cookies by origin. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  async get(url: string, follow = true): Promise<{ url: string; response: Response }> {
    let at = url;
    for (let turn = 0; turn < 20; turn += 1) {
      const { origin } = new URL(at);
      const response = await fetch(at, { redirect: 'manual', headers: { cookie: this.cookiesOf(origin) } });
      this.keep(origin, response);
      const next = response.headers.get('location');
      if (next === null || !follow) return { url: at, response };
      at = new URL(next, at).href;
      // The dashboard's own places: what counts is where one was led.
      if (/^\/(sign-in|signed-in|settings)/.test(new URL(at).pathname)) return { url: at, response };
    }
    throw new Error('led in a circle');
  }

  keep(origin: string, response: Response): void {
    for (const text of response.headers.getSetCookie()) {
      const [pair = ''] = text.split(';');
      this.#cookies.set(`${origin} ${pair.slice(0, pair.indexOf('='))}`, pair);
    }
  }

  cookiesOf(origin: string): string {
    return [...this.#cookies].flatMap(([key, pair]) => (key.startsWith(`${origin} `) ? [pair] : [])).join('; ');
  }
}
