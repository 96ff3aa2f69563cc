import { useEffect, useState } from 'preact/hooks';
import type { DetectionProfile, DetectionSettings } from '../api/types.js';
import { Tabs } from '../parts/tabs.js';
import { Notice } from '../parts/notice.js';
import { useStore } from '../state/store.js';
import { BrandsSection } from './brands-section.js';
import { changedSections, draft, SECTION_NAMES, type Section } from './draft.js';
import { FindingsSection } from './findings-section.js';
import { ListsSection } from './lists-section.js';
import { PeopleSection } from './people-section.js';
import { PreviewPanel, LONG_LOOK } from './preview-panel.js';
import type { SectionProps } from './section.js';
import { UnsavedBar } from './unsaved-bar.js';
import { useProposal } from './use-proposal.js';
import { VersionsSection } from './versions-section.js';

const SECTIONS: Readonly<Record<Section, (props: SectionProps) => preact.JSX.Element>> = {
  lists: ListsSection,
  people: PeopleSection,
  brands: BrandsSection,
  findings: FindingsSection,
};

const TABS = [
  ...(Object.keys(SECTIONS) as Section[]).map((id) => ({ id, label: SECTION_NAMES[id] })),
  { id: 'versions' as const, label: 'Changes' },
];

interface EditorProps {
  readonly tenant: string;
  readonly settings: DetectionSettings;
  readonly onSettings: (settings: DetectionSettings) => void;
  readonly onReload: () => void;
}

/** All sections work on one draft; it is looked at, saved or discarded as a whole. */
export function Editor({ tenant, settings, onSettings, onReload }: EditorProps) {
  const [tab, setTab] = useState<Section | 'versions'>('lists');
  const kept = useStore(draft);
  const own = kept?.tenant === tenant ? kept : null;
  const profile = own?.profile ?? settings.profile;
  const sections = changedSections(settings.profile, profile);
  const dirty = sections.length > 0;
  const proposal = useProposal({ profile, version: own?.version ?? settings.version, onSettings });
  const change = (next: DetectionProfile): void => {
    proposal.forget();
    draft.set({ tenant, version: own?.version ?? settings.version, profile: next });
  };
  const discard = (): void => {
    proposal.forget();
    draft.set(null);
  };
  useWarning(dirty);
  const Chosen = tab === 'versions' ? null : SECTIONS[tab];
  return (
    <div class="detection">
      {settings.may_change ? null : (
        <Notice title="Only administrators can change this">
          <p>You see what your organisation has set.</p>
        </Notice>
      )}
      <Tabs name="detection" tabs={TABS} chosen={tab} onChoose={setTab}>
        <fieldset class="bare" disabled={!settings.may_change && tab !== 'versions'}>
          <legend class="visually-hidden">{tab === 'versions' ? 'Changes' : SECTION_NAMES[tab]}</legend>
          {Chosen === null ? (
            <VersionsSection {...{ settings, dirty }} onRestored={onSettings} />
          ) : (
            <Chosen {...{ settings, profile }} onChange={change} />
          )}
        </fieldset>
      </Tabs>
      {proposal.preview === null ? null : (
        <PreviewPanel
          preview={proposal.preview}
          busy={proposal.busy}
          onMore={() => void proposal.look(LONG_LOOK)}
          onClose={proposal.forget}
        />
      )}
      {dirty ? (
        <UnsavedBar
          {...{ sections, proposal }}
          onDiscard={discard}
          onTakeTheirs={() => {
            discard();
            onReload();
          }}
        />
      ) : null}
    </div>
  );
}

/** Closing the window would lose the draft. */
function useWarning(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [dirty]);
}
