// The backend as the addon and the scripts see it: one thing that is created, asked and closed. Content, bytes, jobs and
// access live in its rooms; nothing here knows Stremio, and nothing is started by importing it.

export type { Backend, BackendParts } from './backend.js';
export type { ApiRoutesOptions } from './routes.js';

export { createBackend } from './backend.js';
export { createApiRoutes } from './routes.js';
