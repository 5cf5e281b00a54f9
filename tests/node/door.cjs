// Shotstack's own Node client, unmodified, against a running server: what a program would do.
// Environment: SERVER (base URL), KEY (an API key), FILE (a video). Prints one JSON line of findings.
"use strict";
const fs = require("node:fs");
const { createRequire } = require("node:module");
const Shotstack = createRequire(process.cwd() + "/")("shotstack-sdk");
const { SERVER, KEY, FILE } = process.env;

const client = Shotstack.ApiClient.instance;
client.authentications.DeveloperKey.apiKey = KEY;
const at = (base) => { client.basePath = `${SERVER}/shotstack/${base}`; };

async function ended(look) {
  for (let count = 0; count < 600; count += 1) {
    const found = await look();
    if (["done", "ready", "failed"].includes(found.status)) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("not within a minute");
}

function greeting(name) {
  const title = new Shotstack.TitleAsset().setText("Hi {{ NAME }}").setStyle("minimal");
  const clip = new Shotstack.Clip().setAsset(title).setStart(0).setLength(0.4);
  const track = new Shotstack.Track().setClips([clip]);
  const size = new Shotstack.Size().setWidth(160).setHeight(90);
  const output = new Shotstack.Output().setFormat("mp4").setSize(size).setFps(25);
  const edit = new Shotstack.Edit()
    .setTimeline(new Shotstack.Timeline().setBackground("#203040").setTracks([track]))
    .setOutput(output);
  const field = new Shotstack.MergeField().setFind("NAME").setReplace(name);
  return { edit: name ? edit.setMerge([field]) : edit, field };
}

async function main() {
  const edits = new Shotstack.EditApi();
  const found = {};
  at("stage"); // as the client's own examples: without /edit
  const queued = await edits.postRender(greeting("Ada").edit);
  const poll = (id) => ended(async () => (await edits.getRender(id, { data: false })).response);
  const render = await poll(queued.response.id);
  found.render = { message: queued.message, status: render.status, duration: render.duration };
  found.bytes = (await (await fetch(render.url)).arrayBuffer()).byteLength;

  at("edit/v1");
  const template = new Shotstack.Template().setName("hi").setTemplate(greeting("").edit);
  const { id } = (await edits.postTemplate(template)).response;
  const listed = (await edits.getTemplates()).response.templates.map((entry) => entry.id);
  const asked = new Shotstack.TemplateRender().setId(id).setMerge([greeting("Grace").field]);
  const made = await poll((await edits.postTemplateRender(asked)).response.id);
  found.template = { isListed: listed.includes(id), status: made.status };
  await edits.deleteTemplate(id);
  found.missing = await edits.getTemplate(id).catch((error) => error.status);

  at("serve/v1");
  const files = (await new Shotstack.ServeApi().getAssetByRenderId(queued.response.id)).data;
  found.files = files.map((file) => file.attributes.status);

  at("ingest/v1");
  const sources = new Shotstack.IngestApi();
  const link = (await sources.getUploadSignedUrl()).data;
  const sent = await fetch(link.attributes.url, { method: "PUT", body: fs.readFileSync(FILE) });
  const source = await ended(async () => (await sources.getSource(link.id)).data.attributes);
  found.source = { sent: sent.status, status: source.status, width: source.width };

  at("edit/v1");
  const probed = (await edits.probe(source.source)).response.metadata;
  found.probe = { width: probed.streams[0].width, kind: probed.streams[0].codec_type };
  console.log(JSON.stringify(found));
}

main().catch((error) => {
  console.error(error.response ? error.response.text : error);
  process.exit(1);
});
