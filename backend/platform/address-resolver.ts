// Names to addresses that may be reached. What comes out is what must be connected to: asking DNS a second time could give
// another answer (rebinding).

import { lookup as systemLookup } from 'node:dns/promises';
import { InputError, UpstreamError } from '../content/index.js';
import type { AddressPolicy } from './address-policy.js';
import { isIpAddress } from './config-values.js';
import { Deadline } from './deadline.js';

/** All addresses of a host name, best first. */
export type AddressLookup = (host: string) => Promise<readonly string[]>;

export interface ResolveOptions {
  readonly signal?: AbortSignal;
  /** Default: the system's resolver. */
  readonly lookup?: AddressLookup;
}

/** The system's resolver cannot be interrupted; this is how long anybody waits for it. */
const LOOKUP_TIMEOUT_MS = 10_000;

/**
 * An address of `host` (name or IP address, brackets allowed) that `policy` allows: connect to it, not to the name.
 * @throws {InputError} code `FETCH_REFUSED` when there is none that is allowed; {UpstreamError} when the name is unknown.
 */
export async function resolveAllowed(
  host: string,
  policy: AddressPolicy,
  options: ResolveOptions = {},
): Promise<string> {
  const [first] = await resolveAllAllowed(host, policy, options);
  if (first === undefined) throw refusal(host);
  return first;
}

/** As `resolveAllowed`, but every allowed address; at least one. */
export async function resolveAllAllowed(
  host: string,
  policy: AddressPolicy,
  options: ResolveOptions = {},
): Promise<readonly string[]> {
  options.signal?.throwIfAborted();
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIpAddress(bare) ? [bare] : await lookUp(bare, options);
  const allowed = addresses.filter((address) => policy.allows(address));
  if (allowed.length === 0) throw refusal(bare);
  return allowed;
}

/** Names that mean the machine or the network they are asked in, wherever that is (RFC 6761, RFC 6762, RFC 8375). */
const INSIDE_NAME = /^[^.]*$|(?:^|\.)(?:localhost|local|internal|home\.arpa)$/;
/** Where clouds hand out credentials, by name. */
const METADATA_NAME = /^(?:metadata|instance-data)(?:\.|$)/;

/**
 * Judges a host that somebody else will look up: literal addresses by `policy`, names that mean the inside of a network as
 * loopback. What other names lead to is beyond our knowledge. @throws {InputError} code `FETCH_REFUSED`
 */
export function checkUnresolved(host: string, policy: AddressPolicy): void {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (isIpAddress(bare)) {
    if (!policy.allows(bare)) throw refusal(bare);
    return;
  }
  const name = bare.toLowerCase().replace(/\.$/, '');
  if (INSIDE_NAME.test(name) && (METADATA_NAME.test(name) || !policy.allows('127.0.0.1'))) throw refusal(bare);
}

async function lookUp(host: string, options: ResolveOptions): Promise<readonly string[]> {
  const deadline = new Deadline(LOOKUP_TIMEOUT_MS, `The name ${host} could not be looked up in time.`, options.signal);
  try {
    return await deadline.race((options.lookup ?? lookUpBySystem)(host));
  } catch (cause) {
    if (deadline.signal.aborted) throw deadline.signal.reason;
    throw new UpstreamError(`The name ${host} is unknown.`, 'UPSTREAM', { cause });
  } finally {
    deadline.release();
  }
}

async function lookUpBySystem(host: string): Promise<readonly string[]> {
  const found = await systemLookup(host, { all: true, verbatim: true });
  return found.map(({ address }) => address);
}

function refusal(host: string): InputError {
  return new InputError(
    `Addresses at ${host} are private or reserved and may not be fetched from (see ALLOW_PRIVATE_FETCH).`,
    { code: 'FETCH_REFUSED' },
  );
}
