import { MemoryStore } from "../../src/store/memory";
import { describeStore } from "./store-contract";

describeStore("MemoryStore", () => new MemoryStore());
