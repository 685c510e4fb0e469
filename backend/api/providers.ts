// `/api/providers`: which news servers are set up, how they are doing, what is wrong with one. The admin's. Knows neither
// accounts nor sockets: what it tells is picked field by field, so that a secret beside them stays where it is.

import type { Router } from 'express';
import type { ConfiguredProvider, ProviderFields } from '../engines/usenet/index.js';
import { createConfiguredRoutes, type ConfiguredAdmin, type ConfiguredDeps } from './configured-routes.js';
import { readNewProvider, readProviderChange } from './provider-request.js';
import { formatProvider, formatProviderTest, type ProviderFindings } from './provider-views.js';

export type ProvidersAdmin = ConfiguredAdmin<ConfiguredProvider, ProviderFields, ProviderFindings>;

export interface ProvidersDeps extends ConfiguredDeps {
  readonly providers: ProvidersAdmin;
}

export function createProvidersRoutes(deps: ProvidersDeps): Router {
  return createConfiguredRoutes(deps, {
    plural: 'providers',
    what: 'news server',
    entries: deps.providers,
    readNew: readNewProvider,
    readChange: readProviderChange,
    addressOf: ({ host, port }) => `${host ?? ''} ${String(port)}`,
    format: formatProvider,
    formatTest: formatProviderTest,
  });
}
