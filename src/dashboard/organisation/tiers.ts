import type { TierName } from '../api/types.js';

export const TIER_NAMES: Readonly<Record<TierName, string>> = {
  community: 'Community',
  professional: 'Professional',
  enterprise: 'Enterprise',
  unlimited: 'Unlimited',
};

export const TIERS = Object.keys(TIER_NAMES) as TierName[];
