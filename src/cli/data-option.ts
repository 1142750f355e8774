import path from "node:path";
import { userDataFolder } from "../local/data-folder";
import { text } from "./options";
import { userPath } from "./paths";

export const dataOption = text("DIR", "Folder for runs and orchestrations; one in your data folder if absent.");

/** Real and simulated Azure never share a folder by themselves: both may have a VM with the same id. */
export const dataFolderPath = (given: string | undefined, endpoint: string | undefined): string =>
  given === undefined
    ? path.join(userDataFolder(process.env), endpoint === undefined ? "azure" : "simulated")
    : userPath(given);
