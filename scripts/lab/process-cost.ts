// What a process and its children cost, as Linux counts it: CPU seconds and resident memory (proc(5)).

import { readdir, readFile } from 'node:fs/promises';

/** Clock ticks per second; 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** CPU seconds (user and system) of a process tree, children that were already reaped included. Proportional to all processes. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  const family = await familyOf(pid);
  return family.reduce((sum, member) => sum + member.ticks, 0) / ticksPerSecond;
}

/** CPU seconds of the children of a process that have ended and were waited for: what a command cost that is over. */
export async function reapedCpuSecondsOf(pid: number): Promise<number> {
  const [, , user = 0, system = 0] = fieldsOf(await readFile(`/proc/${String(pid)}/stat`, 'utf8')).slice(11, 15);
  return (user + system) / ticksPerSecond;
}

/** Resident bytes of a process tree. */
export async function residentBytesOf(pid: number): Promise<number> {
  const family = await familyOf(pid);
  const sizes = await Promise.all(family.map(async (member) => residentBytes(member.pid)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

interface Member {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

async function familyOf(pid: number): Promise<Member[]> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = (await Promise.all(names.map((name) => readMember(Number(name))))).filter((member) => member !== null);
  const family = all.filter((member) => member.pid === pid);
  for (const member of family) family.push(...all.filter((other) => other.parent === member.pid));
  return family;
}

async function readMember(pid: number): Promise<Member | null> {
  const text = await readFile(`/proc/${String(pid)}/stat`, 'utf8').catch(() => null);
  if (text === null) return null;
  // The command's name stands in brackets and may hold anything; the numbers begin after the last one.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [, parent = 0] = fields;
  const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
  return { pid, parent, ticks };
}

/** The command's name stands in brackets and may hold anything; the fields from the third on begin after the last bracket. */
function fieldsOf(stat: string): number[] {
  return stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
}

async function residentBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1] ?? 0) * 1024;
}
