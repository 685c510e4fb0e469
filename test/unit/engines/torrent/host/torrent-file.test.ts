import { TorrentMediaFile } from '../../../../../backend/engines/torrent/host/torrent-file.js';
import { READ_BYTES } from '../../../../../backend/engines/torrent/host/torrent-reader.js';
import { describeMediaFile } from '../../../../contract/media-file-suite.js';
import { BufferPool, systemClock } from '../../../../../backend/platform/index.js';
import { Resources } from '../../../../support/resources.js';
import { DiskLab } from './disk-lab.js';
import { EntryLab, settled } from './entry-lab.js';
import { FillingWorker } from './filling-worker.js';

async function subjectOf(pieces: number, pieceLength: number, { isHere = false } = {}) {
  const resources = new Resources();
  const disk = new DiskLab({ folder: await resources.folder(), pieces, pieceLength });
  if (isHere)
    await disk.leave(
      Array.from({ length: pieces }, (_, piece) => piece),
      { isClean: true },
    );
  const lab = new EntryLab(disk);
  resources.defer(() => lab.entry.close());
  const worker = resources.use(new FillingWorker(lab));
  await lab.entry.findMetadata(new AbortController().signal);
  const file = new TorrentMediaFile({
    entry: lab.entry,
    disk: await lab.open(),
    file: disk.file,
    modifiedAt: new Date(1),
    buffers: new BufferPool({ clock: systemClock, sizeBytes: READ_BYTES, maxFree: 4 }),
    windowLimit: () => 4 * 1024 * 1024,
  });
  const openReaders = async (): Promise<number> => {
    await settled();
    return lab.entry.demands.playing;
  };
  return { file, original: disk.content, openReaders, worker, close: () => resources.close() };
}

describeMediaFile('torrent, fetched while it is read', () => subjectOf(60, 50_000));
describeMediaFile('torrent, pieces of 1 KiB', () => subjectOf(1500, 1024), { randomRanges: 15 });
describeMediaFile('torrent, one large piece', () => subjectOf(1, 3_000_000));
describeMediaFile('torrent, all of it here', () => subjectOf(90, 33_333, { isHere: true }));
