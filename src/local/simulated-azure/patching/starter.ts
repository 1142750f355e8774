import { ArmError, ConnectionCut, emptyAnswer, type ArmResponse } from "../arm-message";
import type { Exchange } from "../exchange";
import { scriptedError } from "../faults";
import type { Machine } from "../machine/machine";
import { SECOND_MS } from "../timestamps";
import { parseInstallRequest, type InstallRequest } from "./install-request";
import type { OperationAddresses } from "./operation-addresses";
import { refusal } from "./refusals";

type Kind = "assess" | "install";

/** Takes up `assessPatches` and `installPatches`, with the refusals, cuts and delays that the causes tell of. */
export class Starter {
  readonly #addresses: OperationAddresses;
  readonly #now: () => number;
  readonly #faultMet: (fault: string) => void;
  /** How often something scripted has happened, by machine, kind and script. */
  readonly #happened = new Map<string, number>();

  constructor(addresses: OperationAddresses, now: () => number, faultMet: (fault: string) => void) {
    this.#addresses = addresses;
    this.#now = now;
    this.#faultMet = faultMet;
  }

  /** @throws ArmError when refused, ConnectionCut when the client gets no answer */
  async start(exchange: Exchange, machine: Machine, kind: Kind): Promise<ArmResponse> {
    const { late, cut } = machine.vm[kind];
    const { image, world } = machine;
    const request =
      kind === "install" ? parseInstallRequest(exchange.request.body, image.osType, world.start) : undefined;
    const scripted = this.#scriptedAnswer(machine, kind);
    if (scripted) throw scripted;
    const cuts = cut !== undefined && this.#happens(machine, kind, `cut ${cut.when}`, cut.times);
    if (cuts && cut.when === "beforeEffect") throw new ConnectionCut();
    const delays = late !== undefined && this.#happens(machine, kind, `late ${late.effect}`, late.times);
    const answerAt = this.#now() + (delays ? late.answerAfterSeconds * SECOND_MS : 0);
    if (delays && late.effect === "whenAnswered") await exchange.sleepUntil(answerAt);
    const response = this.#accept(exchange, machine, request);
    if (cuts) throw new ConnectionCut();
    if (delays && late.effect === "atOnce") await exchange.sleepUntil(answerAt);
    return response;
  }

  #accept(exchange: Exchange, machine: Machine, request: InstallRequest | undefined): ArmResponse {
    const now = this.#now();
    const reason = machine.life.exists(now) ? refusal(machine, request ? "install" : "assess", now) : gone(machine);
    if (reason) throw reason;
    const operation = request ? machine.patches.install(now, request) : machine.patches.assess(now);
    const followed = this.#addresses.accept(operation, machine, exchange.apiVersion);
    exchange.operationId = followed.id;
    return emptyAnswer(202, { ...this.#addresses.headers(followed), "x-ms-request-id": followed.id });
  }

  #scriptedAnswer(machine: Machine, kind: Kind): ArmError | undefined {
    const next = machine.vm[kind].answers.find((answer, index) =>
      this.#happens(machine, kind, `answer ${answer.status} (${index})`, answer.times),
    );
    return next && scriptedError(next);
  }

  /** Whether it happens once more, when it is to happen `times` times; for ever when undefined. */
  #happens(machine: Machine, kind: Kind, what: string, times: number | undefined): boolean {
    const key = `${machine.key}|${kind}|${what}`;
    const happened = this.#happened.get(key) ?? 0;
    if (happened >= (times ?? Number.POSITIVE_INFINITY)) return false;
    this.#happened.set(key, happened + 1);
    this.#faultMet(`${kind}Patches ${what}`);
    return true;
  }
}

interface Named {
  readonly vm: { readonly name: string };
  readonly resourceGroup: string;
  readonly type: string;
}

export const gone = (machine: Named): ArmError =>
  new ArmError(
    404,
    "ResourceNotFound",
    `The Resource '${machine.type}/${machine.vm.name}' under resource group '${machine.resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
