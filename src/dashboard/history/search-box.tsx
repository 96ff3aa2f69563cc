import { useRef, useState } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { historyPath, navigate } from '../state/router.js';
import { parseQuery } from './query.js';

const PREFIXES = [
  { text: 'from:', meaning: 'sender' },
  { text: 'subject:', meaning: 'words of the subject' },
  { text: 'label:', meaning: 'verdict' },
  { text: 'domain:', meaning: 'site of a link, or the sender’s domain' },
  { text: 'url:', meaning: 'a link that a finding names' },
  { text: 'sha256:', meaning: 'hash of the message or of a file' },
  { text: 'since:', meaning: 'first day' },
  { text: 'until:', meaning: 'last day' },
] as const;

export function SearchBox({ query }: { readonly query: string }) {
  // What was typed since this search; another search shows its own text. An effect would take back what was typed before it ran.
  const [typed, setTyped] = useState({ query, text: query });
  const text = typed.query === query ? typed.text : query;
  const setText = (next: string): void => setTyped({ query, text: next });
  const input = useRef<HTMLInputElement>(null);
  const { faults } = parseQuery(query);
  return (
    <form
      class="search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        navigate(historyPath(text));
      }}
    >
      <div class="search-row">
        <Icon name="search" size={18} />
        <input
          ref={input}
          type="search"
          aria-label="Search the history"
          aria-describedby="search-help"
          placeholder="Search, for example  from:bank label:phishing since:7d"
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            // The browser's own cross empties the box without sending the form.
            if (event.currentTarget.value === '' && query !== '') navigate(historyPath(''));
          }}
        />
        <button type="submit" class="button">
          Search
        </button>
      </div>
      <p class="search-help" id="search-help">
        <span>Understands</span>
        {PREFIXES.map((prefix) => (
          <button
            key={prefix.text}
            type="button"
            title={prefix.meaning}
            onClick={() => {
              setText(`${text.trim()} ${prefix.text}`.trimStart());
              input.current?.focus();
            }}
          >
            {prefix.text}
          </button>
        ))}
        <span>and words of the subject.</span>
      </p>
      {faults.length === 0 ? null : (
        <div class="search-faults" role="alert">
          {faults.map((fault) => (
            <p key={fault}>{fault}</p>
          ))}
        </div>
      )}
    </form>
  );
}
