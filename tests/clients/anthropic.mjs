// Runs the calls named on the command line through Anthropic's own SDK and prints what a program would see, one JSON
// object per line. Environment: BASIN_CLIENTS (where node_modules is), BASE_URL, KEY, MODEL.
import { createRequire } from 'node:module';
const require = createRequire(process.env.BASIN_CLIENTS + '/here.js');
const Anthropic = require('@anthropic-ai/sdk').default;

const client = new Anthropic({ baseURL: process.env.BASE_URL, apiKey: process.env.KEY, maxRetries: 1 });
const model = process.env.MODEL;
const words = 'Tighten this: it is what it is, more or less.';
const ask = { model, max_tokens: 512, messages: [{ role: 'user', content: words }] };
const brief = [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }];
const invented = { betas: ['invented-beta-2026-11-24'], invented_field: { a: [1, 2.50, 'é'] } };
const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } };
const page = { type: 'document', title: 'Notes', source: { type: 'text', media_type: 'text/plain', data: 'Six lines.' } };
const schema = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const about = (block, text) => ({ ...ask, messages: [{ role: 'user', content: [block, { type: 'text', text }] }] });

const streamed = async (request) => {
  const stream = client.messages.stream(request);
  let pieces = 0;
  stream.on('text', () => pieces++);
  const message = await stream.finalMessage();
  return { pieces, ...message };
};

// The tool loop as a program writes it: ask, run the tools, answer, until the model is content.
const loop = async (one, more = {}) => {
  const messages = [{ role: 'user', content: 'What is the weather in Paris and in Rome?' }];
  for (let turn = 0; turn < 4; turn++) {
    const answer = await one({ model, max_tokens: 512, tools: [weather], messages, ...more });
    if (answer.stop_reason !== 'tool_use') return { turns: turn + 1, ...answer };
    messages.push({ role: 'assistant', content: answer.content });
    const results = answer.content
      .filter((block) => block.type === 'tool_use')
      .map((block) => ({ type: 'tool_result', tool_use_id: block.id, content: `sunny in ${block.input.city}` }));
    messages.push({ role: 'user', content: results });
  }
};

const calls = {
  create: () => client.messages.create(ask),
  stream: () => streamed(ask),
  system: () => client.messages.create({ ...ask, system: brief }),
  tools: () => loop((request) => client.messages.create(request)),
  tools_stream: () => loop(streamed),
  tools_thinking: () => loop(streamed, { max_tokens: 4096, thinking: { type: 'enabled', budget_tokens: 1024 } }),
  forced: () =>
    client.messages.create({ ...ask, tools: [weather], tool_choice: { type: 'tool', name: 'get_weather' } }),
  image: () => client.messages.create(about(picture, 'What is this?')),
  document: () => client.messages.create(about(page, 'How many lines?')),
  structured: () => client.messages.create({ ...ask, output_config: { format: { type: 'json_schema', schema } } }),
  thinking: () => streamed({ ...ask, max_tokens: 4096, thinking: { type: 'enabled', budget_tokens: 1024 } }),
  beta: () => client.beta.messages.create({ ...ask, ...invented }),
  count: () => client.messages.countTokens({ model, messages: ask.messages }),
  models: async () => (await client.models.list()).data.map((entry) => entry.id),
};

for (const name of process.argv.slice(2)) {
  try {
    console.log(JSON.stringify({ call: name, value: await calls[name]() }));
  } catch (error) {
    const { status, requestID, error: body, message } = error;
    console.log(JSON.stringify({ call: name, error: error.constructor.name, status, requestID, body, message }));
  }
}
