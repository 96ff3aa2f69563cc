import { useRef, useState } from 'preact/hooks';
import { previewProfile, saveProfile } from '../api/detection/detection.js';
import { asApiError, type ApiError } from '../api/problem.js';
import type { DetectionPreview, DetectionProfile, DetectionSettings } from '../api/types.js';
import { say } from '../state/toasts.js';
import { draft } from './draft.js';

export interface Proposal {
  readonly preview: DetectionPreview | null;
  readonly error: ApiError | null;
  readonly busy: boolean;
  readonly look: (limit: number) => Promise<void>;
  readonly save: () => Promise<void>;
  /** Drops preview and fault: they were about another draft. */
  readonly forget: () => void;
}

/** What can be done with a draft: look at its effect, and put it in force. */
export function useProposal(about: {
  readonly profile: DetectionProfile;
  readonly version: number;
  readonly onSettings: (settings: DetectionSettings) => void;
}): Proposal {
  const [preview, setPreview] = useState<DetectionPreview | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  // An answer about a draft that has changed since is dropped.
  const turn = useRef(0);
  const forget = (): void => {
    turn.current += 1;
    setPreview(null);
    setError(null);
  };
  const attempt = async (work: (current: () => boolean) => Promise<void>): Promise<void> => {
    const mine = turn.current;
    const current = (): boolean => turn.current === mine;
    setBusy(true);
    setError(null);
    try {
      await work(current);
    } catch (thrown) {
      if (current()) setError(asApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return {
    ...{ preview, error, busy, forget },
    look: (limit) =>
      attempt(async (current) => {
        const answer = await previewProfile(about.profile, limit);
        if (!current()) return;
        setPreview(answer);
        requestAnimationFrame(() => {
          const title = document.getElementById('preview-title');
          title?.focus({ preventScroll: true });
          title?.closest('section')?.scrollIntoView({ block: 'start' });
        });
      }),
    save: () =>
      attempt(async () => {
        const settings = await saveProfile(about.version, about.profile);
        draft.set(null);
        setPreview(null);
        about.onSettings(settings);
        say('Saved. It counts from the next scan on.');
      }),
  };
}
