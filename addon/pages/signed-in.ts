// Whether a request to the pages is the admin's.

import type { IncomingMessage } from 'node:http';
import type { AddonAccess } from '../addon-deps.js';
import { readSessionCookie } from './session-cookie.js';

/** True with a session of the pages; for everybody with `AUTH=none`. */
export function isSignedIn(
  req: Pick<IncomingMessage, 'headers'>,
  access: Pick<AddonAccess, 'isOpen' | 'isSession'>,
): boolean {
  if (access.isOpen) return true;
  const token = readSessionCookie(req);
  return token !== null && access.isSession(token);
}
