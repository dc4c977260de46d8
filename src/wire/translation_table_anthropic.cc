// The rows of Anthropic Messages. Sources: Anthropic's API reference and SDK types of November 2026, and what the
// clients that we test with send.
#include "wire/translation_table.h"

namespace basin::wire::anthropic_shapes {
namespace {

constexpr Fate kCarried = Fate::carried, kDropped = Fate::dropped, kRefused = Fate::refused;
constexpr std::string_view kVendorRan = "it was made by a tool that ran at the vendor";

constexpr Field kBodyFields[] = {
    {"model", kCarried, kCarried, "replaced by the chosen model"},
    {"max_tokens", kCarried, kCarried, "max_completion_tokens at OpenAI, else max_tokens; at most what the model can"},
    {"system", kCarried, kCarried, "one system message at the front"},
    {"messages", kCarried, kCarried, ""},
    {"tools", kCarried, kCarried, ""},
    {"tool_choice", kCarried, kCarried, ""},
    {"stream", kCarried, kCarried, "with stream_options.include_usage"},
    {"temperature", kCarried, kCarried, ""},
    {"top_p", kCarried, kCarried, ""},
    {"top_k", kCarried, kDropped, "chat completions have no such field"},
    {"stop_sequences", kCarried, kCarried, "stop"},
    {"thinking", kCarried, kCarried, "reasoning_effort; dropped where the model cannot be told"},
    {"output_config", kCarried, kCarried, ""},
    {"metadata", kDropped, kDropped, "who the user is does not go to another server"},
    {"cache_control", kDropped, kDropped, "caching is the server's own matter"},
    {"service_tier", kDropped, kDropped, ""},
    {"speed", kDropped, kDropped, ""},
    {"tags", kDropped, kDropped, ""},
    {"context_management", kDropped, kDropped, "thinking is left out anyway; tool results stay"},
    {"safeguards", kRefused, kRefused,
     "the chosen server does not watch over tool use; send the request without safeguards and check in the client",
     When::filled},
    {"container", kRefused, kRefused, "it names state that is kept at the vendor"},
    {"mcp_servers", kRefused, kRefused, "the vendor's servers are not reached from here", When::filled},
    {"inference_geo", kRefused, kRefused, "the chosen server does not promise where it runs"},
};
constexpr Field kOutputConfigFields[] = {
    {"effort", kCarried, kCarried, "reasoning_effort; dropped where the model cannot be told"},
    {"format", kCarried, kCarried, "response_format; refused where the model cannot be held to a schema"},
    {"task_budget", kDropped, kDropped, ""},
};
constexpr Field kOutputFormatFields[] = {
    {"type", kCarried, kCarried, ""},
    {"schema", kCarried, kCarried, "byte for byte"},
};
constexpr Field kThinkingFields[] = {
    {"type", kCarried, kCarried, "`disabled` is reasoning_effort `none`"},
    {"budget_tokens", kCarried, kCarried, "the effort that is nearest, where no effort is given"},
    {"display", kDropped, kDropped, ""},
};
constexpr Field kToolChoiceFields[] = {
    {"type", kCarried, kCarried, "auto, none, any (`required`), tool"},
    {"name", kCarried, kCarried, ""},
    {"disable_parallel_tool_use", kCarried, kCarried, "parallel_tool_calls: false"},
};
constexpr Field kSystemKindFields[] = {
    {"text", kCarried, kCarried, ""},
    {"x-anthropic-billing-header", kDropped, kDropped, "a first block that begins so is for the vendor's books"},
};
constexpr Field kSystemBlockFields[] = {
    {"type", kCarried, kCarried, ""},
    {"text", kCarried, kCarried, ""},
    {"cache_control", kDropped, kDropped, ""},
    {"citations", kDropped, kDropped, ""},
};
constexpr Field kMessageFields[] = {
    {"role", kCarried, kCarried, "`system` amid a conversation becomes text of the user's turn, in its place"},
    {"content", kCarried, kCarried, ""},
    {"output_config", kCarried, kCarried, "the last one's effort counts"},
};
constexpr Field kBlockKindFields[] = {
    {"text", kCarried, kCarried, "blank ones are left out"},
    {"image", kCarried, kCarried, "refused where the model takes no images"},
    {"document", kCarried, kCarried, "plain text as text; else refused where the model takes no documents"},
    {"search_result", kCarried, kCarried, "as text: title, source, content"},
    {"tool_use", kCarried, kCarried, "arguments byte for byte"},
    {"tool_result", kCarried, kCarried, "a tool message each; images in the user's message after them"},
    {"tool_reference", kCarried, kCarried, "as text; the tool that it names is told to the model"},
    {"compaction", kCarried, kCarried, "its summary as text"},
    {"thinking", kDropped, kDropped, "bound to the model that made it"},
    {"redacted_thinking", kDropped, kDropped, "bound to the model that made it"},
    {"server_tool_use", kRefused, kRefused, kVendorRan},
    {"mcp_tool_use", kRefused, kRefused, kVendorRan},
    {"mcp_tool_result", kRefused, kRefused, kVendorRan},
    {"web_search_tool_result", kRefused, kRefused, kVendorRan},
    {"web_fetch_tool_result", kRefused, kRefused, kVendorRan},
    {"code_execution_tool_result", kRefused, kRefused, kVendorRan},
    {"bash_code_execution_tool_result", kRefused, kRefused, kVendorRan},
    {"text_editor_code_execution_tool_result", kRefused, kRefused, kVendorRan},
    {"tool_search_tool_result", kRefused, kRefused, kVendorRan},
    {"container_upload", kRefused, kRefused, "the file is kept at the vendor"},
};
constexpr Field kBlockFields[] = {
    {"type", kCarried, kCarried, ""},
    {"text", kCarried, kCarried, ""},
    {"source", kCarried, kCarried, "a file id is refused: the file is kept at the vendor"},
    {"title", kCarried, kCarried, "the file's name"},
    {"id", kCarried, kCarried, ""},
    {"name", kCarried, kCarried, ""},
    {"input", kCarried, kCarried, ""},
    {"tool_use_id", kCarried, kCarried, ""},
    {"content", kCarried, kCarried, ""},
    {"is_error", kCarried, kCarried, "told in words"},
    {"tool_name", kCarried, kCarried, ""},
    {"cache_control", kDropped, kDropped, ""},
    {"citations", kDropped, kDropped, ""},
    {"context", kDropped, kDropped, ""},
    {"caller", kDropped, kDropped, ""},
};
constexpr Field kToolKindFields[] = {
    {"custom", kCarried, kCarried, "also where no type is given"},
    {"bash_*", kRefused, kRefused, "only the vendor's own models know this tool; give it a name and a schema"},
    {"text_editor_*", kRefused, kRefused, "only the vendor's own models know this tool; give it a name and a schema"},
    {"computer_*", kRefused, kRefused, "only the vendor's own models know this tool; give it a name and a schema"},
    {"memory_*", kRefused, kRefused, "only the vendor's own models know this tool; give it a name and a schema"},
    {"web_search_*", kRefused, kRefused, "it runs at the vendor"},
    {"web_fetch_*", kRefused, kRefused, "it runs at the vendor"},
    {"code_execution_*", kRefused, kRefused, "it runs at the vendor"},
    {"tool_search_tool_*", kRefused, kRefused, "it runs at the vendor"},
    {"mcp_toolset", kRefused, kRefused, "it runs at the vendor"},
};
constexpr Field kToolFields[] = {
    {"type", kCarried, kCarried, ""},
    {"name", kCarried, kCarried, ""},
    {"description", kCarried, kCarried, ""},
    {"input_schema", kCarried, kCarried, "byte for byte"},
    {"strict", kCarried, kCarried, "where it is true"},
    {"defer_loading", kDropped, kDropped, "the whole tool, unless a tool_reference has named it"},
    {"eager_input_streaming", kDropped, kDropped, ""},
    {"cache_control", kDropped, kDropped, ""},
    {"allowed_callers", kDropped, kDropped, ""},
    {"input_examples", kDropped, kDropped, ""},
};

}  // namespace

constinit const Shape kBody = {"", "", kDropped, kBodyFields};
constinit const Shape kOutputConfig = {"output_config.", "", kDropped, kOutputConfigFields};
constinit const Shape kOutputFormat = {"output_config.format.", "", kDropped, kOutputFormatFields};
constinit const Shape kThinking = {"thinking.", "", kDropped, kThinkingFields};
constinit const Shape kToolChoice = {"tool_choice.", "", kDropped, kToolChoiceFields};
constinit const Shape kSystemKinds = {"system[", "]", kRefused, kSystemKindFields};
constinit const Shape kSystemBlock = {"system[].", "", kDropped, kSystemBlockFields};
constinit const Shape kMessage = {"messages[].", "", kDropped, kMessageFields};
constinit const Shape kBlockKinds = {"content[", "]", kRefused, kBlockKindFields};
constinit const Shape kBlock = {"content[].", "", kDropped, kBlockFields};
constinit const Shape kToolKinds = {"tools[", "]", kRefused, kToolKindFields};
constinit const Shape kTool = {"tools[].", "", kDropped, kToolFields};

}  // namespace basin::wire::anthropic_shapes
