// The rows of OpenAI Responses, with the whole conversation in `input`. Sources: OpenAI's SDK types of November 2026,
// and what Codex and the AI SDK send.
#include "wire/translation_table.h"

namespace basin::wire::responses_shapes {
namespace {

constexpr Fate kCarried = Fate::carried, kDropped = Fate::dropped, kRefused = Fate::refused;
constexpr std::string_view kVendorRan = "it was made by a tool that ran at the vendor";
constexpr std::string_view kAtVendor = "it runs at the vendor";
constexpr std::string_view kKept = "the conversation is not kept here; send all of it in input";

constexpr Field kBodyFields[] = {
    {"model", kCarried, kCarried, "replaced by the chosen model"},
    {"input", kCarried, kCarried, ""},
    {"instructions", kCarried, kCarried, "the front of the system prompt"},
    {"tools", kCarried, kCarried, ""},
    {"tool_choice", kCarried, kCarried, ""},
    {"parallel_tool_calls", kCarried, kCarried,
     "tool_choice.disable_parallel_tool_use for Anthropic, where it is false"},
    {"reasoning", kCarried, kCarried, ""},
    {"text", kCarried, kCarried, ""},
    {"max_output_tokens", kCarried, kCarried, "max_tokens; at most what the model can"},
    {"stream", kCarried, kCarried, "with stream_options.include_usage for chat completions"},
    {"temperature", kCarried, kCarried, "at most 1 for Anthropic; dropped where it is to think, which fixes it there"},
    {"top_p", kCarried, kCarried, ""},
    {"previous_response_id", kRefused, kRefused, kKept},
    {"conversation", kRefused, kRefused, kKept},
    {"prompt", kRefused, kRefused, "a stored prompt is kept at the vendor; send its text"},
    {"background", kRefused, kRefused, "answers are given while the client waits", When::is_true},
    {"top_logprobs", kRefused, kRefused, "the chosen server gives no probabilities", When::above_zero},
    {"include", kRefused, kRefused, "the chosen server gives no probabilities", When::holds_logprobs},
    {"max_tool_calls", kDropped, kDropped, "it counts calls of tools that run at the vendor"},
    {"store", kDropped, kDropped, "nothing is stored"},
    {"metadata", kDropped, kDropped, ""},
    {"client_metadata", kDropped, kDropped, ""},
    {"user", kDropped, kDropped, "who the user is does not go to another server"},
    {"safety_identifier", kDropped, kDropped, "who the user is does not go to another server"},
    {"prompt_cache_key", kDropped, kDropped, "caching is the server's own matter"},
    {"prompt_cache_retention", kDropped, kDropped, "caching is the server's own matter"},
    {"service_tier", kDropped, kDropped, ""},
    {"truncation", kDropped, kDropped, "nothing is truncated"},
    {"context_management", kDropped, kDropped, ""},
    {"stream_options", kDropped, kDropped, ""},
};
constexpr Field kReasoningFields[] = {
    {"effort", kCarried, kCarried,
     "reasoning_effort, or thinking and output_config.effort; dropped where not to be told"},
    {"summary", kDropped, kDropped, ""},
    {"generate_summary", kDropped, kDropped, ""},
};
constexpr Field kTextFields[] = {
    {"format", kCarried, kCarried, ""},
    {"verbosity", kDropped, kDropped, ""},
};
constexpr Field kFormatKindFields[] = {
    {"text", kCarried, kCarried, ""},
    {"json_object", kCarried, kCarried, "Anthropic: in words, at the end of the system prompt"},
    {"json_schema", kCarried, kCarried, "refused where the model cannot be held to a schema"},
};
constexpr Field kFormatFields[] = {
    {"type", kCarried, kCarried, ""},        {"schema", kCarried, kCarried, "byte for byte"},
    {"name", kDropped, kCarried, ""},        {"strict", kDropped, kCarried, "Anthropic always is"},
    {"description", kDropped, kDropped, ""},
};
constexpr Field kToolChoiceKindFields[] = {
    {"auto", kCarried, kCarried, ""},
    {"none", kCarried, kCarried, ""},
    {"required", kCarried, kCarried, "any, for Anthropic"},
    {"function", kCarried, kCarried, ""},
    {"custom", kCarried, kCarried, ""},
    {"allowed_tools", kRefused, kRefused, "give only the allowed ones in tools"},
};
constexpr Field kItemKindFields[] = {
    {"message", kCarried, kCarried,
     "also where no type is given; those of one side that follow one another are one turn"},
    {"function_call", kCarried, kCarried, "arguments byte for byte"},
    {"function_call_output", kCarried, kCarried, "images in the user's message after it, for chat completions"},
    {"custom_tool_call", kCarried, kCarried, "as a function of {\"input\": text}"},
    {"custom_tool_call_output", kCarried, kCarried, ""},
    {"reasoning", kDropped, kDropped, "bound to the model that made it"},
    {"web_search_call", kDropped, kDropped, "the item tells only what was searched"},
    {"item_reference", kDropped, kDropped, "one to reasoning (`rs_...`); any other is refused"},
    {"compaction", kRefused, kRefused, "only the model that made it can read it"},
    {"file_search_call", kRefused, kRefused, kVendorRan},
    {"code_interpreter_call", kRefused, kRefused, kVendorRan},
    {"computer_call", kRefused, kRefused, kVendorRan},
    {"computer_call_output", kRefused, kRefused, kVendorRan},
    {"image_generation_call", kRefused, kRefused, kVendorRan},
    {"mcp_*", kRefused, kRefused, kVendorRan},
    {"tool_search_*", kRefused, kRefused, kVendorRan},
    {"local_shell_*", kRefused, kRefused, "only the vendor's own models know this tool"},
    {"shell_*", kRefused, kRefused, "only the vendor's own models know this tool"},
    {"apply_patch_*", kRefused, kRefused, "only the vendor's own models know this tool"},
};
constexpr Field kItemFields[] = {
    {"type", kCarried, kCarried, ""},
    {"role", kCarried, kCarried, "`system` and `developer` at the front are the system prompt, later ones user's text"},
    {"content", kCarried, kCarried, ""},
    {"call_id", kCarried, kCarried, "as the id of the call"},
    {"name", kCarried, kCarried, ""},
    {"arguments", kCarried, kCarried, ""},
    {"input", kCarried, kCarried, ""},
    {"output", kCarried, kCarried, ""},
    {"id", kDropped, kDropped, ""},
    {"status", kDropped, kDropped, ""},
    {"phase", kDropped, kDropped, ""},
    {"namespace", kDropped, kDropped, ""},
    {"internal_chat_message_metadata_passthrough", kDropped, kDropped, ""},
};
constexpr Field kPartKindFields[] = {
    {"input_text", kCarried, kCarried, "blank ones are left out"},
    {"output_text", kCarried, kCarried, "blank ones are left out"},
    {"text", kCarried, kCarried, "blank ones are left out"},
    {"refusal", kCarried, kCarried, "as text"},
    {"input_image", kCarried, kCarried, "refused where the model takes no images"},
    {"input_file", kCarried, kCarried, "refused where the model takes no documents"},
    {"input_audio", kRefused, kRefused, "the chosen model does not hear"},
};
constexpr Field kPartFields[] = {
    {"type", kCarried, kCarried, ""},
    {"text", kCarried, kCarried, ""},
    {"refusal", kCarried, kCarried, ""},
    {"image_url", kCarried, kCarried, ""},
    {"file_data", kCarried, kCarried, "PDF only"},
    {"filename", kCarried, kCarried, ""},
    {"file_url", kCarried, kRefused, "chat completions take no documents by URL; send its data"},
    {"file_id", kRefused, kRefused, "the file is kept at the vendor; send its data"},
    {"detail", kDropped, kDropped, ""},
    {"annotations", kDropped, kDropped, ""},
    {"logprobs", kDropped, kDropped, ""},
};
constexpr Field kToolKindFields[] = {
    {"function", kCarried, kCarried, ""},
    {"custom", kCarried, kCarried, "as a function of {\"input\": text}"},
    {"namespace", kDropped, kDropped, "Codex offers its agents so in every request; refused where it is the only tool"},
    {"web_search*", kDropped, kDropped, "Codex offers it in every request; refused where it is the only tool"},
    {"file_search", kRefused, kRefused, kAtVendor},
    {"code_interpreter", kRefused, kRefused, kAtVendor},
    {"computer*", kRefused, kRefused, kAtVendor},
    {"image_generation", kRefused, kRefused, kAtVendor},
    {"mcp", kRefused, kRefused, kAtVendor},
    {"tool_search", kRefused, kRefused, kAtVendor},
    {"local_shell", kRefused, kRefused, "only the vendor's own models know this tool; give it a name and a schema"},
    {"shell", kRefused, kRefused, "only the vendor's own models know this tool; give it a name and a schema"},
    {"apply_patch", kRefused, kRefused, "only the vendor's own models know this tool; give it a name and a schema"},
};
constexpr Field kToolFields[] = {
    {"type", kCarried, kCarried, ""},
    {"name", kCarried, kCarried, ""},
    {"description", kCarried, kCarried, ""},
    {"parameters", kCarried, kCarried, "byte for byte; Anthropic's needs a type, which is added where it is missing"},
    {"strict", kCarried, kCarried, "where it is true"},
    {"format", kDropped, kDropped, "the text is not held to a grammar"},
    {"defer_loading", kDropped, kDropped, ""},
};

}  // namespace

constinit const Shape kBody = {"", "", kDropped, kBodyFields};
constinit const Shape kReasoning = {"reasoning.", "", kDropped, kReasoningFields};
constinit const Shape kText = {"text.", "", kDropped, kTextFields};
constinit const Shape kFormatKinds = {"text.format[", "]", kRefused, kFormatKindFields};
constinit const Shape kFormat = {"text.format.", "", kDropped, kFormatFields};
constinit const Shape kToolChoiceKinds = {"tool_choice[", "]", kRefused, kToolChoiceKindFields};
constinit const Shape kItemKinds = {"input[", "]", kRefused, kItemKindFields};
constinit const Shape kItem = {"input[].", "", kDropped, kItemFields};
constinit const Shape kPartKinds = {"content[", "]", kRefused, kPartKindFields};
constinit const Shape kPart = {"content[].", "", kDropped, kPartFields};
constinit const Shape kToolKinds = {"tools[", "]", kRefused, kToolKindFields};
constinit const Shape kTool = {"tools[].", "", kDropped, kToolFields};

}  // namespace basin::wire::responses_shapes
