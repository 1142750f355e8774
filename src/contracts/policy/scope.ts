import { z } from "zod";
import { parseScopeEntry } from "../../domain/machine/scope";
import { policyImageKinds } from "../../domain/policy/policy";
import { filledList, list, tagValues } from "./fields";

const subscription = z.guid("write a subscription's id, which is a GUID").toLowerCase();

const managementGroup = z
  .string()
  .regex(
    /^[\w().-]{1,90}$/,
    "write a management group's name (not its display name): letters, digits, -, _, (, ) and .",
  );

const resourceGroup = z
  .string()
  .refine(
    (text) => parseScopeEntry(text)?.resourceGroup !== undefined,
    "write /subscriptions/ID/resourceGroups/NAME, where ID is a GUID",
  )
  .toLowerCase();

const IMAGE_ID =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourcegroups\/[^/\s]+\/providers\/microsoft\.compute\/(?:images\/[^/\s]+|galleries\/[^/\s]+(?:\/images\/[^/\s]+(?:\/versions\/[^/\s]+)?)?)$/i;
const SHARED_IMAGE_ID =
  /^\/(?:sharedgalleries|communitygalleries)\/[^/\s]+(?:\/images\/[^/\s]+(?:\/versions\/[^/\s]+)?)?$/i;
const imageId = z
  .string()
  .refine(
    (text) => IMAGE_ID.test(text) || SHARED_IMAGE_ID.test(text),
    "write the ARM id of an image, a gallery, an image definition or a version (az vm show --query storageProfile.imageReference)",
  )
  .toLowerCase();

const versionMask = z
  .string()
  .regex(/^[\w.*-]{1,80}$/, 'write a version in quotes, with * for anything, such as "2026.11.*"');

export const scope = z
  .strictObject({
    subscriptions: list(subscription)
      .default([])
      .describe("Ids of subscriptions. One of subscriptions, managementGroups and resourceGroups must be given."),
    managementGroups: list(managementGroup)
      .default([])
      .describe(
        "Names of management groups; all subscriptions below them count, as far as GOLDPATCH_SCOPE holds them.",
      ),
    resourceGroups: list(resourceGroup)
      .default([])
      .describe("Resource groups, as /subscriptions/ID/resourceGroups/NAME."),
    tags: z
      .strictObject({
        include: tagValues
          .default({})
          .describe(
            "Tags with their values: a VM must have every one of these tags, with one of its values; * is any.",
          ),
        exclude: tagValues
          .default({})
          .describe("Tags with their values: a VM with one of these is left out. The tag goldpatch: off always does."),
      })
      .prefault({})
      .describe("Tags in and out, in any case."),
    images: z
      .strictObject({
        kinds: list(z.enum(policyImageKinds))
          .default([])
          .describe("Kinds of image that the VM was created from; any if empty. Marketplace images are never patched."),
        ids: list(imageId)
          .default([])
          .describe("ARM ids of images, galleries, image definitions or versions; any if empty."),
        versions: list(versionMask)
          .default([])
          .describe("Version numbers in quotes, with * for anything; any if empty."),
      })
      .prefault({})
      .describe("Images that the VMs were created from."),
    operatingSystems: filledList(z.enum(["Windows", "Linux"]))
      .default(["Windows", "Linux"])
      .describe("Operating systems."),
  })
  .refine(
    ({ subscriptions, managementGroups, resourceGroups }) =>
      subscriptions.length + managementGroups.length + resourceGroups.length > 0,
    "name where to look: subscriptions, managementGroups or resourceGroups",
  );
