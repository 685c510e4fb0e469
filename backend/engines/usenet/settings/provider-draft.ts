// What a person fills in becomes a news server's settings, or an error that names the field. An account that is left empty, or
// comes back masked, is left as it was. Pure; no error repeats what was filled in.

import { InputError } from '../../../content/index.js';
import { isNntpHost, NNTP_DEFAULTS, usualNntpPort } from '../../../platform/index.js';
import type { NntpProvider } from '../../../platform/index.js';

/** A news server and what people call it. */
export interface ProviderSettings extends NntpProvider {
  readonly name: string;
}

/** Absent fields stay as they are; of a new one they have their default. */
export interface ProviderFields {
  /** Empty: the host. */
  readonly name?: string | undefined;
  readonly host?: string | undefined;
  /** Null: the usual one, with or without TLS. Absent: as it is, or the usual one still where TLS is turned on or off. */
  readonly port?: number | null | undefined;
  readonly isTls?: boolean | undefined;
  readonly isInsecure?: boolean | undefined;
  /** Null: no account. Empty or masked: as it is. */
  readonly user?: string | null | undefined;
  /** Null: none. Empty or masked: as it is. */
  readonly password?: string | null | undefined;
  readonly connections?: number | undefined;
  readonly priority?: number | undefined;
  readonly isBackup?: boolean | undefined;
}

type Account = Pick<NntpProvider, 'user' | 'password'>;

/**
 * `known` with `fields` changed, or a new one. An account is never carried over to another host: whoever changes the host
 * could read it there.
 * @throws {InputError} naming the field
 */
export function draftProvider(id: string, fields: ProviderFields, known: ProviderSettings | null): ProviderSettings {
  const { user: _user, password: _password, ...rest } = known ?? newOf(fields);
  const host = fields.host === undefined && known !== null ? known.host : writtenHost(fields.host ?? '');
  const isTls = fields.isTls ?? rest.isTls;
  return {
    ...rest,
    id,
    name: (fields.name ?? rest.name) || host,
    host,
    port: portOf(fields.port, rest, isTls),
    isTls,
    ...accountOf(fields, known, host),
    isInsecure: fields.isInsecure ?? rest.isInsecure,
    connections: fields.connections ?? rest.connections,
    priority: fields.priority ?? rest.priority,
    isBackup: fields.isBackup ?? rest.isBackup,
  };
}

function newOf({ isTls = true }: ProviderFields): ProviderSettings {
  return { id: '', name: '', host: '', port: usualNntpPort(isTls), isTls, ...NNTP_DEFAULTS };
}

function portOf(port: number | null | undefined, before: Pick<NntpProvider, 'isTls' | 'port'>, isTls: boolean): number {
  if (port === undefined) return before.port === usualNntpPort(before.isTls) ? usualNntpPort(isTls) : before.port;
  return port ?? usualNntpPort(isTls);
}

function writtenHost(text: string): string {
  const host = text
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1');
  if (isNntpHost(host)) return host;
  throw new InputError('host must be a name or an address such as news.example.org, without port and path.');
}

function accountOf(fields: ProviderFields, known: ProviderSettings | null, host: string): Account {
  const [user, password] = [written('user', fields.user, known), written('password', fields.password, known)];
  if (user === null) return withoutAccount(password);
  const isElsewhere = known !== null && known.host !== host;
  const isCarried =
    (user === undefined && known?.user !== undefined) || (password === undefined && known?.password !== undefined);
  if (isElsewhere && isCarried) {
    throw new InputError('password must be given again, and the user too, because host is another one.');
  }
  const account = {
    user: user ?? known?.user,
    password: password === null ? undefined : (password ?? known?.password),
  };
  if (account.user === undefined) return withoutAccount(account.password);
  return { user: account.user, ...(account.password === undefined ? {} : { password: account.password }) };
}

function withoutAccount(password: string | null | undefined): Account {
  if (password != null) throw new InputError('user must be given where there is a password.');
  return {};
}

/** Undefined when none was written: the field is absent, empty, or shows that there is one. @throws {InputError} */
function written(
  field: 'user' | 'password',
  text: string | null | undefined,
  known: ProviderSettings | null,
): string | null | undefined {
  if (text === null || text === undefined) return text;
  if (text === '') return undefined;
  if (!/^•+$/.test(text)) return text;
  if (known?.[field] !== undefined) return undefined;
  throw new InputError(`${field} must be the ${field} itself, not its masked form.`);
}
