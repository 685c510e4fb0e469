// Keys, signatures, sessions: whether somebody may. What follows from it (a status, a redirect) is decided where HTTP is
// spoken. Keys are compared in constant time and kept only as files of their owner.

export type { AccessOptions, SessionStore } from './access.js';
export type { LoadSecretsOptions, Secrets } from './secrets-file.js';
export type { WebdavAccountOptions } from './webdav-account.js';

export { Access } from './access.js';
export { loadSecrets } from './secrets-file.js';
export { SignInAttempts } from './sign-in-attempts.js';
export { WebdavAccount } from './webdav-account.js';
