// Every RAR fixture, opened and read over volumes in memory.

import { describe, expect, it } from '@jest/globals';
import type { Archive } from '../../../../backend/archive/archive.js';
import { openRar } from '../../../../backend/archive/rar/open-rar.js';
import type { ArchiveFixture } from '../../../support/archive-fixtures.js';
import {
  MemoryVolume,
  archiveFixture,
  fixtureVolumes,
  memberBytes,
  sha256,
} from '../../../support/archive-fixtures.js';
import { randomNumbers } from '../../../support/pseudo-random.js';

const STORED = [
  'rar4-encrypted-headers',
  'rar4-old-names',
  'rar4-password',
  'rar4-volumes',
  'rar5-encrypted-headers',
  'rar5-many-files',
  'rar5-pack',
  'rar5-password',
  'rar5-recovery-record',
  'rar5-single',
  'rar5-volumes',
];
const signal = new AbortController().signal;

function open(volumes: readonly MemoryVolume[], passwords: readonly string[] = []): Promise<Archive> {
  return openRar(volumes, { signal, passwords });
}

function openFixture(fixture: ArchiveFixture, volumes = fixtureVolumes(fixture.name)): Promise<Archive> {
  return open(volumes, fixture.password === null ? [] : ['wrong', fixture.password]);
}

async function expectWhole(archive: Archive, fixture: ArchiveFixture): Promise<void> {
  expect(archive.members.map(({ path }) => path).sort()).toEqual(Object.keys(fixture.contains).sort());
  for (const member of archive.members) {
    expect(member.refusal).toBeNull();
    expect(sha256(await memberBytes(member))).toBe(fixture.contains[member.path]?.sha256);
  }
}

describe('stored RAR sets', () => {
  it.each(STORED)('%s - every member is read byte for byte', async (name) => {
    const fixture = archiveFixture(name);
    await expectWhole(await openFixture(fixture), fixture);
  });
});

describe('random access', () => {
  it.each(STORED)('%s - any range is read as it is in the whole', async (name) => {
    const fixture = archiveFixture(name);
    const whole = new Map<string, Buffer>();
    for (const member of (await openFixture(fixture)).members) whole.set(member.path, await memberBytes(member));
    const random = randomNumbers(name.length);
    for (let round = 0; round < 12; round += 1) {
      const archive = await openFixture(fixture);
      for (const member of archive.members) {
        const start = Math.floor(random() * member.sizeBytes);
        const end = Math.min(member.sizeBytes, start + 1 + Math.floor(random() * 120_000));
        const bytes = await memberBytes(member, { start, end });
        expect(bytes.equals(whole.get(member.path)?.subarray(start, end) ?? Buffer.alloc(0))).toBe(true);
      }
    }
  });
});

