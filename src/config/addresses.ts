import { z } from "zod";
import { clouds } from "../domain/cloud/cloud";

const isLoopback = ({ protocol, hostname }: URL): boolean =>
  protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
const afterHost = ({ pathname, search, hash }: URL): string => pathname + search + hash;

export const loopbackUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return isLoopback(url) && afterHost(url) === "/";
}, "set it to an http address on loopback without a path, such as http://127.0.0.1:8484, or leave it empty for real Azure");

const ACCOUNT = /^[a-z0-9]{3,24}$/;
/** Of any cloud; whether it is the app's own is told with the setting that names it. */
const isTableHost = (hostname: string): boolean =>
  Object.values(clouds).some(
    ({ tablesSuffix }) => hostname.endsWith(tablesSuffix) && ACCOUNT.test(hostname.slice(0, -tablesSuffix.length)),
  );

/** A storage account's own address, or Azurite's, whose only account by default is devstoreaccount1. */
export const tablesUrl = z.string().refine((text) => {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username + url.password !== "") return false;
  return isLoopback(url)
    ? afterHost(url).replace(/\/$/, "") === "/devstoreaccount1"
    : url.protocol === "https:" && url.port === "" && isTableHost(url.hostname) && afterHost(url) === "/";
}, "set it to https://ACCOUNT.table.core.windows.net, or to Azurite on loopback such as http://127.0.0.1:10002/devstoreaccount1, or leave it empty");
