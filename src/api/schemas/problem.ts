import { z } from 'zod';
import { ERROR_CODES } from '../../errors.js';
import type { ErrorCode } from '../../errors.js';

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]];

/** RFC 9457. Clients match on `code`; the texts may change. */
export const Problem = z
  .looseObject({
    type: z.string().describe('A link to what the code means.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What went wrong here, in words that may be shown to anyone.'),
    code: z.enum(codes),
    request_id: z.string().describe('Also in the log, next to what only the operator may read.'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('The fields at fault, for `request.invalid`.'),
  })
  .meta({ id: 'Problem', description: 'Why a request was refused (RFC 9457).' });
