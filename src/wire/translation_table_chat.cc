// The rows of OpenAI chat completions. Sources: OpenAI's SDK types of November 2026, and what routers and local servers
// add to them.
#include "wire/translation_table.h"

namespace basin::wire::chat_shapes {
namespace {

constexpr Fate kCarried = Fate::carried, kDropped = Fate::dropped, kRefused = Fate::refused;

constexpr Field kBodyFields[] = {
    {"model", kCarried, kCarried, "replaced by the chosen model"},
    {"messages", kCarried, kCarried, ""},
    {"max_completion_tokens", kCarried, kCarried, "max_tokens; at most what the model can"},
    {"max_tokens", kCarried, kCarried, "as max_completion_tokens, which counts where both stand"},
    {"tools", kCarried, kCarried, ""},
    {"functions", kCarried, kCarried, "tools"},
    {"tool_choice", kCarried, kCarried, ""},
    {"function_call", kCarried, kCarried, "tool_choice"},
    {"parallel_tool_calls", kCarried, kCarried, "tool_choice.disable_parallel_tool_use, where it is false"},
    {"response_format", kCarried, kCarried, "output_config.format; `json_object` in words, which Anthropic has not"},
    {"reasoning_effort", kCarried, kCarried,
     "thinking and output_config.effort; dropped where the model cannot be told"},
    {"temperature", kCarried, kCarried, "at most 1 for Anthropic; dropped where it is to think, which fixes it there"},
    {"top_p", kCarried, kCarried, ""},
    {"stop", kCarried, kCarried, "stop_sequences; Anthropic takes none of white space only: refused"},
    {"stream", kCarried, kCarried, ""},
    {"stream_options", kCarried, kCarried, ""},
    {"presence_penalty", kDropped, kCarried, "Anthropic has no such field"},
    {"frequency_penalty", kDropped, kCarried, "Anthropic has no such field"},
    {"seed", kDropped, kCarried, "Anthropic has no such field"},
    {"n", kRefused, kRefused, "one answer at a time; ask again for another", When::above_one},
    {"logprobs", kRefused, kRefused, "the chosen server gives no probabilities", When::is_true},
    {"top_logprobs", kRefused, kRefused, "the chosen server gives no probabilities", When::above_zero},
    {"logit_bias", kRefused, kRefused, "its numbers are another model's tokens", When::filled},
    {"modalities", kRefused, kRefused, "the chosen model does not speak", When::holds_audio},
    {"audio", kRefused, kRefused, "the chosen model does not speak"},
    {"web_search_options", kRefused, kRefused, "the search runs at the vendor"},
    {"prediction", kDropped, kDropped, "it changes the speed only"},
    {"store", kDropped, kDropped, ""},
    {"metadata", kDropped, kDropped, ""},
    {"user", kDropped, kDropped, "who the user is does not go to another server"},
    {"safety_identifier", kDropped, kDropped, "who the user is does not go to another server"},
    {"prompt_cache_key", kDropped, kDropped, "caching is the server's own matter"},
    {"prompt_cache_retention", kDropped, kDropped, "caching is the server's own matter"},
    {"service_tier", kDropped, kDropped, ""},
    {"verbosity", kDropped, kDropped, ""},
};
constexpr Field kStreamOptionsFields[] = {
    {"include_usage", kCarried, kCarried, "usage is always asked for, and kept from a client that did not ask"},
    {"include_obfuscation", kDropped, kDropped, ""},
};
constexpr Field kFormatKindFields[] = {
    {"text", kCarried, kCarried, ""},
    {"json_object", kCarried, kCarried, "Anthropic: in words, at the end of the system prompt"},
    {"json_schema", kCarried, kCarried, "refused where the model cannot be held to a schema"},
};
constexpr Field kJsonSchemaFields[] = {
    {"schema", kCarried, kCarried, "byte for byte"},
    {"name", kDropped, kCarried, ""},
    {"strict", kDropped, kCarried, "Anthropic always is"},
    {"description", kDropped, kDropped, ""},
};
constexpr Field kToolChoiceKindFields[] = {
    {"auto", kCarried, kCarried, ""},
    {"none", kCarried, kCarried, ""},
    {"required", kCarried, kCarried, "any"},
    {"function", kCarried, kCarried, ""},
    {"custom", kCarried, kCarried, ""},
    {"allowed_tools", kRefused, kRefused, "give only the allowed ones in tools"},
};
constexpr Field kMessageFields[] = {
    {"role", kCarried, kCarried, "`system` and `developer` at the front are the system prompt, later ones user's text"},
    {"content", kCarried, kCarried, ""},
    {"tool_calls", kCarried, kCarried, ""},
    {"tool_call_id", kCarried, kCarried, ""},
    {"function_call", kCarried, kCarried, "a tool call with an id of ours"},
    {"refusal", kCarried, kCarried, "as text"},
    {"name", kDropped, kDropped, ""},
    {"audio", kRefused, kRefused, "the chosen model does not hear"},
    {"reasoning_content", kDropped, kDropped, "thinking stays with the model that made it"},
    {"reasoning", kDropped, kDropped, "thinking stays with the model that made it"},
    {"reasoning_details", kDropped, kDropped, "thinking stays with the model that made it"},
    {"annotations", kDropped, kDropped, ""},
};
constexpr Field kCallFields[] = {
    {"id", kCarried, kCarried, "other characters than Anthropic's are replaced, the same ones always by the same"},
    {"type", kCarried, kCarried, ""},
    {"function", kCarried, kCarried, "arguments byte for byte where they are an object, else as {\"arguments\": text}"},
    {"custom", kCarried, kCarried, "as a function of {\"input\": text}"},
    {"index", kDropped, kDropped, ""},
};
constexpr Field kPartKindFields[] = {
    {"text", kCarried, kCarried, "blank ones are left out"},
    {"image_url", kCarried, kCarried, "refused where the model takes no images"},
    {"file", kCarried, kCarried, "refused where the model takes no documents"},
    {"refusal", kCarried, kCarried, "as text"},
    {"input_audio", kRefused, kRefused, "the chosen model does not hear"},
};
constexpr Field kPartFields[] = {
    {"type", kCarried, kCarried, ""}, {"text", kCarried, kCarried, ""},    {"image_url", kCarried, kCarried, ""},
    {"file", kCarried, kCarried, ""}, {"refusal", kCarried, kCarried, ""}, {"cache_control", kDropped, kDropped, ""},
};
constexpr Field kImageFields[] = {
    {"url", kCarried, kCarried, ""},
    {"detail", kDropped, kDropped, ""},
};
constexpr Field kFileFields[] = {
    {"file_data", kCarried, kCarried, "PDF only"},
    {"filename", kCarried, kCarried, ""},
    {"file_id", kRefused, kRefused, "the file is kept at the vendor; send its data"},
};
constexpr Field kToolKindFields[] = {
    {"function", kCarried, kCarried, ""},
    {"custom", kCarried, kCarried, "as a function of {\"input\": text}"},
};
constexpr Field kToolFields[] = {
    {"type", kCarried, kCarried, ""},
    {"function", kCarried, kCarried, ""},
    {"custom", kCarried, kCarried, ""},
    {"cache_control", kDropped, kDropped, ""},
};
constexpr Field kFunctionFields[] = {
    {"name", kCarried, kCarried, ""},
    {"description", kCarried, kCarried, ""},
    {"parameters", kCarried, kCarried, "byte for byte; Anthropic's needs a type, which is added where it is missing"},
    {"strict", kCarried, kCarried, "where it is true"},
};
constexpr Field kCustomFields[] = {
    {"name", kCarried, kCarried, ""},
    {"description", kCarried, kCarried, ""},
    {"format", kDropped, kDropped, "the text is not held to a grammar"},
};

}  // namespace

constinit const Shape kBody = {"", "", kDropped, kBodyFields};
constinit const Shape kStreamOptions = {"stream_options.", "", kDropped, kStreamOptionsFields};
constinit const Shape kFormatKinds = {"response_format[", "]", kRefused, kFormatKindFields};
constinit const Shape kJsonSchema = {"response_format.json_schema.", "", kDropped, kJsonSchemaFields};
constinit const Shape kToolChoiceKinds = {"tool_choice[", "]", kRefused, kToolChoiceKindFields};
constinit const Shape kMessage = {"messages[].", "", kDropped, kMessageFields};
constinit const Shape kCall = {"tool_calls[].", "", kDropped, kCallFields};
constinit const Shape kPartKinds = {"content[", "]", kRefused, kPartKindFields};
constinit const Shape kPart = {"content[].", "", kDropped, kPartFields};
constinit const Shape kImage = {"content[].image_url.", "", kDropped, kImageFields};
constinit const Shape kFile = {"content[].file.", "", kDropped, kFileFields};
constinit const Shape kToolKinds = {"tools[", "]", kRefused, kToolKindFields};
constinit const Shape kTool = {"tools[].", "", kDropped, kToolFields};
constinit const Shape kFunction = {"tools[].function.", "", kDropped, kFunctionFields};
constinit const Shape kCustom = {"tools[].custom.", "", kDropped, kCustomFields};

}  // namespace basin::wire::chat_shapes
