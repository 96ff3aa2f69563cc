import { useState } from 'preact/hooks';
import type { EvidencePlace, Message } from '../api/types.js';

type View = 'visible' | 'text' | 'html';
const VIEWS: readonly { id: View; name: string }[] = [
  { id: 'visible', name: 'As a reader sees it' },
  { id: 'text', name: 'Text part' },
  { id: 'html', name: 'HTML source' },
];
/** More than this makes a page slow and tells a reader nothing. */
const MOST = 200_000;

/** The body as plain text: what is read, what a plain mail program shows, and the source. */
export function TextTab({ message, at }: { readonly message: Message; readonly at: EvidencePlace | undefined }) {
  const views = VIEWS.filter((view) => message[view.id] !== '');
  const preferred = at?.kind === 'text' || at?.kind === 'html' ? at.kind : null;
  const [picked, setPicked] = useState<View | null>(null);
  const view = picked ?? preferred ?? views[0]?.id ?? 'visible';
  const text = message[view];
  return (
    <div class="text-tab">
      {views.length < 2 ? null : (
        <fieldset class="segments">
          <legend class="visually-hidden">Which text</legend>
          {views.map((entry) => (
            <label key={entry.id}>
              <input type="radio" name="text-view" checked={entry.id === view} onChange={() => setPicked(entry.id)} />
              <span>{entry.name}</span>
            </label>
          ))}
        </fieldset>
      )}
      {text === '' ? (
        <p class="hint">This message has no text.</p>
      ) : (
        <pre class={view === 'html' ? 'mono source' : 'source'}>{marked(text.slice(0, MOST), view, at)}</pre>
      )}
      {text.length > MOST ? <p class="hint">The text goes on; this is as much as is shown here.</p> : null}
    </div>
  );
}

function marked(text: string, view: View, at: EvidencePlace | undefined) {
  if (at?.kind !== view) return text;
  return (
    <>
      {text.slice(0, at.start)}
      <mark class="is-evidence">{text.slice(at.start, at.end)}</mark>
      {text.slice(at.end)}
    </>
  );
}
