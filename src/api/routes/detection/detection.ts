import { getProfile } from '../../../services/detection/get-profile.js';
import { listBrands } from '../../../services/detection/list-brands.js';
import { listFindings } from '../../../services/detection/list-findings.js';
import { listSender } from '../../../services/detection/list-sender.js';
import { listVersions } from '../../../services/detection/list-versions.js';
import { previewProfile } from '../../../services/detection/preview.js';
import { restoreVersion } from '../../../services/detection/restore-version.js';
import { saveProfile } from '../../../services/detection/save-profile.js';
import { answer, route } from '../../route.js';
import {
  Brands,
  BrandsQuery,
  DetectionSettings,
  Findings,
  FindingsQuery,
  ListedSender,
  ListSender,
  Preview,
  PreviewProfile,
  PROFILE_BYTES,
  ProfileVersions,
  RestoreProfile,
  SaveProfile,
} from '../../schemas/detection/detection.js';

const detection = { tag: 'Detection', access: 'bearer' } as const;

/** What a tenant tells detection, and what postern would make of it. */
export const DETECTION_ROUTES = [
  route({
    ...detection,
    method: 'get',
    path: '/detection/profile',
    name: 'getDetectionProfile',
    summary: 'Domains, people, brands, lists and factors in force',
    responses: { 200: { description: 'The profile with its version.', schema: DetectionSettings } },
    async handle({ ctx }) {
      return answer(200, await getProfile({ ctx }));
    },
  }),

  route({
    ...detection,
    method: 'put',
    path: '/detection/profile',
    name: 'saveDetectionProfile',
    summary: 'Put another profile in force',
    description:
      'The whole profile, and the version it was made from: when somebody else was faster, nothing is changed. Entries are normalised; ' +
      'all faults are told at once.',
    body: SaveProfile,
    bodyLimit: PROFILE_BYTES,
    responses: { 200: { description: 'The profile as it was stored.', schema: DetectionSettings } },
    errors: ['auth.forbidden', 'detection.profile-changed'],
    async handle({ ctx, body }) {
      return answer(200, await saveProfile({ ctx, input: body }));
    },
  }),

  route({
    ...detection,
    method: 'get',
    path: '/detection/profile/versions',
    name: 'listDetectionVersions',
    summary: 'Who changed the profile, when, and what',
    responses: { 200: { description: 'The versions.', schema: ProfileVersions } },
    async handle({ ctx }) {
      return answer(200, { items: await listVersions({ ctx }) });
    },
  }),

  route({
    ...detection,
    method: 'post',
    path: '/detection/profile/restore',
    name: 'restoreDetectionProfile',
    summary: 'Go back to an earlier version',
    description: 'As a new version: nothing of the history is lost.',
    body: RestoreProfile,
    responses: { 200: { description: 'The profile in force now.', schema: DetectionSettings } },
    errors: ['auth.forbidden', 'detection.profile-changed', 'detection.version-unknown'],
    async handle({ ctx, body }) {
      return answer(200, await restoreVersion({ ctx, input: body }));
    },
  }),

  route({
    ...detection,
    method: 'post',
    path: '/detection/lists',
    name: 'listSender',
    summary: 'Block or allow a sender',
    description: 'Puts an address or domain on one list and takes it off the other; null takes it off both.',
    body: ListSender,
    responses: { 200: { description: 'Where it stands, and where it stood.', schema: ListedSender } },
    errors: ['auth.forbidden', 'detection.profile-changed'],
    async handle({ ctx, body }) {
      return answer(200, await listSender({ ctx, input: body }));
    },
  }),

  route({
    ...detection,
    method: 'get',
    path: '/detection/findings',
    name: 'listFindings',
    summary: 'The catalogue of findings, with weights and how often each was reported',
    description: 'Counted in your own mail; for administrators in that of the whole organisation.',
    query: FindingsQuery,
    responses: { 200: { description: 'Every finding.', schema: Findings } },
    async handle({ ctx, query }) {
      return answer(200, await listFindings({ ctx, input: query }));
    },
  }),

  route({
    ...detection,
    method: 'get',
    path: '/detection/brands',
    name: 'listBrands',
    summary: 'The brands that are protected against imitation',
    query: BrandsQuery,
    responses: { 200: { description: "The tenant's own first.", schema: Brands } },
    async handle({ ctx, query }) {
      return answer(200, await listBrands({ ctx, input: query }));
    },
  }),

  route({
    ...detection,
    method: 'post',
    path: '/detection/preview',
    name: 'previewDetectionProfile',
    summary: 'What a profile would do to the newest stored scans',
    description:
      'Weighs stored findings anew under the profile in force and under the proposed one, with the code that judges every scan. Lists, ' +
      'people and own domains are looked for anew; what brands and trusted servers change is seen only by a rescan, and named in ' +
      '`needs_rescan`. No message is opened and nothing is changed.',
    body: PreviewProfile,
    bodyLimit: PROFILE_BYTES,
    responses: { 200: { description: 'What would change.', schema: Preview } },
    errors: ['auth.forbidden'],
    async handle({ ctx, body }) {
      return answer(200, await previewProfile({ ctx, input: body }));
    },
  }),
] as const;
