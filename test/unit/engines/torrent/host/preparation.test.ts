import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PreparationReport } from '../../../../../backend/engines/torrent/host/preparation.js';
import { prepareFile } from '../../../../../backend/engines/torrent/host/preparation.js';
import { ManualClock } from '../../../../support/manual-clock.js';
import { Resources } from '../../../../support/resources.js';
import { DiskLab } from './disk-lab.js';
import { EntryLab, settled } from './entry-lab.js';
import { FillingWorker } from './filling-worker.js';

const PIECE = 262_144;
const PIECES = 40;
/** The last pieces, which hold the file's last MiB. */
const tail = [36, 37, 38, 39];
const head = [0, 1, 2, 3, 4, 5, 6, 7];

describe('preparation', () => {
  const resources = new Resources();
  let clock: ManualClock;
  let disk: DiskLab;
  let lab: EntryLab;
  let reports: PreparationReport[];
  beforeEach(async () => {
    clock = new ManualClock();
    reports = [];
    disk = new DiskLab({ folder: await resources.folder(), pieces: PIECES, pieceLength: PIECE });
  });
  afterEach(() => resources.close());

  async function open(): Promise<void> {
    lab = new EntryLab(disk);
    resources.defer(() => lab.entry.close());
    await lab.entry.findMetadata(new AbortController().signal);
    await lab.open();
  }

  const prepare = (signal = new AbortController().signal) =>
    prepareFile({
      entry: lab.entry,
      disk: lab.entry.disk!,
      file: disk.file,
      signal,
      clock,
      completionMs: 300_000,
      report: (report) => reports.push(report),
    });

  it('preparation - wants head and tail, resolves with the first piece, and is completed by the rest', async () => {
    await open();
    const preparing = prepare();
    await settled();
    expect(lab.wanted.map(([kind, first]) => [kind, Math.floor(first)])).toEqual([
      ['prepare', 0],
      ['prepare', 35],
    ]);
    let isCompleted = false;
    await lab.put(0);
    const { wasHere, completed } = await preparing;
    const watched = completed.then(() => (isCompleted = true));
    expect(wasHere).toBe(false);
    await lab.put(...head.slice(1));
    await settled();
    expect([isCompleted, lab.entry.isWanted]).toEqual([false, true]);
    await lab.put(35, ...tail);
    await watched;
    expect(lab.entry.isWanted).toBe(false);
  });

  it('preparation - of what is here asks nobody', async () => {
    await disk.leave([...head, 35, ...tail], { isClean: true });
    await open();
    const { wasHere, completed } = await prepare();
    await completed;
    expect([wasHere, lab.types]).toEqual([true, []]);
  });

  it('preparation - of what an unclean stop left was here, if it is what it was claimed to be', async () => {
    await disk.leave([...head, 35, ...tail], { isClean: false });
    await open();
    const preparing = prepare();
    lab.tellVerified(0);
    expect((await preparing).wasHere).toBe(true);
  });

  it('preparation - of a false claim was not here', async () => {
    await disk.leave([...head, 35, ...tail], { isClean: false });
    await open();
    const preparing = prepare();
    lab.entry.claimsFailed([0]);
    await lab.put(0);
    expect((await preparing).wasHere).toBe(false);
  });

  it('preparation - of a file that came within one look at the numbers was fetched all the same', async () => {
    await open();
    resources.use(new FillingWorker(lab));
    const { wasHere, completed } = await prepare();
    await completed;
    expect(wasHere).toBe(false);
  });

  it('preparation - says whom it looks for, and how much of the first piece is here', async () => {
    await open();
    const preparing = prepare();
    await settled();
    await clock.advance(250);
    lab.numbers({ hasAnswer: true, peersQueued: 1 });
    await clock.advance(250);
    lab.numbers({ peersConnected: 2, peersQueued: 3 });
    await clock.advance(250);
    const { id } = lab.sent('demand').at(-1)!.demands[0]!;
    lab.numbers({ peersConnected: 2, demandBytes: [[id, PIECE / 2]] });
    await clock.advance(250);
    expect(reports.map(({ stage, lacks }) => [stage, lacks])).toEqual([
      ['connecting', 'swarm'],
      ['connecting', 'peers'],
      ['connecting', 'pieces'],
      ['downloading', 'pieces'],
    ]);
    const fractions = reports.map(({ fraction }) => fraction);
    expect(fractions[2]).toBeGreaterThan(fractions[1]!);
    expect(fractions[3]).toBe(0.5);
    await lab.put(0);
    await preparing;
    await clock.advance(1000);
    expect(reports).toHaveLength(4);
  });

  it('preparation - that is given up wants nothing more', async () => {
    await open();
    const controller = new AbortController();
    const preparing = prepare(controller.signal);
    controller.abort(new Error('cancelled'));
    await expect(preparing).rejects.toThrow('cancelled');
    expect([lab.entry.isWanted, clock.pending]).toEqual([false, 0]);
  });

  it('preparation - whose tail does not come ends after its time, streamable as it is', async () => {
    await open();
    const preparing = prepare();
    await lab.put(0);
    const { completed } = await preparing;
    const ended = expect(completed).rejects.toMatchObject({ code: 'TIMEOUT' });
    await clock.advance(300_000);
    await ended;
    expect([lab.entry.isWanted, clock.pending]).toEqual([false, 0]);
  });
});
