// The fake keeps the contract too: what delivery is tested with behaves as an engine's file does.

import { MemoryMediaFile } from '../support/memory-media-file.js';
import { pseudoRandomBytes } from '../support/pseudo-random.js';
import { describeMediaFile } from './media-file-suite.js';

describeMediaFile('in memory', () => {
  const original = pseudoRandomBytes('media file in memory', 3_000_001);
  const file = new MemoryMediaFile(original);
  return { file, original, openReaders: () => file.openReaders };
});
