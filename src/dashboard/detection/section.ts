import type { DetectionProfile, DetectionSettings } from '../api/types.js';

/** What a section of the settings shows and changes: its part of the draft. */
export interface SectionProps {
  readonly settings: DetectionSettings;
  readonly profile: DetectionProfile;
  readonly onChange: (profile: DetectionProfile) => void;
}
