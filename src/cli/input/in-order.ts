export interface Window {
  readonly items: number;
  readonly bytes: number;
}

/**
 * Works on several items at once and yields the results in the order of the items. Reads ahead only as far as the window reaches,
 * so that memory stays bounded however long the input is.
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  window: Window,
  sizeOf: (item: Item) => number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const ahead: { readonly result: Promise<Result>; readonly bytes: number }[] = [];
  let bytes = 0;
  for await (const item of items) {
    const own = sizeOf(item);
    while (ahead.length > 0 && (ahead.length >= window.items || bytes + own > window.bytes)) yield await next();
    const result = work(item);
    // Reported when its turn comes; until then it must not count as unhandled.
    result.catch(() => undefined);
    ahead.push({ result, bytes: own });
    bytes += own;
  }
  while (ahead.length > 0) yield await next();

  async function next(): Promise<Result> {
    const first = ahead.shift();
    if (first === undefined) throw new RangeError('nothing is ahead');
    bytes -= first.bytes;
    return first.result;
  }
}
