// What is in a media file (container, codecs, languages, duration), told by ffprobe where that program is installed, and
// the hash that subtitle databases know it by: from a file's first and last bytes only, one file at a time. What is written in
// it (text tracks) is read by ffmpeg from the whole of it. A file that is odd or hostile is a file of which nothing is told.
// Knows no engine, no library and no HTTP; writes only into its own folder.

export type { KeptMedia, TextTrack } from './kept-media.js';
export type { AudioTrack, MediaFacts, SubtitleTrack, VideoTrack } from './media-facts.js';
export type { MediaProbeOptions } from './media-probe.js';
export type { SubtitleExtractorOptions } from './subtitle-extractor.js';
export type { VideoHashOptions } from './video-hash.js';

export { readKeptFacts, readKeptMedia } from './kept-media.js';
export { MediaProbe } from './media-probe.js';
export { SubtitleExtractor } from './subtitle-extractor.js';
export { readVideoHash } from './video-hash.js';
