import { useId } from 'preact/hooks';

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly type?: 'text' | 'email' | 'password' | 'code';
  readonly value?: string;
  readonly autocomplete?: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly minLength?: number;
  readonly required?: boolean;
}

/** A labelled input whose hint and fault are read out with it. */
export function Field({
  label,
  name,
  type = 'text',
  autocomplete,
  hint,
  error,
  minLength,
  required = true,
  value,
}: FieldProps) {
  const id = useId();
  const notes = [hint === undefined ? null : `${id}-hint`, error === undefined ? null : `${id}-error`].filter(Boolean);
  const common = {
    id,
    name,
    required,
    autocomplete,
    minLength,
    'aria-describedby': notes.length > 0 ? notes.join(' ') : undefined,
    'aria-invalid': error === undefined ? undefined : true,
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type === 'password' ? (
        <input type="password" {...common} />
      ) : type === 'email' ? (
        <input type="email" {...common} defaultValue={value} />
      ) : type === 'code' ? (
        <input type="text" class="code-input" inputMode="text" spellcheck={false} autocapitalize="off" {...common} />
      ) : (
        <input type="text" {...common} defaultValue={value} />
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
