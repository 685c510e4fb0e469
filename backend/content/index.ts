// The words everyone shares: ids, sources, releases, media files, ranges, jobs, errors. Imports nothing outside itself,
// does no I/O, holds no state. Any room may use it.

export type { ByteRange } from './byte-range.js';
export type { ContentId, InfoHash } from './content-id.js';
export type { EpisodeWish, Job, JobMethod, JobState } from './job.js';
export type { MediaFile, OpenOptions, Priority } from './media-file.js';
export type { Release, ReleaseFile } from './release.js';
export type { HttpSource, NzbSource, NzbUrlSource, Source, TorrentSource, TorrentUrlSource } from './source.js';

export { isContentId, isInfoHash } from './content-id.js';
export {
  AccessError,
  BusyError,
  ClosedError,
  CorruptDataError,
  GoneError,
  HeadstartError,
  InputError,
  NotFoundError,
  ProtocolError,
  RangeNotSatisfiableError,
  StorageFullError,
  TimeoutError,
  TooLargeError,
  UnplayableError,
  UnsupportedError,
  UpstreamError,
  usenetUnavailable,
} from './errors.js';
