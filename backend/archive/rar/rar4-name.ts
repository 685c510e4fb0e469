// RAR4's two ways to write a name: plain bytes, or plain bytes with a recipe that turns them into UTF-16.

/** The name in `bytes`. Never throws: a recipe that breaks off gives what it made until then. */
export function decodeRar4Name(bytes: Uint8Array, isUnicode: boolean): string {
  const zero = bytes.indexOf(0);
  const plain = zero === -1 ? bytes : bytes.subarray(0, zero);
  if (!isUnicode || zero === -1) return decodePlain(plain);
  return decodeRecipe(plain, bytes.subarray(zero + 1));
}

/** UTF-8 where it is, else Latin-1: the code page of the archiver's machine is not told. */
function decodePlain(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/** Two bits per step: a byte, a byte of the common upper half, a full unit, or a run taken from the plain name. */
function decodeRecipe(plain: Uint8Array, recipe: Uint8Array): string {
  const units: number[] = [];
  const high = (recipe[0] ?? 0) << 8;
  let at = 1;
  let flags = 0;
  let flagBits = 0;
  const next = (): number => recipe[at++] ?? 0;
  while (at < recipe.length && units.length < MAX_UNITS) {
    if (flagBits === 0) {
      flags = next();
      flagBits = 8;
      if (at >= recipe.length) break;
    }
    flagBits -= 2;
    const step = (flags >> flagBits) & 0x03;
    if (step === 0) units.push(next());
    else if (step === 1) units.push(next() | high);
    else if (step === 2) units.push(next() | (next() << 8));
    else {
      const length = next();
      const shift = length & 0x80 ? next() : null;
      const end = Math.min(units.length + (length & 0x7f) + 2, plain.length);
      for (let index = units.length; index < end; index += 1) {
        const byte = plain[index] ?? 0;
        units.push(shift === null ? byte : ((byte + shift) & 0xff) | high);
      }
    }
  }
  return String.fromCharCode(...units);
}

/** A header holds 64 KiB at most, a sensible name far less. */
const MAX_UNITS = 4096;
