// Calls a server with the clients that others have published, unmodified; prints what they return.
// The two older ones know one address only; HTTPS_PROXY leads them here.
const [client, url, key, text] = process.argv.slice(2);

async function scores() {
  if (client === "googleapis-common") {
    const { Discovery } = require("googleapis-common");
    const make = await new Discovery({}).discoverAPI(`${url}/$discovery/rest?version=v1alpha1`);
    const resource = { comment: { text }, requestedAttributes: { TOXICITY: {} } };
    const { data } = await make({}).comments.analyze({ key, resource });
    return data;
  }
  if (client === "perspective-api-client") {
    const Perspective = require("perspective-api-client");
    return new Perspective({ apiKey: key }).analyze(text, { attributes: ["toxicity", "insult"] });
  }
  const { Client } = require("@conversationai/perspectiveapi-js-client");
  return new Client(key).getScores(text);
}

scores().then(
  (found) => console.log(JSON.stringify(found)),
  (error) => console.log(JSON.stringify({ error: error.message })),
);
