// What browsers are told about our pages.

import type { RequestHandler } from 'express';
import helmet from 'helmet';

/** Scripts and styles are our own files, nothing is embedded, forms and scripts talk to nobody else. */
export function pageGuard(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Same-origin, not "no-referrer": with that, browsers send `Origin: null` with our own forms.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: false,
  });
}
