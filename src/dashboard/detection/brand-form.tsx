import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { DetectionProfile } from '../api/types.js';
import { domainFault, splitEntries, written } from './words.js';

type Brand = DetectionProfile['brands'][number];

interface BrandFormProps {
  readonly brand: Brand;
  /** Brands of that name ship: this adds to them. */
  readonly shipped: boolean;
  readonly onPut: (brand: Brand) => void;
  readonly onCancel: () => void;
}

/** A brand: its name, the domains it really uses, and how else it is called. */
export function BrandForm({ brand, shipped, onPut, onCancel }: BrandFormProps) {
  const [fault, setFault] = useState<string | null>(null);
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>(brand.name === '' ? 'input' : 'textarea')?.focus(), []);
  const put = (event: Event): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const domains = splitEntries(written(fields, 'domains'));
    const wrong =
      domains.length === 0 ? 'A brand needs a domain that it really uses.' : domains.map(domainFault).find(Boolean);
    setFault(wrong ?? null);
    if (wrong !== undefined && wrong !== null) return;
    onPut({
      name: brand.name === '' ? written(fields, 'name').trim() : brand.name,
      domains,
      aliases: written(fields, 'aliases')
        .split(/[,;\n]/)
        .map((alias) => alias.trim())
        .filter((alias) => alias !== ''),
      common_word: fields.get('common') !== null,
    });
  };
  return (
    <form
      class="brand-form sheet"
      ref={form}
      onSubmit={put}
      aria-label={brand.name === '' ? 'A new brand' : brand.name}
    >
      {brand.name === '' ? (
        <div class="field">
          <label for={`${id}-name`}>Name</label>
          <input id={`${id}-name`} name="name" type="text" required minLength={2} maxLength={80} autocomplete="off" />
        </div>
      ) : (
        <p>
          <strong>{brand.name}</strong>
        </p>
      )}
      <div class="field">
        <label for={`${id}-domains`}>{shipped ? 'Further domains it really uses' : 'Domains it really uses'}</label>
        <textarea
          id={`${id}-domains`}
          name="domains"
          class="mono"
          rows={3}
          spellcheck={false}
          aria-invalid={fault === null ? undefined : true}
          aria-describedby={fault === null ? undefined : `${id}-fault`}
        >
          {brand.domains.join('\n')}
        </textarea>
        {fault === null ? null : (
          <p class="field-error" id={`${id}-fault`} role="alert">
            {fault}
          </p>
        )}
      </div>
      <div class="field">
        <label for={`${id}-aliases`}>Also called</label>
        <input id={`${id}-aliases`} name="aliases" type="text" value={brand.aliases.join(', ')} autocomplete="off" />
        <p class="field-hint">Separated by commas. May be left empty.</p>
      </div>
      {shipped ? null : (
        <label class="check">
          <input type="checkbox" name="common" checked={brand.common_word} />
          <span>The name is also an everyday word, such as Apple: it counts only where it stands alone</span>
        </label>
      )}
      <div class="actions">
        <button type="submit" class="button primary">
          {brand.name === '' ? 'Add' : 'Done'}
        </button>
        <button type="button" class="button quiet" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
