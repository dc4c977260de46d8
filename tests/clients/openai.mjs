// Runs the calls named on the command line through OpenAI's own SDK and prints what a program would see, one JSON
// object per line. Environment: BASIN_CLIENTS (where node_modules is), BASE_URL, KEY, MODEL.
import { createRequire } from 'node:module';
const require = createRequire(process.env.BASIN_CLIENTS + '/here.js');
const OpenAI = require('openai').default;

const client = new OpenAI({ baseURL: process.env.BASE_URL + '/v1', apiKey: process.env.KEY, maxRetries: 1 });
const model = process.env.MODEL;
const words = 'Tighten this: it is what it is, more or less.';
const ask = { model, messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: words }] };
const properties = { city: { type: 'string' } };
const parameters = { type: 'object', properties, required: ['city'], additionalProperties: false };
const weather = { name: 'get_weather', description: 'The weather of a city', parameters, strict: true };
const invented = { invented_field: { a: [1, 2.50, 'é'] } };
const question = 'What is the weather in Paris and in Rome?';
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const picture = `data:image/png;base64,${pixel}`;
const page = 'data:text/plain;base64,U2l4IGxpbmVzLg==';
const format = { name: 'place', schema: parameters, strict: true };
const chat_about = (part, text) => ({ model, messages: [{ role: 'user', content: [part, { type: 'text', text }] }] });
const response_about = (part, text) =>
  ({ model, input: [{ role: 'user', content: [part, { type: 'input_text', text }] }], store: false });

const chat_stream = async (request) => {
  const stream = client.chat.completions.stream({ ...request, stream_options: { include_usage: true } });
  let pieces = 0;
  stream.on('content', () => pieces++);
  const completion = await stream.finalChatCompletion();
  return { pieces, ...completion };
};

const chat_loop = async (one) => {
  const messages = [{ role: 'user', content: question }];
  for (let turn = 0; turn < 4; turn++) {
    const answer = await one({ model, tools: [{ type: 'function', function: weather }], messages });
    const { message } = answer.choices[0];
    if (!message.tool_calls?.length) return { turns: turn + 1, ...answer };
    messages.push(message);
    for (const call of message.tool_calls) {
      const { city } = JSON.parse(call.function.arguments);
      messages.push({ role: 'tool', tool_call_id: call.id, content: `sunny in ${city}` });
    }
  }
};

const response_stream = async (request) => {
  let last, deltas = 0;
  for await (const event of await client.responses.create({ ...request, stream: true })) {
    if (event.type === 'response.output_text.delta') deltas++;
    if (event.type === 'error') throw Object.assign(new Error(event.message), { body: event });
    last = event.response ?? last;
  }
  return { deltas, ...last };
};

const response_loop = async (one) => {
  const input = [{ role: 'user', content: question }];
  for (let turn = 0; turn < 4; turn++) {
    const answer = await one({ model, tools: [{ type: 'function', ...weather }], input, store: false });
    const made = answer.output.filter((item) => item.type === 'function_call');
    if (!made.length) return { turns: turn + 1, ...answer };
    input.push(...answer.output);
    for (const call of made) {
      const { city } = JSON.parse(call.arguments);
      input.push({ type: 'function_call_output', call_id: call.call_id, output: `sunny in ${city}` });
    }
  }
};

const calls = {
  chat: () => client.chat.completions.create(ask),
  chat_stream: () => chat_stream(ask),
  chat_tools: () => chat_loop((request) => client.chat.completions.create(request)),
  chat_tools_stream: () => chat_loop(chat_stream),
  response: () => client.responses.create({ model, instructions: 'Be brief.', input: words }),
  response_stream: () =>
    response_stream({ model, input: [{ role: 'user', content: words }], reasoning: { effort: 'low' } }),
  response_tools: () => response_loop((request) => client.responses.create(request)),
  response_tools_stream: () => response_loop(response_stream),
  chat_forced: () =>
    client.chat.completions.create({
      ...ask,
      tools: [{ type: 'function', function: weather }],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
    }),
  chat_image: () =>
    client.chat.completions.create(chat_about({ type: 'image_url', image_url: { url: picture } }, 'What is this?')),
  chat_document: () =>
    client.chat.completions.create(
      chat_about({ type: 'file', file: { filename: 'notes.txt', file_data: page } }, 'How many lines?'),
    ),
  chat_structured: () =>
    client.chat.completions.create({ ...ask, response_format: { type: 'json_schema', json_schema: format } }),
  response_image: () =>
    client.responses.create(response_about({ type: 'input_image', image_url: picture, detail: 'auto' }, 'What is this?')),
  response_document: () =>
    client.responses.create(
      response_about({ type: 'input_file', filename: 'notes.txt', file_data: page }, 'How many lines?'),
    ),
  response_structured: () =>
    client.responses.create({ model, input: words, text: { format: { type: 'json_schema', ...format } }, store: false }),
  beta: () =>
    client.chat.completions.create({ ...ask, ...invented }, { headers: { 'openai-beta': 'invented=v1' } }),
  embeddings: async () => (await client.embeddings.create({ model, input: 'a line' })).data,
  models: async () => (await client.models.list()).data.map((entry) => entry.id),
};

for (const name of process.argv.slice(2)) {
  try {
    console.log(JSON.stringify({ call: name, value: await calls[name]() }));
  } catch (error) {
    const { status, requestID, code, type, message, error: body } = error;
    const seen = { status, requestID, code, type, body, message };
    console.log(JSON.stringify({ call: name, error: error.constructor.name, ...seen }));
  }
}
