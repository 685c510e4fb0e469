// What a news server means by its numbers: the one place where replies become errors. Providers disagree about the numbers,
// so what they write beside them decides between a wrong password and a full server. Knows no connection.

import { UpstreamError } from '../../../content/index.js';
import type { Reply } from './codec.js';

/** What a provider can be blamed for, worst first. */
export type ProviderFault = 'PROVIDER_AUTH' | 'PROVIDER_LIMIT' | 'PROVIDER_UNREACHABLE';

/** When it was said. A bare number means another thing before than after the login. */
export type RefusalStage = 'greeting' | 'login' | 'command';

/** No such article here: expired, taken down, never arrived (RFC 3977 §6.2; 451: taken down). */
const MISSING = new Set([420, 423, 430, 451]);
/** The command is unknown or not offered (RFC 3977 §3.2.1). */
const UNKNOWN = new Set([500, 501, 503]);

const LIMIT_WORDS =
  /too many|limit|exceed|quota|maximum|max\.? (?:number|conn)|no more conn|connections? (?:in use|reached|are)|already (?:connected|in use)|simultaneous|bytes? left|exhausted|out of (?:credit|bytes|data)/i;
const LOGIN_WORDS =
  /auth|invalid|password|user|credential|login|log in|denied|permission|incorrect|expired|suspend|disabled|account|not allowed|forbidden|subscri/i;

export function isMissing(reply: Reply): boolean {
  return MISSING.has(reply.code);
}

/** The server does not offer this command at all. */
export function isUnknownCommand(reply: Reply): boolean {
  return UNKNOWN.has(reply.code);
}

/** The server wants `MODE READER` first (RFC 3977 §5.3, §3.2.1). */
export function wantsModeReader(reply: Reply): boolean {
  return reply.code === 401 || /mode[- ]reader/i.test(reply.text);
}

/** What a refusal says of the account or the server. */
export function faultOf(reply: Reply, stage: RefusalStage): ProviderFault {
  if (LIMIT_WORDS.test(reply.text)) return 'PROVIDER_LIMIT';
  if (reply.code === 480 || reply.code === 481 || reply.code === 483 || reply.code === 452) return 'PROVIDER_AUTH';
  if (reply.code === 400) return 'PROVIDER_UNREACHABLE';
  if (LOGIN_WORDS.test(reply.text)) return 'PROVIDER_AUTH';
  if (reply.code === 482 || reply.code === 502) return 'PROVIDER_LIMIT';
  return stage === 'login' ? 'PROVIDER_AUTH' : 'PROVIDER_UNREACHABLE';
}

/** Whose server refused, and what it was told: nothing of that is ever quoted. */
export interface Account {
  readonly host: string;
  readonly user?: string;
  readonly password?: string;
}

/** The refusal as an error that people understand; quotes the server, but never what was sent to it. */
export function refusalError(account: Account, reply: Reply, stage: RefusalStage): UpstreamError {
  const { host, user } = account;
  const code = faultOf(reply, stage);
  const isStranger = user === undefined && code === 'PROVIDER_AUTH';
  const saying =
    isStranger && (reply.code === 480 || LOGIN_WANTED.test(reply.text))
      ? `The Usenet provider ${host} wants a login: put user:password@ into its address.`
      : SAYINGS[code](host);
  return new UpstreamError(`${saying} It said: ${reply.code} ${quote(reply.text, account)}`, code);
}

const LOGIN_WANTED = /authenticat|log ?in|password/i;

const SAYINGS: Readonly<Record<ProviderFault, (host: string) => string>> = {
  PROVIDER_AUTH: (host) => `The Usenet provider ${host} did not accept the login.`,
  PROVIDER_LIMIT: (host) => `The Usenet provider ${host} allows no more at the moment.`,
  PROVIDER_UNREACHABLE: (host) => `The Usenet provider ${host} does not serve at the moment.`,
};

const MAX_QUOTE = 200;

/** Stands for what must not be told. */
const STRUCK = '…';

/** Servers echo what they were sent: the login is struck out before the line is cut to its length. */
function quote(text: string, { user, password }: Account): string {
  const secrets = [password, user].flatMap((secret) => (secret === undefined ? [] : spellings(secret)));
  const longestFirst = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
  const struck = [...longestFirst.map(literally), /authinfo.*$/is].reduce(
    (left, what) => left.replace(what, STRUCK),
    text,
  );
  return struck.replace(/\p{Cc}/gu, ' ').slice(0, MAX_QUOTE);
}

/** As it was sent, as a reply may end with it, in the wrong character set, and as it stands in an address. */
function spellings(secret: string): readonly string[] {
  const forms = [secret, Buffer.from(secret).toString('latin1'), encodeURIComponent(Buffer.from(secret).toString())];
  return forms.flatMap((form) => [form, form.trim()]);
}

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gi');
}
