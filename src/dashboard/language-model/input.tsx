import { useId } from 'preact/hooks';

interface InputProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly type?: 'text' | 'password' | 'url';
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly placeholder?: string | undefined;
  readonly required?: boolean;
  /** Whole numbers only. */
  readonly number?: boolean;
}

/** An input that begins with what is stored; its hint and fault are read out with it. */
export function Input(props: InputProps) {
  const { label, name, value, type = 'text', hint, error, placeholder, required = false, number = false } = props;
  const id = useId();
  const notes = [hint === undefined ? null : `${id}-hint`, error === undefined ? null : `${id}-error`].filter(Boolean);
  const common = {
    ...{ id, name, placeholder, required, defaultValue: value, autocomplete: 'off', spellcheck: false },
    'aria-describedby': notes.length > 0 ? notes.join(' ') : undefined,
    'aria-invalid': error === undefined ? undefined : true,
  };
  return (
    <div class="field">
      <label for={id}>
        {label}
        {required ? null : <span class="field-optional"> (optional)</span>}
      </label>
      {type === 'password' ? (
        <input type="password" {...common} />
      ) : type === 'url' ? (
        <input type="url" {...common} />
      ) : (
        <input
          type="text"
          inputMode={number ? 'numeric' : undefined}
          pattern={number ? '[0-9]*' : undefined}
          {...common}
        />
      )}
      {hint === undefined ? null : (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error === undefined ? null : (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