describe('which volumes are touched', () => {
  const touched = (volumes: readonly MemoryVolume[]): number[] =>
    volumes.flatMap(({ reads }, at) => (reads.length > 0 ? [at] : []));

  it.each(['rar5-volumes', 'rar4-volumes', 'rar4-old-names', 'rar5-recovery-record'])(
    '%s - only the first to open it, and by one read',
    async (name) => {
      const fixture = archiveFixture(name);
      const volumes = fixtureVolumes(fixture.name);
      await openFixture(fixture, volumes);
      expect(touched(volumes)).toEqual([0]);
      expect(volumes[0]?.reads.length).toBe(1);
    },
  );

  it('a seek - only the volume it goes to and the last, which proves the sum; headers are read once', async () => {
    const fixture = archiveFixture('rar5-volumes');
    const volumes = fixtureVolumes(fixture.name);
    const archive = await openFixture(fixture, volumes);
    const member = archive.members[0];
    if (member === undefined) throw new Error('no member');
    await memberBytes(member, { start: 250_000, end: 250_100 });
    expect(touched(volumes)).toEqual([0, 2, 4]);
    await memberBytes(member, { start: 251_000, end: 251_100 });
    expect(volumes[2]?.reads.filter(({ start }) => start === 0).length).toBe(1);
  });

  it('an assumed place - is located at once and confirmed by its own header and the last', async () => {
    const fixture = archiveFixture('rar5-volumes');
    const volumes = fixtureVolumes(fixture.name);
    const member = (await openFixture(fixture, volumes)).members[0];
    const first = await member?.locate(0, { signal });
    const later = await member?.locate(300_000, { signal });
    expect(first?.confirm).toBeNull();
    expect(touched(volumes)).toEqual([0]);
    expect(await Promise.all([later?.confirm?.({ signal }), later?.confirm?.({ signal })])).toEqual([true, true]);
    expect(touched(volumes)).toEqual([0, 3, 4]);
    expect(volumes[3]?.reads.length).toBe(1);
    expect((await member?.locate(300_000, { signal }))?.confirm).toBeNull();
  });

  it('the next volume - needs its own header alone', async () => {
    const fixture = archiveFixture('rar5-volumes');
    const volumes = fixtureVolumes(fixture.name);
    const extent = await (await openFixture(fixture, volumes)).members[0]!.locate(120_000, { signal });
    expect(await extent.confirm!({ signal })).toBe(true);
    expect(touched(volumes)).toEqual([0, 1]);
  });

  it('a seek while the last volume cannot be read - goes by the volume itself', async () => {
    const fixture = archiveFixture('rar5-volumes');
    const volumes = fixtureVolumes(fixture.name);
    const member = (await openFixture(fixture, volumes)).members[0]!;
    volumes[4]!.bytes.fill(0);
    expect((await memberBytes(member, { start: 250_000, end: 250_100 })).length).toBe(100);
  });

  it('a pack - also those in which a further episode begins', async () => {
    const fixture = archiveFixture('rar5-pack');
    const volumes = fixtureVolumes(fixture.name);
    const archive = await openFixture(fixture, volumes);
    expect(archive.members.map(({ name }) => name)).toEqual(Object.keys(fixture.contains).sort());
    expect(touched(volumes)).toEqual([0, 1, 2]);
  });

  it('small files behind the film - the last, where there is room for them', async () => {
    const fixture = archiveFixture('rar5-many-files');
    const volumes = fixtureVolumes(fixture.name);
    expect((await openFixture(fixture, volumes)).members.length).toBe(4);
    expect(touched(volumes)).toEqual([0, 4]);
  });

  it('confirm - reads each header once and makes every place certain', async () => {
    for (const name of ['rar5-volumes', 'rar4-volumes']) {
      const fixture = archiveFixture(name);
      const volumes = fixtureVolumes(fixture.name);
      const archive = await openFixture(fixture, volumes);
      await archive.confirm({ signal });
      expect(touched(volumes)).toEqual([0, 1, 2, 3, 4]);
      const reads = volumes.map((volume) => volume.reads.length);
      expect((await archive.members[0]?.locate(470_000, { signal }))?.confirm).toBeNull();
      await archive.confirm({ signal });
      expect(volumes.map((volume) => volume.reads.length)).toEqual(reads);
    }
  });
});

describe('sizes that are estimates', () => {
  it.each(STORED)('%s - read byte for byte when they are 3 % off', async (name) => {
    const fixture = archiveFixture(name);
    for (const share of [0.97, 1.03]) {
      const volumes = fixtureVolumes(name).map(
        ({ bytes }, at) => new MemoryVolume(bytes, { estimate: Math.round(bytes.length * (at % 2 === 0 ? share : 1)) }),
      );
      await expectWhole(await openFixture(fixture, volumes), fixture);
    }
  });
});

