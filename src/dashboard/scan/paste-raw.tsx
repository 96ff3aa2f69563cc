import { useState } from 'preact/hooks';
import { scanRaw } from './submit.js';

export function PasteRaw() {
  const [text, setText] = useState('');
  return (
    <form
      class="entry"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === '') return;
        scanRaw(text);
        setText('');
      }}
    >
      <div class="field">
        <label for="raw">The message with its headers</label>
        <textarea
          id="raw"
          class="mono"
          rows={10}
          required
          spellcheck={false}
          placeholder={'Received: from …\nFrom: …\nSubject: …\n\n…'}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          aria-describedby="raw-hint"
        />
        <p class="field-hint" id="raw-hint">
          In most mail programs: “Show original”, “View source” or “Raw message”. The headers tell where it really came
          from.
        </p>
      </div>
      <button type="submit" class="button primary">
        Scan the message
      </button>
    </form>
  );
}
