// Writes a brotli and a gzip copy next to each of the given files, at maximum compression. Each copy is
// written atomically.

import { readFile, rename, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const ways = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
        [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gz: (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }),
};

async function compress(file) {
  const bytes = await readFile(file);
  for (const [ending, way] of Object.entries(ways)) {
    const copy = `${file}.${ending}`;
    await writeFile(`${copy}.part`, await way(bytes));
    await rename(`${copy}.part`, copy);
  }
}

await Promise.all(process.argv.slice(2).map(compress));
