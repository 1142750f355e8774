/** What stands where a secret stood. */
export const REDACTED = "[redacted]";

const NAMES =
  "sig|AccountKey|SharedAccessKey|SharedAccessSignature|x-functions-key|x-ms-client-principal|api[-_]?key|" +
  "access_token|refresh_token|id_token|client_secret|client_assertion|password|pwd";

/**
 * By shape, for nobody says which part of a text is secret. A text without secrets stays as it is: lengths below which
 * nothing is taken for one keep words such as "Bearer authentication" and `?code=404` readable.
 */
const RULES: readonly (readonly [shape: RegExp, instead: string])[] = [
  // A JSON Web Token (RFC 7519): base64url of `{"…`, a dot, and more of it.
  [/(?<!\w)eyJ[\w-]{6,}(?:\.[\w-]*)+/g, REDACTED],
  // What follows the scheme in an Authorization header.
  [/\b(Bearer|Basic|SharedKey|SharedKeyLite|SharedAccessSignature)(?:\s|%20|\+)+[^\s"',;<>]{16,}/gi, `$1 ${REDACTED}`],
  // Credentials before the host of an address.
  [/:\/\/[^\s/"'@]+:[^\s/"'@]+@/g, `://${REDACTED}@`],
  // Query parameters that open or sign an address: keys of Functions, SAS, operation addresses of Compute.
  [/((?:[?&]|%3F|%26)(?:amp;)?(?:code|sig|key|token|s|h|c)(?:=|%3D))[^\s"'&<>]{8,}/gi, `$1${REDACTED}`],
  // Names of secrets in connection strings, forms, headers and JSON, quoted inside JSON too.
  [
    new RegExp(`\\b(${NAMES})((?:\\\\?["'])?\\s*(?:=|:|%3D)\\s*(?:\\\\?["'])?)[^\\s"'\\\\&;,<>]{6,}`, "gi"),
    `$1$2${REDACTED}`,
  ],
  // Keys of storage accounts (88 characters) and of Functions (56, with a mark of their own), whatever stands before.
  [/(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{60,}={1,2}/g, REDACTED],
  [/(?<![\w-])[\w-]{40,}AzFu[\w-]{4,}={0,2}/g, REDACTED],
];

/** The text without what looks like a token, a key or a signature. */
export const redacted = (text: string): string =>
  RULES.reduce((known, [shape, instead]) => known.replace(shape, instead), text);
