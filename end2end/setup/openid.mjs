// An OpenID Connect provider for tests: the certified oidc-provider, on a port of its own of the loopback, with two people
// and a claim of their groups.
//   openid.mjs REDIRECT    starts it for a client that comes back to REDIRECT, and prints its OPENID_ISSUER; it ends
//                          with its standard input, so that who asks for it cannot leave it behind
// The client is "drover" with "secret-of-drover". Whoever signs in writes "secret-NAME"; everything else is no.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const PEOPLE = {
  ada: { preferred_username: "ada", name: "Ada Lovelace", email: "ada@example.org", groups: ["operators", "staff"] },
  eve: { preferred_username: "eve", name: "Eve Moneypenny", email: "eve@example.org", groups: ["visitors"] },
};
const SCOPES = "openid profile email groups";
const [redirect] = process.argv.slice(2);

const server = createServer();
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

/** As a provider of a company is set up: nobody is asked whether they agree. */
async function loadExistingGrant(ctx) {
  const { client, session, provider } = ctx.oidc;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(SCOPES);
  await grant.save();
  return grant;
}

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: randomUUID() };

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "drover",
      client_secret: "secret-of-drover",
      redirect_uris: [redirect],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  scopes: SCOPES.split(" "),
  claims: { openid: ["sub"], profile: ["name", "preferred_username"], email: ["email"], groups: ["groups"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id.replace("id-of-", "")] }) }),
  loadExistingGrant,
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  cookies: { keys: [randomUUID()] },
  jwks: { keys: [key] },
});
const answer = provider.callback();

const page = (said) => `<!doctype html><html lang="en"><title>Provider</title><main><h1>Provider</h1><p>${said}</p>
<form method="post"><label>Login <input name="login"></label> <label>Password <input name="password" type="password"></label>
<button>Continue</button> <button name="no" value="1">Say no</button></form></main></html>`;

async function sent(request) {
  let body = "";
  for await (const part of request) body += part;
  return new URLSearchParams(body);
}

/** The provider's own page for signing in. */
async function interact(request, response) {
  const show = (said) => response.setHeader("content-type", "text/html").end(page(said));
  if (request.method !== "POST") return show("Sign in.");
  const form = await sent(request);
  const login = form.get("login");
  if (form.get("no")) return provider.interactionFinished(request, response, { error: "access_denied" });
  if (!PEOPLE[login] || form.get("password") !== `secret-${login}`) return show("That is wrong.");
  return provider.interactionFinished(request, response, { login: { accountId: `id-of-${login}` } });
}

server.on("request", (request, response) => {
  if (!request.url.startsWith("/interaction/")) return answer(request, response);
  interact(request, response).catch((error) => response.writeHead(500).end(String(error)));
});
console.log(`OPENID_ISSUER=${issuer}`);
process.stdin.on("end", () => process.exit(0)).resume();
