// Usenet: what an NZB says (pure), where its articles lie (files), what is in them (release), and how they are had
// (settings, pool, store). The engine makes its files readable as soon as one article of each is here. Everything a
// stranger wrote (NZBs, articles, archives, servers' answers) is checked before it is believed.

export type { UsenetEngineOptions, UsenetHealth } from './engine.js';
export type { AcceptOptions } from './intake.js';
export type { ProviderStatus } from './pool/provider-status.js';
export type { ProviderTest } from './pool/provider-test.js';
export type { ArticleSample } from './release/idle-sample.js';
export type { ConfiguredProvider, ProviderKeeper, ProvidersInUse } from './settings/configured-providers.js';
export type { ProviderFields } from './settings/provider-draft.js';

export { UsenetEngine } from './engine.js';
export { ConfiguredProviders } from './settings/configured-providers.js';
export { MAX_NZB_BYTES } from './nzb-document.js';
export { passwordsInName } from './nzb/name-password.js';
export { isTransportName } from './nzb/release-name.js';
export { loadYencKernel } from './yenc/load-kernel.js';
