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

/** Sockets of the process `pid`, all of its threads together. */
export async function socketsOf(pid: number): Promise<Sockets> {
  const folder = `/proc/${String(pid)}`;
  const descriptors = await readdir(`${folder}/fd`);
  const links = await Promise.all(descriptors.map((name) => readlink(`${folder}/fd/${name}`).catch(() => '')));
  const own = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const rows = async (table: string): Promise<string[][]> => {
    const text = await readFile(`${folder}/net/${table}`, 'utf8').catch(() => ''); // no IPv6, no table of it
    const lines = text.split('\n').slice(1);
    return lines.map((line) => line.trim().split(/\s+/)).filter((fields) => own.has(fields[9] ?? ''));
  };
  const tcp = [...(await rows('tcp')), ...(await rows('tcp6'))];
  const udp = [...(await rows('udp')), ...(await rows('udp6'))];
  const listening = tcp.filter((fields) => fields[3] === LISTEN).map((fields) => fields[1]?.split(':')[0] ?? '');
  return { listening, udp: udp.map((fields) => `${fields[1]} to ${fields[2]}`) };
}
