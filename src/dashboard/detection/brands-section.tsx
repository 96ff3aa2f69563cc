import { useState } from 'preact/hooks';
import { listBrands } from '../api/detection/detection.js';
import type { DetectionProfile, KnownBrand } from '../api/types.js';
import * as format from '../parts/format.js';
import { Icon } from '../parts/icon.js';
import { Failure } from '../parts/notice.js';
import { useLoad } from '../parts/use-load.js';
import { BrandForm } from './brand-form.js';
import type { SectionProps } from './section.js';

type Brand = DetectionProfile['brands'][number];

const NEW: Brand = { name: '', aliases: [], domains: [], common_word: false };

const SHOWN = 12;

/** The names that must not be imitated: the tenant's own, and those that ship. */
export function BrandsSection({ profile, onChange }: SectionProps) {
  const [search, setSearch] = useState('');
  const [editing, setEditing] = useState<{ readonly brand: Brand; readonly shipped: boolean } | null>(null);
  const { result, reload } = useLoad(`brands ${search}`, () => listBrands(search, SHOWN));
  const put = (brand: Brand): void => {
    const others = profile.brands.filter((own) => own.name.toLowerCase() !== brand.name.toLowerCase());
    onChange({ ...profile, brands: [brand, ...others] });
    setEditing(null);
  };
  const shipped = result.state === 'ready' ? result.value.items.filter((brand) => brand.shipped) : [];
  return (
    <>
      <section class="settings-section" aria-labelledby="own-brands">
        <h2 id="own-brands">
          Your brands {profile.brands.length === 0 ? null : <span class="tab-count">{profile.brands.length}</span>}
        </h2>
        <p>
          Names that your people trust and attackers may borrow: your own company, your bank, your suppliers. A host or
          a sender that imitates one of them is pointed out; the domains named here are not.
        </p>
        {editing === null ? (
          <button type="button" class="button" onClick={() => setEditing({ brand: NEW, shipped: false })}>
            Add a brand
          </button>
        ) : (
          <BrandForm key={editing.brand.name} {...editing} onPut={put} onCancel={() => setEditing(null)} />
        )}
        <ul class="entry-rows tall">
          {profile.brands.map((brand) => (
            <li key={brand.name}>
              <span>
                <strong>{brand.name}</strong>
                <span class="mono">{brand.domains.join(', ')}</span>
              </span>
              <button
                type="button"
                class="button quiet small"
                onClick={() =>
                  setEditing({
                    brand,
                    shipped: shipped.some(({ name }) => name.toLowerCase() === brand.name.toLowerCase()),
                  })
                }
              >
                Change<span class="visually-hidden"> {brand.name}</span>
              </button>
              <button
                type="button"
                class="button quiet icon-only"
                aria-label={`Remove ${brand.name}`}
                onClick={() => onChange({ ...profile, brands: profile.brands.filter((other) => other !== brand) })}
              >
                <Icon name="close" size={14} />
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section class="settings-section" aria-labelledby="shipped-brands">
        <h2 id="shipped-brands">Brands that ship with postern</h2>
        <p>
          Often imitated companies and authorities, with the domains they really use. If one of them really uses a
          domain that is missing, add it: mail from there is then no longer taken for an imitation.
        </p>
        <input
          class="entry-search"
          type="search"
          aria-label="Search brands"
          placeholder="Search by name or domain"
          value={search}
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
        {result.state === 'failed' ? <Failure message={result.error.message} retry={reload} /> : null}
        <ul class="entry-rows tall" aria-busy={result.state === 'loading'}>
          {shipped.map((brand) => (
            <Shipped
              key={brand.name}
              brand={brand}
              onAdd={() => setEditing({ brand: ownOf(brand, profile.brands), shipped: true })}
            />
          ))}
        </ul>
        {result.state === 'ready' ? (
          <p class="hint">
            {shipped.length === 0
              ? 'No brand is called so, or uses such a domain.'
              : `${format.count(result.value.total, 'brand')} in all. The list was looked through on ${result.value.updated}.`}
          </p>
        ) : null}
      </section>
    </>
  );
}

function Shipped({ brand, onAdd }: { readonly brand: KnownBrand; readonly onAdd: () => void }) {
  const { name, domains } = brand;
  return (
    <li>
      <span>
        <strong>{name}</strong>
        <span class="mono">{domains.slice(0, 4).join(', ')}</span>
        {domains.length <= 4 ? null : <span class="hint"> and {domains.length - 4} more</span>}
      </span>
      <button type="button" class="button quiet small" onClick={onAdd}>
        Add a domain<span class="visually-hidden"> of {name}</span>
      </button>
    </li>
  );
}

const ownOf = ({ name }: KnownBrand, brands: readonly Brand[]): Brand =>
  brands.find((own) => own.name.toLowerCase() === name.toLowerCase()) ?? { ...NEW, name };
