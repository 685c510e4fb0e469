// Items of the library in plain sentences: sizes, health, what is in a file, when it was played. Pure.

export const KINDS = { nzb: 'Usenet', torrent: 'Torrent', http: 'Web' };

const VIDEO_CODECS = { hevc: 'HEVC', h264: 'H.264', av1: 'AV1', vp9: 'VP9', mpeg4: 'MPEG-4' };

export function size(bytes) {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(2)} GB`;
  if (bytes >= 1e6) return `${Math.round(bytes / 1e6)} MB`;
  return `${Math.max(bytes === 0 ? 0 : 1, Math.round(bytes / 1e3))} KB`;
}

/** How large it is, and how much of that is here. */
export function sizesSentence({ sizeBytes, diskBytes, kind }) {
  if (kind === 'http') return `${size(sizeBytes)}, played from where it is`;
  const here = diskBytes === null ? '' : diskBytes === 0 ? ', nothing on disk' : `, ${size(diskBytes)} on disk`;
  return size(sizeBytes) + here;
}

export function timesSentence({ addedAt, playedAt }, now = Date.now()) {
  const played = playedAt === null ? 'Not played yet' : `Played ${ago(playedAt, now)}`;
  return `${played} · added ${ago(addedAt, now)}`;
}

/** How it is doing, in a word or two, and whether that is good news (null: neither). */
export function healthOf({ kind, status, health }) {
  if (status === 'streamable') return { text: 'Being fetched', isGood: null };
  if (health === null) return { text: '', isGood: null };
  return kind === 'torrent' ? swarmHealth(health) : articleHealth(health);
}

/** What is in a file, as far as it is known. */
export function factsSentence({ sizeBytes, media }) {
  return [size(sizeBytes), ...(media === null ? [] : factsOf(media))].filter((fact) => fact !== '').join(' · ');
}

function factsOf({ durationSeconds, video, audio, subtitles }) {
  const languages = new Set(audio.map(({ language }) => language).filter((language) => language !== null));
  const texts = subtitles.length;
  return [
    durationSeconds === null ? '' : duration(durationSeconds),
    video === null ? '' : pictureOf(video),
    audio.length === 0 ? '' : [audio[0].codec.toUpperCase(), channels(audio[0].channels)].filter(Boolean).join(' '),
    [...languages].slice(0, 5).join(', '),
    texts === 0 ? '' : texts === 1 ? '1 subtitle' : `${texts} subtitles`,
  ];
}

function pictureOf({ codec, hdr, height, width }) {
  return [`${width}×${height}`, VIDEO_CODECS[codec] ?? codec.toUpperCase(), hdr].filter(Boolean).join(' ');
}

function channels(count) {
  if (count === null) return '';
  return { 1: 'mono', 2: 'stereo', 6: '5.1', 8: '7.1' }[count] ?? `${count} channels`;
}

function articleHealth({ articles, checked, missing, holes }) {
  if (holes > 0) return { text: holes === 1 ? '1 gap' : `${holes} gaps`, isGood: false };
  if (checked === 0) return { text: '', isGood: null };
  if (missing === 0) return { text: 'Ready', isGood: true };
  const percent = Math.floor(((checked - missing) / checked) * 1000) / 10;
  return { text: `${percent} % of ${checked === articles ? articles : `${checked} checked`} articles`, isGood: false };
}

function swarmHealth({ state, error, peers }) {
  if (state === 'error') return { text: error ?? 'Failing', isGood: false };
  if (state === 'paused') return { text: 'Paused', isGood: null };
  const { connected } = peers;
  return { text: connected === 1 ? '1 peer' : `${connected} peers`, isGood: connected > 0 ? true : null };
}

function duration(seconds) {
  if (seconds < 120) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function ago(time, now) {
  const minutes = Math.round((now - time) / 60_000);
  if (minutes < 2) return 'just now';
  if (minutes < 120) return `${minutes} minutes ago`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} hours ago`;
  return `${Math.round(minutes / 1440)} days ago`;
}
