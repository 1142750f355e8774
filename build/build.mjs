import { bundleApp, bundleCommand } from "./bundle.mjs";

bundleApp();
bundleCommand();
process.stderr.write("built dist/app.js and dist/goldpatch.js\n");
