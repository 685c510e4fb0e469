// Which file names are video or audio that a player opens, or subtitles. Judges by the extension alone.

const VIDEO = new Set(
  (
    '3g2 3gp asf avi divx f4v flv m2ts m2v m4v mk3d mkv mov mp4 mpe mpeg mpg mts ' +
    'ogm ogv qt rm rmvb ts vob webm wmv wtv'
  ).split(' '),
);

const AUDIO = new Set('aac ac3 aif aiff alac ape dts eac3 flac m4a m4b mka mp2 mp3 oga ogg opus wav wma wv'.split(' '));

const SUBTITLE = new Set('ass idx smi srt ssa sub sup ttml vtt'.split(' '));

/** True for names of video files. */
export function isVideo(name: string): boolean {
  return VIDEO.has(extensionOf(name));
}

/** True for names of video and audio files. */
export function isPlayable(name: string): boolean {
  const extension = extensionOf(name);
  return VIDEO.has(extension) || AUDIO.has(extension);
}

/** True for names of subtitle files. */
export function isSubtitle(name: string): boolean {
  return SUBTITLE.has(extensionOf(name));
}

/** Lower-case, without the dot; empty for none and for names that are only an extension (`.mkv`). */
function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0
    ? name
        .slice(dot + 1)
        .trimEnd()
        .toLowerCase()
    : '';
}
