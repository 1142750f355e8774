/** The oldest Node major version that the Azure SDK packages accept. */
export const OLDEST_NODE = 22;

/** Ends the process with one clear error when the project's own Node is not in charge. */
export function requireNode(version = process.versions.node) {
  if (Number(version.split(".")[0]) >= OLDEST_NODE) return;
  process.stderr.write(
    `goldpatch: Node ${version} is too old, ${OLDEST_NODE} or newer is needed. ` +
      "The project brings its own: run `npm ci` without --ignore-scripts or --omit=dev, " +
      "then start with `npm start`, `npm test` or `npx --no-install goldpatch`.\n",
  );
  process.exit(1);
}
