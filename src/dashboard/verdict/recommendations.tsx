import { useState } from 'preact/hooks';

/** As much as somebody in a hurry reads. */
const FIRST = 3;

export function Recommendations({ texts }: { readonly texts: readonly string[] }) {
  const [all, setAll] = useState(false);
  if (texts.length === 0) return null;
  const shown = all ? texts : texts.slice(0, FIRST);
  return (
    <div class="todo">
      <h3>What to do</h3>
      <ul>
        {shown.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      {shown.length === texts.length ? null : (
        <button type="button" class="todo-more" onClick={() => setAll(true)}>
          {texts.length - shown.length} more
        </button>
      )}
    </div>
  );
}
