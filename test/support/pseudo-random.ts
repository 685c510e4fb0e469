// Bytes and numbers that look random and can be made again: the lab's, under the name tests know.

export { pseudoRandom, pseudoRandomBytes, randomNumbers } from '../../scripts/lab/index.js';
