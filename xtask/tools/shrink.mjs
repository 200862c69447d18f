// Optimises the modules in the given folder for size, like `wasm-opt -Oz`, and removes the names. One process
// handles all of them, because the optimiser is itself compiled while it runs, which would be repeated for
// every module.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import binaryen from "binaryen";

// Features of WebAssembly that the compiler may use and the optimiser must support. Browsers of the last
// years support all of them; with more, the optimiser could write modules that some browsers cannot read.
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

// Settings of `-Oz`.
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
  // Instances of one generic function have the same name up to a hash. Side by side they compress better,
  // which saves one per cent.
  module.runPasses(["reorder-functions-by-name", "strip-producers", "strip-target-features"]);
  if (!module.validate()) {
    throw new Error(`${file} is no valid module any more`);
  }
  writeFileSync(file, module.emitBinary());
  module.dispose();
}
