#!/usr/bin/env node
import { createRequire } from "node:module";
import { requireNode } from "../build/node-version.mjs";

requireNode();
const { bundleApp, bundleCommand } = await import("../build/bundle.mjs");
bundleApp();
bundleCommand();
createRequire(import.meta.url)("../dist/goldpatch.js");
