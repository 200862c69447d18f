// Makes each of the modules named as small as it gets, as `wasm-opt -Oz` does. One process for all of
// them: the optimiser is itself compiled while it runs, and would be anew for every module.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
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

for (const file of process.argv.slice(2)) {
  const module = binaryen.readBinary(readFileSync(file));
  module.setFeatures(features);
  module.optimize();
  if (!module.validate()) {
    throw new Error(`${file} is no valid module any more`);
  }
  writeFileSync(`${file}.part`, module.emitBinary());
  renameSync(`${file}.part`, file);
  module.dispose();
}
