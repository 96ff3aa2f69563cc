import { useState } from 'preact/hooks';
import { say } from '../state/toasts.js';
import { Icon } from './icon.js';

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, as in "Copy the link". */
  readonly what: string;
  readonly label?: string;
}

export function CopyButton({ text, what, label }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), 1600);
    } catch {
      say('The browser did not allow copying. Select the text and copy it by hand.');
    }
  };
  return (
    <button
      type="button"
      class={label === undefined ? 'button quiet icon-only' : 'button quiet'}
      aria-label={label === undefined ? `Copy ${what}` : undefined}
      title={`Copy ${what}`}
      onClick={() => void copy()}
    >
      <Icon name={copied ? 'check' : 'copy'} size={16} />
      {label === undefined ? null : <span>{copied ? 'Copied' : label}</span>}
    </button>
  );
}
