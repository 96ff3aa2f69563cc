import { useRef } from 'preact/hooks';
import { Icon } from '../parts/icon.js';
import { scanFiles } from './submit.js';

/** Chooses files by hand. Dropping works on the whole page, so this only has to say so. */
export function DropZone({ onChosen }: { readonly onChosen?: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class="drop-zone">
      <Icon name="mail" size={28} />
      <p class="drop-title">Drop a message anywhere on this page</p>
      <p class="drop-hint">
        Saved e-mail files (.eml), one or several. Attachments are examined in memory and never kept.
      </p>
      <button type="button" class="button primary" onClick={() => input.current?.click()}>
        Choose files
      </button>
      <input
        ref={input}
        type="file"
        class="visually-hidden"
        aria-label="Message files"
        tabIndex={-1}
        multiple
        accept=".eml,.txt,message/rfc822"
        onChange={(event) => {
          const chosen = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          if (chosen.length === 0) return;
          scanFiles(chosen);
          onChosen?.();
        }}
      />
    </div>
  );
}
