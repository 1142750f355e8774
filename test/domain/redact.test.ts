import { describe, expect, test } from "@jest/globals";
import { redacted } from "../../src/domain/redact";

const JWT = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJhcmEifQ.c2lnbmF0dXJl-X_Y";
const ACCOUNT_KEY = `${"aB3+/".repeat(17)}x==`;
const FUNCTION_KEY = `${"Qw7_-".repeat(9)}AzFuZ9y8X7==`;

describe("what looks like a secret is taken out, and the rest stays", () => {
  test.each([
    [`the token ${JWT} expired`, "the token [redacted] expired"],
    [`authorization: Bearer ${JWT}, x`, "authorization: Bearer [redacted], x"],
    ['{"authorization":"Bearer 0123456789abcdefOPAQUE"}', '{"authorization":"Bearer [redacted]"}'],
    ["Authorization: SharedKey account:c2lnbmF0dXJlc2lnbmF0dXJl=", "Authorization: SharedKey [redacted]"],
    ["Basic dXNlcjpwYXNzd29yZDEyMw==", "Basic [redacted]"],
    ["GET https://a.example/x?sv=2024&sig=abc%2Bdef%3D&se=1", "GET https://a.example/x?sv=2024&sig=[redacted]&se=1"],
    ["https://a.example/x?sig%3Dabcdefgh12", "https://a.example/x?sig%3D[redacted]"],
    [
      "https://management.azure.com/o?api-version=1&t=638&c=MIIHaDCCBlCg&s=c2lnbmVkLXg&h=aGFzaGVkLXg",
      "https://management.azure.com/o?api-version=1&t=638&c=[redacted]&s=[redacted]&h=[redacted]",
    ],
    ["/runtime/webhooks/eventgrid?code=abcdefgh1234", "/runtime/webhooks/eventgrid?code=[redacted]"],
    ["a=1&amp;code=abcdefgh1234&amp;b=2", "a=1&amp;code=[redacted]&amp;b=2"],
    [
      "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=c2VjcmV0LWtleQ==;EndpointSuffix=core.windows.net",
      "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=[redacted];EndpointSuffix=core.windows.net",
    ],
    ["x-functions-key: abcdefgh1234", "x-functions-key: [redacted]"],
    ['{\\"x-functions-key\\":\\"abcdefgh1234\\"}', '{\\"x-functions-key\\":\\"[redacted]\\"}'],
    ['"x-ms-client-principal": "eyJhdXRoX3R5cCI6ImFhZCJ9"', '"x-ms-client-principal": "[redacted]"'],
    ["client_secret=abc~def.ghi&scope=x", "client_secret=[redacted]&scope=x"],
    ["https://user:pass-word@a.example/x", "https://[redacted]@a.example/x"],
    [`the key ${ACCOUNT_KEY} is wrong`, "the key [redacted] is wrong"],
    [`the key ${FUNCTION_KEY} is wrong`, "the key [redacted] is wrong"],
  ])("%j", (text, clean) => {
    expect(redacted(text)).toBe(clean);
  });
});

describe("what does not is left alone", () => {
  test.each([
    "",
    "Bearer authentication is required.",
    "send its token as authorization: Bearer",
    "The access token is missing or invalid.",
    "the operation's address answered 404?code=404",
    "VM has reported a failure when processing extension 'x'. Error code: 'VMExtensionProvisioningError'",
    "The client '6f1d' with object id '6f1d' does not have authorization to perform action 'Microsoft.Compute/virtualMachines/installPatches/action' over scope '/subscriptions/1/resourceGroups/rg'",
    "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-with-a-long-name-indeed-0123456789",
    "http-0123456789abcdef0123456789abcdef",
    "https://learn.microsoft.com/azure/x?view=y&tabs=z",
    "eyJ is how tokens begin",
  ])("%j", (text) => {
    expect(redacted(text)).toBe(text);
  });
});

test("it is done twice as well as once", () => {
  const once = redacted(`Bearer ${JWT} and ?code=abcdefgh1234 and AccountKey=${ACCOUNT_KEY}`);
  expect(redacted(once)).toBe(once);
});

test.each([
  "eyJ".repeat(3000),
  "a".repeat(10_000),
  "?code=".repeat(1500),
  "Bearer ".repeat(1500),
  "A".repeat(9999) + "!",
])("a hostile text costs no time worth mentioning (%#)", (text) => {
  const begun = process.hrtime.bigint();
  redacted(text);
  expect(Number(process.hrtime.bigint() - begun) / 1e6).toBeLessThan(1000);
});
