// How lists look: a form of all list preferences beside a preview of a list. Filled, read and saved by
// assets/preferences.js. Pure.

import { DEFAULT_PREFERENCES, type Preferences } from '../../manifest/index.js';
import { FormFields, type Choice } from './form-fields.js';
import { html, type Html } from './html.js';

export interface PreferencesSectionOptions {
  readonly preferences: Preferences;
  /** Where they are saved (PUT); `/preview` below it previews them. */
  readonly url: string;
}

const fields = new FormFields('p');

const GIGABYTE = 1e9;
const MEGABIT = 1e6;

const RESOLUTION_CHOICES: readonly Choice[] = [
  ['2160p', '2160p'],
  ['1440p', '1440p'],
  ['1080p', '1080p'],
  ['720p', '720p'],
  ['576p', '576p'],
  ['480p', '480p'],
  ['other', 'Other or unknown'],
];
const QUALITY_CHOICES: readonly Choice[] = [
  ['cam', 'Filmed in a cinema'],
  ['screener', 'Screener'],
  ['remux', 'Remux'],
  ['bluray', 'Blu-ray'],
  ['web', 'Web'],
  ['hdtv', 'TV'],
  ['dvd', 'DVD'],
];
const CODEC_CHOICES: readonly Choice[] = [
  ['hevc', 'H.265'],
  ['avc', 'H.264'],
  ['av1', 'AV1'],
  ['vp9', 'VP9'],
  ['xvid', 'XviD'],
  ['other', 'Others'],
];

/** The card "How lists look". */
export function preferencesSection({ preferences, url }: PreferencesSectionOptions): Html {
  return html`<section class="card wide" id="lists" aria-labelledby="lists-title">
    <h2 id="lists-title">How lists look</h2>
    <p class="muted">
      What is shown for a film or an episode, and in which order, for everybody who watches through this server. The
      example follows what you change.
    </p>
    <noscript><p class="hint warn">This part needs JavaScript.</p></noscript>
    <div class="lists">
      <form
        id="preferences"
        class="preferences"
        data-url="${url}"
        data-saved="${JSON.stringify(preferences)}"
        data-defaults="${JSON.stringify(DEFAULT_PREFERENCES)}"
        novalidate
      >
        ${shownGroup()} ${orderGroup()} ${lengthGroup()} ${buttons()}
      </form>
      ${preview()}
    </div>
  </section>`;
}

function shownGroup(): Html {
  return html`<div class="group">
    <h3>What is shown</h3>
    ${fields.boxes({ name: 'resolutions', label: 'Resolutions' }, { choices: RESOLUTION_CHOICES, reads: 'shown' })}
    <div class="pair">
      ${fields.amount({ name: 'maxFilmBytes', label: 'Film up to, GB' }, { unitSize: GIGABYTE })}
      ${fields.amount({ name: 'maxEpisodeBytes', label: 'Episode up to, GB' }, { unitSize: GIGABYTE })}
      ${fields.amount(
        { name: 'maxBitrate', label: 'Bitrate, Mbit/s', help: 'What your line can carry.' },
        { unitSize: MEGABIT },
      )}
    </div>
    ${fields.boxes(
      { name: 'excludedQualities', label: 'Leave out, by how it was made' },
      { choices: QUALITY_CHOICES, reads: 'chosen' },
    )}
    ${fields.boxes(
      { name: 'excludedCodecs', label: 'Leave out, by codec', help: 'For screens that cannot play them.' },
      { choices: CODEC_CHOICES, reads: 'chosen' },
    )}
    <div class="pair">
      ${fields.choice({ name: 'hdr', label: 'HDR' }, [
        ['any', 'As it comes'],
        ['first', 'First'],
        ['last', 'Last'],
        ['only', 'Nothing else'],
        ['never', 'Never'],
      ])}
      ${fields.choice({ name: 'dolbyVision', label: 'Dolby Vision' }, [
        ['any', 'All'],
        ['withFallback', 'Only with HDR10'],
      ])}
      ${fields.choice({ name: 'dead', label: 'Known not to play' }, [
        ['last', 'At the end'],
        ['hidden', 'Hidden'],
      ])}
    </div>
    ${fields.words(
      { name: 'excludedWords', label: 'Leave out names with', help: 'Whole words, separated by commas.' },
      { reads: 'words', example: 'hardsub, 3D' },
    )}
  </div>`;
}

function orderGroup(): Html {
  return html`<div class="group">
    <h3>Order</h3>
    ${fields.flag({ name: 'readyFirst', label: 'What plays at once comes first', help: 'Whatever its resolution.' })}
    <div class="pair roomy">
      ${fields.choice({ name: 'kindFirst', label: 'Within a resolution, first' }, [
        ['none', 'Whichever is better'],
        ['torrents', 'Torrents'],
        ['usenet', 'Usenet'],
      ])}
      ${fields.words(
        {
          name: 'languages',
          label: 'Languages, the dearest first',
          help: 'Codes of two letters, separated by commas: en English, de German, fr French, es Spanish, it Italian.',
        },
        { reads: 'codes', example: 'en, de' },
      )}
    </div>
    ${fields.flag({
      name: 'onlyLanguages',
      label: 'Only these languages',
      help: 'A name that tells no language stays in the list.',
    })}
    ${fields.words(
      { name: 'preferredWords', label: 'Earlier, names with', help: 'Whole words, separated by commas.' },
      { reads: 'words', example: 'Atmos, IMAX' },
    )}
  </div>`;
}

function lengthGroup(): Html {
  return html`<div class="group">
    <h3>Length and names</h3>
    <div class="pair">
      ${fields.count({ name: 'maxStreams', label: 'Longest list' }, { min: 1, max: 500 })}
      ${fields.count(
        { name: 'maxPerResolution', label: 'Most of one resolution', help: '0 is no limit.' },
        { min: 0, max: 500 },
      )}
    </div>
    ${fields.flag({
      name: 'namesForAioStreams',
      label: 'Names for AIOStreams',
      help: 'Usenet releases carry the mark [AM⚡] or [AM⏳] that AIOStreams reads.',
    })}
  </div>`;
}

function buttons(): Html {
  return html`<div class="save-bar">
    <div class="buttons">
      <button class="button primary" type="submit" id="preferences-save">Save</button>
      <button class="button" type="button" id="preferences-defaults">Defaults</button>
      <a class="button to-preview" href="#preview-title">Preview</a>
    </div>
    <p class="said" role="status" id="preferences-said"></p>
  </div>`;
}

function preview(): Html {
  return html`<div class="preview" role="group" aria-labelledby="preview-title">
    <div class="preview-head">
      <h3 id="preview-title">Preview</h3>
      <label class="inline"
        >Example
        <select id="preview-example">
          <option value="film">a film</option>
          <option value="episode">an episode</option>
        </select></label
      >
    </div>
    <p class="said" role="status" id="preview-said"></p>
    <div class="preview-body" tabindex="0" role="group" aria-label="The example">
      <ol class="streams" id="preview-streams" aria-label="The list as Stremio shows it"></ol>
      <div id="preview-left-out" hidden>
        <h4>Left out</h4>
        <ul class="left-out"></ul>
      </div>
    </div>
    <template id="preview-stream">
      <li><span class="stream-name"></span><span class="stream-text"></span></li>
    </template>
  </div>`;
}
