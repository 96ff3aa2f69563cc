/** RFC 6376 §3.2: `name=value` pairs between semicolons; a final one may be left. Null where the syntax is wrong or a name twice. */
export function readTagList(raw: string): ReadonlyMap<string, string> | null {
  const tags = new Map<string, string>();
  const statements = raw.split(';');
  if ((statements.at(-1) ?? '').trim() === '') statements.pop();
  for (const statement of statements) {
    const equals = statement.indexOf('=');
    const name = statement.slice(0, Math.max(0, equals)).trim();
    if (!/^[a-z][a-z0-9_]*$/i.test(name) || tags.has(name)) return null;
    tags.set(name, statement.slice(equals + 1).trim());
  }
  return tags;
}
