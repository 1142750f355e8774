import { ArmError, jsonAnswer, type ArmResponse } from "./arm-message";
import type { Exchange } from "./exchange";
import type { Image } from "./fleet/image-schema";
import type { World } from "./machine/machine-resource";
import type { Machines } from "./machine/machines";

/** What lies around the machines: the provider's registration, the caller's permissions, the images. Only read. */
export interface Around {
  readonly world: World;
  readonly machines: Machines;
  readonly now: () => number;
}

const PROVIDER_PATH = /^\/subscriptions\/([^/]+)\/providers\/([^/]+)\/?$/i;
const PERMISSIONS_PATH = /^(\/subscriptions\/([^/]+)(?:\/.+)?)\/providers\/Microsoft\.Authorization\/permissions\/?$/i;
const VM_SCOPE =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Compute\/virtualMachines\/([^/]+)$/i;
const GALLERY_PATH =
  /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Compute\/galleries\/([^/]+)\/images\/([^/]+)(?:\/versions\/([^/]+))?$/i;
const MANAGED_PATH =
  /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Compute\/images\/([^/]+)$/i;

/** The answer to a GET of something beside the machines; undefined when the path is none. @throws ArmError */
export function answerAround({ url, request }: Exchange, around: Around): ArmResponse | undefined {
  if (request.method !== "GET") return undefined;
  const { pathname } = url;
  const [, ofPermissions, subscriptionOfPermissions] = PERMISSIONS_PATH.exec(pathname) ?? [];
  if (ofPermissions && subscriptionOfPermissions) return permissions(ofPermissions, subscriptionOfPermissions, around);
  const [, subscriptionId, namespace] = PROVIDER_PATH.exec(pathname) ?? [];
  if (subscriptionId && namespace) return provider(subscriptionId, namespace, around);
  const [, galleryGroup, gallery, definition, version] = GALLERY_PATH.exec(pathname) ?? [];
  if (galleryGroup && gallery && definition) return galleryImage(pathname, definition, version, around);
  const [, group, name] = MANAGED_PATH.exec(pathname) ?? [];
  return group && name ? managedImage(pathname, name, around) : undefined;
}

/** Shape: Authorization, Permissions_ListForResource 2022-04-01 [DOC]; that one entry tells all is an assumption. */
function permissions(scope: string, subscriptionId: string, around: Around): ArmResponse {
  around.machines.requireSubscription(subscriptionId);
  requireAction(around, "Microsoft.Authorization/permissions/read", scope);
  const [, home, group, name] = VM_SCOPE.exec(scope) ?? [];
  const vm = home && group && name ? around.machines.find(home, group, name, around.now()).vm : undefined;
  const notActions = [...around.world.fleet.denied, ...(vm?.denied ?? [])];
  return jsonAnswer(200, { value: [{ actions: ["*"], notActions, dataActions: [], notDataActions: [] }] });
}

/** Shape: Resource Manager, Providers_Get 2021-04-01 [DOC], without resource types. */
function provider(subscriptionId: string, namespace: string, around: Around): ArmResponse {
  around.machines.requireSubscription(subscriptionId);
  requireAction(around, "Microsoft.Resources/subscriptions/providers/read", `/subscriptions/${subscriptionId}`);
  const registrationState = isUnregistered(around.world, namespace) ? "NotRegistered" : "Registered";
  const id = `/subscriptions/${subscriptionId}/providers/${namespace}`;
  return jsonAnswer(200, { id, namespace, registrationState, resourceTypes: [] });
}

export const isUnregistered = ({ fleet }: World, namespace: string): boolean =>
  fleet.unregisteredProviders.some((name) => name.toLowerCase() === namespace.toLowerCase());

/** Shapes: Compute, GalleryImages_Get and GalleryImageVersions_Get [SPEC], reduced. */
function galleryImage(id: string, definition: string, version: string | undefined, around: Around): ArmResponse {
  const image = imageOf(around, definition, ["galleryVersion", "galleryDefinition"]);
  const action = `Microsoft.Compute/galleries/images/${version === undefined ? "" : "versions/"}read`;
  requireAction(around, action, id);
  if (!image || image.gone || (version !== undefined && version !== image.version)) throw notThere(id);
  const { location } = around.world.fleet;
  if (version !== undefined) {
    return jsonAnswer(200, { id, name: version, location, properties: { provisioningState: "Succeeded" } });
  }
  const { osType, architecture } = image;
  const identifier = { publisher: "golden", offer: image.name, sku: "1" };
  return jsonAnswer(200, {
    id,
    name: image.name,
    location,
    properties: { osType, architecture, osState: "Generalized", hyperVGeneration: "V2", identifier },
  });
}

/** Shape: Compute, Images_Get [SPEC], reduced. */
function managedImage(id: string, name: string, around: Around): ArmResponse {
  const image = imageOf(around, name, ["managedImage"]);
  requireAction(around, "Microsoft.Compute/images/read", id);
  if (!image || image.gone) throw notThere(id);
  return jsonAnswer(200, { id, name: image.name, location: around.world.fleet.location, properties: {} });
}

const imageOf = ({ world }: Around, name: string, kinds: readonly Image["kind"][]): Image | undefined =>
  world.fleet.images.find((image) => image.name.toLowerCase() === name.toLowerCase() && kinds.includes(image.kind));

const notThere = (id: string): ArmError =>
  new ArmError(404, "ResourceNotFound", `The Resource '${id.split("/").slice(-4).join("/")}' was not found.`);

/** @throws ArmError 403 when the caller lacks the action everywhere */
function requireAction({ world }: Around, action: string, scope: string): void {
  if (world.fleet.denied.some((denied) => denied.toLowerCase() === action.toLowerCase())) {
    throw notAuthorized(world, action, scope);
  }
}

export function notAuthorized({ chance }: World, action: string, scope: string): ArmError {
  const client = chance.guid("client");
  return new ArmError(
    403,
    "AuthorizationFailed",
    `The client '${client}' with object id '${client}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}