describe('volumes that are not as they are', () => {
  it.each([
    'rar5-volumes',
    'rar4-volumes',
    'rar5-encrypted-headers',
    'rar4-encrypted-headers',
    'rar5-pack',
    'rar4-old-names',
  ])('%s - shuffled: put in order by their headers', async (name) => {
    const fixture = archiveFixture(name);
    const inOrder = fixtureVolumes(fixture.name);
    const shuffles = [
      [1, 0],
      [0, 2, 1],
      [3, 2, 1, 0],
      [0, 1, 3, 2],
    ];
    for (const order of shuffles) {
      const volumes = inOrder.map((_, at) => inOrder[order[at] ?? at] ?? inOrder[0]!);
      const archive = await openFixture(fixture, volumes);
      await archive.confirm({ signal });
      await expectWhole(archive, fixture);
    }
  });

  it('shuffled - found out while reading, without confirm, where headers are numbered', async () => {
    const fixture = archiveFixture('rar5-volumes');
    const [a, b, c, d, e] = fixtureVolumes(fixture.name);
    await expectWhole(await openFixture(fixture, [a!, c!, b!, d!, e!]), fixture);
  });

  it.each(['rar5-volumes', 'rar4-volumes', 'rar5-password', 'rar5-encrypted-headers', 'rar4-encrypted-headers'])(
    '%s - a missing volume: refused as incomplete, whichever it is',
    async (name) => {
      const fixture = archiveFixture(name);
      for (const missing of [0, 1, 4]) {
        const volumes = fixtureVolumes(fixture.name).filter((_, at) => at !== missing);
        await expect(openFixture(fixture, volumes)).rejects.toMatchObject({ code: 'ARCHIVE_INCOMPLETE' });
      }
    },
  );

  it('a volume cut off - what lies before the cut is read, what lies behind is missing', async () => {
    const fixture = archiveFixture('rar5-volumes');
    const volumes = fixtureVolumes(fixture.name).map((volume, at) =>
      at === 1 ? new MemoryVolume(volume.bytes.subarray(0, 50_000)) : volume,
    );
    const member = (await openFixture(fixture, volumes)).members[0]!;
    expect((await memberBytes(member, { start: 100_000, end: 140_000 })).length).toBe(40_000);
    await expect(memberBytes(member, { start: 100_000, end: 160_000 })).rejects.toMatchObject({
      code: 'ARCHIVE_INCOMPLETE',
    });
  });
});

describe('passwords', () => {
  const encrypted = STORED.filter((name) => /password|encrypted/.test(name));

  it.each(encrypted)('%s - no password, or wrong ones: refused', async (name) => {
    const fixture = archiveFixture(name);
    for (const passwords of [[], ['wrong'], ['wrong', 'worse', '']]) {
      const refused: Promise<unknown> = open(fixtureVolumes(fixture.name), passwords).then(({ members }) => {
        expect(members.length).toBe(1);
        throw members[0]?.refusal ?? new Error('not refused');
      });
      await expect(refused).rejects.toMatchObject({ code: 'ARCHIVE_PASSWORD' });
    }
  });

  it('a refused member - is refused by locate too', async () => {
    const archive = await open(fixtureVolumes('rar5-password'));
    await expect(archive.members[0]!.locate(0, { signal })).rejects.toMatchObject({ code: 'ARCHIVE_PASSWORD' });
  });
});

describe('compressed members', () => {
  it.each(['rar4-compressed', 'rar5-compressed'])('%s - listed, and refused', async (name) => {
    const fixture = archiveFixture(name);
    const archive = await openFixture(fixture);
    expect(archive.members.map(({ path }) => path).sort()).toEqual(Object.keys(fixture.contains).sort());
    expect(archive.members.map(({ refusal }) => refusal?.code)).toEqual(['ARCHIVE_COMPRESSED', 'ARCHIVE_COMPRESSED']);
  });
});

describe('an abort', () => {
  it('opening - ends with the reason of the signal', async () => {
    const reason = new Error('enough');
    const volumes = fixtureVolumes('rar5-volumes');
    await expect(openRar(volumes, { signal: AbortSignal.abort(reason), passwords: [] })).rejects.toBe(reason);
  });

  it('one of two who confirm - leaves the header to the other', async () => {
    const fixture = archiveFixture('rar5-volumes');
    const member = (await openFixture(fixture)).members[0]!;
    const extent = await member.locate(200_000, { signal });
    const leaving = new AbortController();
    const left = extent.confirm!({ signal: leaving.signal });
    const stays = extent.confirm!({ signal });
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(await stays).toBe(true);
  });
});
