import { z } from "zod";

/** As SHA-256 is strong: a key of fewer characters could be guessed. */
const KEY = /^[A-Za-z0-9+/=_-]{32,512}$/;
/** As policies name it. */
const KEY_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const HOST_NAME = /^(?=.{1,253}$)(?:localhost|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+)$/;

const entries = (text: string): string[] => (text === "" ? [] : text.split(",").map((entry) => entry.trim()));

/** No message quotes a key. */
export const hookKeys = z.string().transform((text, context): ReadonlyMap<string, string> => {
  const keys = new Map<string, string>();
  for (const [index, entry] of entries(text).entries()) {
    const at = entry.indexOf("=");
    const [name, key] = [entry.slice(0, Math.max(at, 0)), entry.slice(at + 1)];
    if (text.startsWith("@Microsoft.KeyVault(")) {
      context.addIssue({
        code: "custom",
        message: "let the app's identity read the secret of its Key Vault reference",
      });
      return z.NEVER;
    }
    if (!KEY_NAME.test(name) || !KEY.test(key) || keys.has(name)) {
      const message = `write entry ${index + 1} as NAME=KEY: a name of its own of lower-case letters, digits and hyphens, and a key of 32 to 512 letters, digits and + / = - _`;
      context.addIssue({ code: "custom", message });
    }
    keys.set(name, key);
  }
  return keys;
});

export const hookHosts = z.string().transform((text, context): readonly string[] =>
  entries(text.toLowerCase()).flatMap((host) => {
    if (HOST_NAME.test(host)) return [host];
    context.addIssue({
      code: "custom",
      message: `write "${host}" as a host name with its domain, such as hooks.internal.example.com`,
    });
    return [];
  }),
);
