// Makes each of the modules in the folder named as small as it gets, as `wasm-opt -Oz` does. One process
// for all of them: the optimiser is itself compiled while it runs, and would be anew for every module.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import binaryen from "binaryen";

// What the compiler may use, so the optimiser may read and write it: all of it is in every browser of
// the last years. More than this and it could write what some browsers cannot read.
const { Features } = binaryen;
const features =
  Features.BulkMemory |
  Features.BulkMemoryOpt |
  Features.CallIndirectOverlong |
  Features.Multivalue |
  Features.MutableGlobals |
  Features.NontrappingFPToInt |
  Features.ReferenceTypes |
  Features.SignExt;

// What `-Oz` stands for.
binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
binaryen.setGenerateStackIR(true);
binaryen.setOptimizeStackIR(true);

const [folder] = process.argv.slice(2);
for (const name of readdirSync(folder).filter((name) => name.endsWith(".wasm"))) {
  const file = join(folder, name);
  const module = binaryen.readBinary(readFileSync(file));
  module.setFeatures(features);
  module.optimize();
  if (!module.validate()) {
    throw new Error(`${file} is no valid module any more`);
  }
  writeFileSync(file, module.emitBinary());
  module.dispose();
}
