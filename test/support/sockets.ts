// What a process has open towards the network, as Linux tells it.

import { readdir, readFile, readlink } from 'node:fs/promises';

/** The sockets of one process. */
export interface Sockets {
  /** Local addresses on which TCP connections are accepted, as the kernel prints them (`0100007F` is 127.0.0.1). */
  readonly listening: readonly string[];
  /** UDP sockets: local and remote address of each, as the kernel prints them. */
  readonly udp: readonly string[];
}

const LISTEN = '0A';
const ESTABLISHED = '01';

/** Sockets of the process `pid`, all of its threads together. */
export async function socketsOf(pid: number): Promise<Sockets> {
  const { tcp, udp } = await rowsOf(pid);
  const listening = tcp.filter((fields) => fields[3] === LISTEN).map((fields) => fields[1]?.split(':')[0] ?? '');
  return { listening, udp: udp.map((fields) => `${fields[1]} to ${fields[2]}`) };
}

/** How many TCP connections the process has to a port of somebody else. */
export async function connectionsTo(pid: number, port: number): Promise<number> {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const { tcp } = await rowsOf(pid);
  return tcp.filter((fields) => fields[3] === ESTABLISHED && fields[2]?.endsWith(suffix)).length;
}

/** The kernel's tables, the process's own lines. */
async function rowsOf(pid: number): Promise<{ readonly tcp: string[][]; readonly udp: string[][] }> {
  const folder = `/proc/${String(pid)}`;
  const descriptors = await readdir(`${folder}/fd`);
  const links = await Promise.all(descriptors.map((name) => readlink(`${folder}/fd/${name}`).catch(() => '')));
  const own = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const rows = async (table: string): Promise<string[][]> => {
    const text = await readFile(`${folder}/net/${table}`, 'utf8').catch(() => ''); // no IPv6, no table of it
    const lines = text.split('\n').slice(1);
    return lines.map((line) => line.trim().split(/\s+/)).filter((fields) => own.has(fields[9] ?? ''));
  };
  return {
    tcp: [...(await rows('tcp')), ...(await rows('tcp6'))],
    udp: [...(await rows('udp')), ...(await rows('udp6'))],
  };
}
