// The table: public facts, one source per row; what is not public is left out, not guessed.
//
// A name tells a model by its words, since servers, hubs and benchmarks spell the same model in a dozen ways. Letters
// and digits are words of their own: "Qwen2.5-72B-Instruct", "qwen-2.5-72b" and "qwen2.5:72b" all hold "qwen 2 5 72 b".
#include "upstream/known_models.h"

#include <algorithm>
#include <array>
#include <string>

namespace basin::upstream {
namespace {

// clang-format off: a table
constexpr std::array kKnown = std::to_array<KnownModel>({
    // pattern, generation, released, billions, active, d_model, layers, sold, source
    {"llama 2 7 b", "llama-2", 2023.55, 6.7, 6.7, 4096, 32, Sold::open, "meta-llama/Llama-2-7b-hf"},
    {"llama 2 13 b", "llama-2", 2023.55, 13, 13, 5120, 40, Sold::open, "meta-llama/Llama-2-13b-hf"},
    {"llama 2 70 b", "llama-2", 2023.55, 69, 69, 8192, 80, Sold::open, "meta-llama/Llama-2-70b-hf"},
    {"llama 3 8 b", "llama-3", 2024.30, 8, 8, 4096, 32, Sold::open, "meta-llama/Meta-Llama-3-8B"},
    {"llama 3 70 b", "llama-3", 2024.30, 70.6, 70.6, 8192, 80, Sold::open, "meta-llama/Meta-Llama-3-70B"},
    {"llama 3 1 8 b", "llama-3.1", 2024.56, 8, 8, 4096, 32, Sold::open, "meta-llama/Llama-3.1-8B"},
    {"llama 3 1 70 b", "llama-3.1", 2024.56, 70.6, 70.6, 8192, 80, Sold::open, "meta-llama/Llama-3.1-70B"},
    {"llama 3 1 405 b", "llama-3.1", 2024.56, 405.9, 405.9, 16384, 126, Sold::open, "meta-llama/Llama-3.1-405B"},
    {"llama 31 8 b", "llama-3.1", 2024.56, 8, 8, 4096, 32, Sold::open, "meta-llama/Llama-3.1-8B"},
    {"llama 31 70 b", "llama-3.1", 2024.56, 70.6, 70.6, 8192, 80, Sold::open, "meta-llama/Llama-3.1-70B"},
    {"llama 31 405 b", "llama-3.1", 2024.56, 405.9, 405.9, 16384, 126, Sold::open, "meta-llama/Llama-3.1-405B"},
    {"llama 3 2 1 b", "llama-3.2", 2024.73, 1.24, 1.24, 2048, 16, Sold::open, "meta-llama/Llama-3.2-1B"},
    {"llama 3 2 3 b", "llama-3.2", 2024.73, 3.21, 3.21, 3072, 28, Sold::open, "meta-llama/Llama-3.2-3B"},
    {"llama 3 3 70 b", "llama-3.3", 2024.93, 70.6, 70.6, 8192, 80, Sold::open, "meta-llama/Llama-3.3-70B-Instruct"},
    {"llama 3 chatqa 1 5 8 b", "chatqa-1.5", 2024.34, 8, 8, 4096, 32, Sold::open, "nvidia/Llama3-ChatQA-1.5-8B"},
    {"llama 3 chatqa 1 5 70 b", "chatqa-1.5", 2024.34, 70.6, 70.6, 8192, 80, Sold::open,
     "nvidia/Llama3-ChatQA-1.5-70B"},
    {"llama 3 1 nemotron 70 b", "nemotron-3.1", 2024.79, 70.6, 70.6, 8192, 80, Sold::open,
     "nvidia/Llama-3.1-Nemotron-70B-Instruct-HF"},
    {"llama 3 1 nemotron 51 b", "nemotron-3.1", 2024.73, 51.5, 51.5, 8192, 80, Sold::open,
     "nvidia/Llama-3_1-Nemotron-51B-Instruct"},
    {"llama 3 3 nemotron super 49 b", "nemotron-3.3", 2025.21, 49.9, 49.9, 8192, 80, Sold::open,
     "nvidia/Llama-3_3-Nemotron-Super-49B-v1"},
    {"nemotron 4 340 b", "nemotron-4", 2024.45, 340, 340, 18432, 96, Sold::open, "nvidia/Nemotron-4-340B-Instruct"},
    {"tulu 3 70 b", "tulu-3", 2024.89, 70.6, 70.6, 8192, 80, Sold::open, "allenai/Llama-3.1-Tulu-3-70B"},
    {"athene 70 b", "llama-3", 2024.56, 70.6, 70.6, 8192, 80, Sold::open, "Nexusflow/Athene-70B"},
    {"athene v 2", "qwen2.5", 2024.87, 72.7, 72.7, 8192, 80, Sold::open, "Nexusflow/Athene-V2-Chat"},
    {"mistral 7 b", "mistral-7b", 2023.74, 7.24, 7.24, 4096, 32, Sold::open, "mistralai/Mistral-7B-v0.1"},
    {"mistral 7 b v 0 2", "mistral-7b", 2023.95, 7.24, 7.24, 4096, 32, Sold::open,
     "mistralai/Mistral-7B-Instruct-v0.2"},
    {"mistral 7 b instruct v 0 2", "mistral-7b", 2023.95, 7.24, 7.24, 4096, 32, Sold::open,
     "mistralai/Mistral-7B-Instruct-v0.2"},
    {"mistral 7 b instruct v 0 3", "mistral-7b", 2024.39, 7.25, 7.25, 4096, 32, Sold::open,
     "mistralai/Mistral-7B-Instruct-v0.3"},
    {"mixtral 8 x 7 b", "mixtral", 2023.94, 46.7, 12.9, 4096, 32, Sold::open, "mistralai/Mixtral-8x7B-v0.1"},
    {"mixtral 8 x 22 b", "mixtral", 2024.29, 140.6, 39.1, 6144, 56, Sold::open, "mistralai/Mixtral-8x22B-v0.1"},
    {"mathstral 7 b", "mistral-7b", 2024.54, 7.25, 7.25, 4096, 32, Sold::open, "mistralai/Mathstral-7B-v0.1"},
    {"mistral nemo", "mistral-2024", 2024.55, 12.2, 12.2, 5120, 40, Sold::open, "mistralai/Mistral-Nemo-Instruct-2407"},
    {"mistral large 2407", "mistral-2024", 2024.56, 122.6, 122.6, 12288, 88, Sold::open,
     "mistralai/Mistral-Large-Instruct-2407"},
    {"mistral large 2", "mistral-2024", 2024.56, 122.6, 122.6, 12288, 88, Sold::open,
     "mistralai/Mistral-Large-Instruct-2407"},
    {"mistral large instruct 2407", "mistral-2024", 2024.56, 122.6, 122.6, 12288, 88, Sold::open,
     "mistralai/Mistral-Large-Instruct-2407"},
    {"mistral large 2411", "mistral-2024", 2024.88, 122.6, 122.6, 12288, 88, Sold::open,
     "mistralai/Mistral-Large-Instruct-2411"},
    {"mistral small instruct 2409", "mistral-2024", 2024.71, 22.2, 22.2, 6144, 56, Sold::open,
     "mistralai/Mistral-Small-Instruct-2409"},
    {"codestral 22 b", "mistral-2024", 2024.41, 22.2, 22.2, 6144, 56, Sold::open, "mistralai/Codestral-22B-v0.1"},
    {"wizardlm 2 7 b", "wizardlm-2", 2024.29, 7.24, 7.24, 4096, 32, Sold::open, "microsoft/WizardLM-2-7B"},
    {"wizardlm 2 8 x 22 b", "wizardlm-2", 2024.29, 140.6, 39.1, 6144, 56, Sold::open, "microsoft/WizardLM-2-8x22B"},
    {"gemma 2 b", "gemma", 2024.15, 2.5, 2.5, 2048, 18, Sold::open, "google/gemma-2b"},
    {"gemma 7 b", "gemma", 2024.15, 8.5, 8.5, 3072, 28, Sold::open, "google/gemma-7b"},
    {"codegemma 7 b", "gemma", 2024.27, 8.5, 8.5, 3072, 28, Sold::open, "google/codegemma-7b"},
    {"gemma 2 2 b", "gemma-2", 2024.58, 2.6, 2.6, 2304, 26, Sold::open, "google/gemma-2-2b-it"},
    {"gemma 2 9 b", "gemma-2", 2024.49, 9.24, 9.24, 3584, 42, Sold::open, "google/gemma-2-9b-it"},
    {"gemma 2 27 b", "gemma-2", 2024.49, 27.2, 27.2, 4608, 46, Sold::open, "google/gemma-2-27b-it"},
    {"phi 3 mini", "phi-3", 2024.31, 3.82, 3.82, 3072, 32, Sold::open, "microsoft/Phi-3-mini-4k-instruct"},
    {"phi 3 medium", "phi-3", 2024.39, 14, 14, 5120, 40, Sold::open, "microsoft/Phi-3-medium-4k-instruct"},
    {"phi 3 5 mini", "phi-3", 2024.63, 3.82, 3.82, 3072, 32, Sold::open, "microsoft/Phi-3.5-mini-instruct"},
    {"phi 4 mini", "phi-4", 2025.15, 3.84, 3.84, 3072, 32, Sold::open, "microsoft/Phi-4-mini-instruct"},
    {"phi 4", "phi-4", 2024.95, 14.7, 14.7, 5120, 40, Sold::open, "microsoft/phi-4"},
    {"qwen 1 5 7 b", "qwen1.5", 2024.10, 7.7, 7.7, 4096, 32, Sold::open, "Qwen/Qwen1.5-7B-Chat"},
    {"qwen 1 5 32 b", "qwen1.5", 2024.10, 32.5, 32.5, 5120, 64, Sold::open, "Qwen/Qwen1.5-32B-Chat"},
    {"qwen 1 5 72 b", "qwen1.5", 2024.10, 72.3, 72.3, 8192, 80, Sold::open, "Qwen/Qwen1.5-72B-Chat"},
    {"qwen 1 5 110 b", "qwen1.5", 2024.10, 111.2, 111.2, 8192, 80, Sold::open, "Qwen/Qwen1.5-110B-Chat"},
    {"qwen 2 7 b", "qwen2", 2024.43, 7.6, 7.6, 3584, 28, Sold::open, "Qwen/Qwen2-7B-Instruct"},
    {"qwen 2 72 b", "qwen2", 2024.43, 72.7, 72.7, 8192, 80, Sold::open, "Qwen/Qwen2-72B-Instruct"},
    {"qwen 2 5 0 5 b", "qwen2.5", 2024.72, 0.49, 0.49, 896, 24, Sold::open, "Qwen/Qwen2.5-0.5B-Instruct"},
    {"qwen 2 5 1 5 b", "qwen2.5", 2024.72, 1.54, 1.54, 1536, 28, Sold::open, "Qwen/Qwen2.5-1.5B-Instruct"},
    {"qwen 2 5 3 b", "qwen2.5", 2024.72, 3.09, 3.09, 2048, 36, Sold::open, "Qwen/Qwen2.5-3B-Instruct"},
    {"qwen 2 5 7 b", "qwen2.5", 2024.72, 7.6, 7.6, 3584, 28, Sold::open, "Qwen/Qwen2.5-7B-Instruct"},
    {"qwen 2 5 14 b", "qwen2.5", 2024.72, 14.8, 14.8, 5120, 48, Sold::open, "Qwen/Qwen2.5-14B-Instruct"},
    {"qwen 2 5 32 b", "qwen2.5", 2024.72, 32.8, 32.8, 5120, 64, Sold::open, "Qwen/Qwen2.5-32B-Instruct"},
    {"qwen 2 5 72 b", "qwen2.5", 2024.72, 72.7, 72.7, 8192, 80, Sold::open, "Qwen/Qwen2.5-72B-Instruct"},
    {"qwq 32 b", "qwq", 2024.91, 32.8, 32.8, 5120, 64, Sold::open, "Qwen/QwQ-32B-Preview"},
    {"sky t 1 32 b", "qwq", 2025.03, 32.8, 32.8, 5120, 64, Sold::open, "NovaSky-AI/Sky-T1-32B-Preview"},
    {"codeqwen 1 5 7 b", "qwen1.5", 2024.29, 7.25, 7.25, 4096, 32, Sold::open, "Qwen/CodeQwen1.5-7B-Chat"},
    {"yi 6 b", "yi", 2023.84, 6.06, 6.06, 4096, 32, Sold::open, "01-ai/Yi-6B"},
    {"yi 34 b", "yi", 2023.84, 34.4, 34.4, 7168, 60, Sold::open, "01-ai/Yi-34B"},
    {"yi 1 5 9 b", "yi-1.5", 2024.36, 8.83, 8.83, 4096, 48, Sold::open, "01-ai/Yi-1.5-9B-Chat"},
    {"yi 1 5 34 b", "yi-1.5", 2024.36, 34.4, 34.4, 7168, 60, Sold::open, "01-ai/Yi-1.5-34B-Chat"},
    {"yi coder 9 b", "yi-1.5", 2024.67, 8.83, 8.83, 4096, 48, Sold::open, "01-ai/Yi-Coder-9B-Chat"},
    {"command r v 01", "command-r", 2024.19, 35, 35, 8192, 40, Sold::open, "CohereForAI/c4ai-command-r-v01"},
    {"command r plus v 01", "command-r", 2024.26, 103.8, 103.8, 12288, 64, Sold::open,
     "CohereForAI/c4ai-command-r-plus"},
    {"command r 08 2024", "command-r-08", 2024.66, 32.3, 32.3, 8192, 40, Sold::open,
     "CohereForAI/c4ai-command-r-08-2024"},
    {"command r plus 08 2024", "command-r-08", 2024.66, 103.8, 103.8, 12288, 64, Sold::open,
     "CohereForAI/c4ai-command-r-plus-08-2024"},
    {"command r 7 b", "command-r7b", 2024.95, 8, 8, 4096, 32, Sold::open, "CohereForAI/c4ai-command-r7b-12-2024"},
    {"aya 23 8 b", "aya-23", 2024.39, 8, 8, 4096, 32, Sold::open, "CohereForAI/aya-23-8B"},
    {"aya 23 35 b", "aya-23", 2024.39, 35, 35, 8192, 40, Sold::open, "CohereForAI/aya-23-35B"},
    {"deepseek v 2", "deepseek-v2", 2024.35, 235.7, 21, 5120, 60, Sold::open, "deepseek-ai/DeepSeek-V2"},
    {"deepseek v 2 lite", "deepseek-v2", 2024.37, 15.7, 2.4, 2048, 27, Sold::open, "deepseek-ai/DeepSeek-V2-Lite"},
    {"deepseek coder v 2", "deepseek-v2", 2024.46, 235.7, 21, 5120, 60, Sold::open,
     "deepseek-ai/DeepSeek-Coder-V2-Instruct"},
    {"deepseek coder v 2 lite", "deepseek-v2", 2024.46, 15.7, 2.4, 2048, 27, Sold::open,
     "deepseek-ai/DeepSeek-Coder-V2-Lite-Instruct"},
    {"deepseek v 2 5", "deepseek-v2.5", 2024.68, 235.7, 21, 5120, 60, Sold::open, "deepseek-ai/DeepSeek-V2.5"},
    {"deepseek chat v 2 5", "deepseek-v2.5", 2024.68, 235.7, 21, 5120, 60, Sold::open, "deepseek-ai/DeepSeek-V2.5"},
    {"deepseek v 3", "deepseek-v3", 2024.98, 671, 37, 7168, 61, Sold::open, "deepseek-ai/DeepSeek-V3"},
    {"deepseek chat v 3", "deepseek-v3", 2024.98, 671, 37, 7168, 61, Sold::open, "deepseek-ai/DeepSeek-V3"},
    {"deepseek r 1", "deepseek-r1", 2025.05, 671, 37, 7168, 61, Sold::open, "deepseek-ai/DeepSeek-R1"},
    {"deepseek coder 6 7 b", "deepseek-coder", 2023.84, 6.7, 6.7, 4096, 32, Sold::open,
     "deepseek-ai/deepseek-coder-6.7b-instruct"},
    {"deepseek coder 33 b", "deepseek-coder", 2023.84, 33.3, 33.3, 7168, 62, Sold::open,
     "deepseek-ai/deepseek-coder-33b-instruct"},
    {"dbrx instruct 16 x 12 b", "dbrx-2024", 2024.24, 131.6, 36, 6144, 40, Sold::open, "databricks/dbrx-instruct"},
    {"dbrx", "dbrx-2024", 2024.24, 131.6, 36, 6144, 40, Sold::open, "databricks/dbrx-instruct"},
    {"snowflake arctic", "arctic", 2024.31, 480, 17, 7168, 35, Sold::open, "Snowflake/snowflake-arctic-instruct"},
    {"jamba 1 5 large", "jamba-1.5", 2024.64, 398, 94, 8192, 72, Sold::open, "ai21labs/AI21-Jamba-1.5-Large"},
    {"internlm 2 5 20 b", "internlm2.5", 2024.60, 19.9, 19.9, 6144, 48, Sold::open, "internlm/internlm2_5-20b-chat"},
    {"olmo 2 1124 13 b", "olmo-2", 2024.90, 13.7, 13.7, 5120, 40, Sold::open, "allenai/OLMo-2-1124-13B-Instruct"},
    {"minimax 01", "minimax-01", 2025.04, 456, 45.9, 6144, 80, Sold::open, "MiniMaxAI/MiniMax-Text-01"},
    {"zephyr 7 b", "mistral-7b", 2023.82, 7.24, 7.24, 4096, 32, Sold::open, "HuggingFaceH4/zephyr-7b-beta"},
    {"gpt 3 5 turbo", "gpt-3.5", 2023.17, 0, 0, 0, 0, Sold::compact, "OpenAI"},
    {"gpt 4", "gpt-4", 2023.20, 0, 0, 0, 0, Sold::frontier, "OpenAI"},
    {"gpt 4 turbo", "gpt-4-turbo", 2024.27, 0, 0, 0, 0, Sold::frontier, "OpenAI"},
    {"gpt 4 o", "gpt-4o", 2024.37, 0, 0, 0, 0, Sold::frontier, "OpenAI"},
    {"chatgpt 4 o", "gpt-4o", 2024.68, 0, 0, 0, 0, Sold::frontier, "OpenAI"},
    {"gpt 4 o mini", "gpt-4o", 2024.54, 0, 0, 0, 0, Sold::compact, "OpenAI"},
    {"o 1 mini", "o1", 2024.70, 0, 0, 0, 0, Sold::compact, "OpenAI"},
    {"o 1 preview", "o1", 2024.70, 0, 0, 0, 0, Sold::frontier, "OpenAI"},
    {"claude 3 haiku", "claude-3", 2024.20, 0, 0, 0, 0, Sold::compact, "Anthropic"},
    {"claude 3 sonnet", "claude-3", 2024.17, 0, 0, 0, 0, Sold::frontier, "Anthropic"},
    {"claude 3 opus", "claude-3", 2024.17, 0, 0, 0, 0, Sold::frontier, "Anthropic"},
    {"claude 3 5 sonnet", "claude-3.5", 2024.47, 0, 0, 0, 0, Sold::frontier, "Anthropic"},
    {"claude 3 5 haiku", "claude-3.5", 2024.84, 0, 0, 0, 0, Sold::compact, "Anthropic"},
    {"gemini 1 5 flash", "gemini-1.5", 2024.37, 0, 0, 0, 0, Sold::compact, "Google"},
    {"gemini flash 1 5", "gemini-1.5", 2024.37, 0, 0, 0, 0, Sold::compact, "Google"},
    {"gemini v 1 5 flash", "gemini-1.5", 2024.37, 0, 0, 0, 0, Sold::compact, "Google"},
    {"gemini 1 5 pro", "gemini-1.5", 2024.13, 0, 0, 0, 0, Sold::frontier, "Google"},
    {"gemini pro 1 5", "gemini-1.5", 2024.13, 0, 0, 0, 0, Sold::frontier, "Google"},
    {"gemini v 1 5 pro", "gemini-1.5", 2024.13, 0, 0, 0, 0, Sold::frontier, "Google"},
    {"gemini 2 0 flash", "gemini-2", 2024.95, 0, 0, 0, 0, Sold::compact, "Google"},
    {"grok beta", "grok-2", 2024.62, 0, 0, 0, 0, Sold::frontier, "xAI"},
    {"grok 2", "grok-2", 2024.62, 0, 0, 0, 0, Sold::frontier, "xAI"},
    {"reka core", "reka", 2024.29, 0, 0, 0, 0, Sold::frontier, "Reka"},
    {"reka flash", "reka", 2024.12, 0, 0, 0, 0, Sold::compact, "Reka"},
    {"yi large", "yi-large", 2024.36, 0, 0, 0, 0, Sold::frontier, "01.AI"},
    {"nova pro", "nova", 2024.92, 0, 0, 0, 0, Sold::frontier, "Amazon"},
});
// clang-format on

constexpr std::size_t kLongestName = 200;  // bytes: names of models are shorter

// " llama 3 1 8 b instruct ": lower case, a blank around every run of letters and every run of digits.
std::string words_of(std::string_view name) {
  name = name.substr(0, kLongestName);
  std::string words = " ";
  int before = 0;
  for (const char c : name) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const int kind = lower >= 'a' && lower <= 'z' ? 1 : lower >= '0' && lower <= '9' ? 2 : 0;
    if (kind != before && words.back() != ' ') words += ' ';
    if (kind != 0) words += lower;
    before = kind;
  }
  if (words.back() != ' ') words += ' ';
  return words;
}

bool is_number(std::string_view word) { return !word.empty() && word[0] >= '0' && word[0] <= '9'; }

// Whether what follows the matched words makes another model of it: gpt 4 | 1, phi 4 | 5.
bool goes_on_with_a_version(std::string_view pattern, std::string_view rest) {
  const std::string_view last = pattern.substr(pattern.rfind(' ') + 1);
  const std::string_view next = rest.substr(0, rest.find(' '));
  return is_number(last) && is_number(next) && next.size() < 3;
}

// Whether the words name a size ("7 b") that the pattern does not: a distilled or a smaller sibling.
bool has_another_size(std::string_view pattern, std::string_view words) {
  for (std::size_t at = words.find(" b "); at != std::string_view::npos; at = words.find(" b ", at + 1)) {
    const std::size_t begin = words.rfind(' ', at - 1) + 1;
    const std::string_view size = words.substr(begin, at + 2 - begin);
    if (is_number(size) && pattern.find(size) == std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

const KnownModel* known_model(std::string_view name) {
  const std::string words = words_of(name);
  const KnownModel* best = nullptr;
  std::string wanted;
  for (const KnownModel& model : kKnown) {
    if (best && best->pattern.size() >= model.pattern.size()) continue;
    wanted.assign(" ").append(model.pattern).append(" ");
    const std::size_t at = words.find(wanted);
    if (at == std::string::npos) continue;
    const std::string_view rest = std::string_view(words).substr(at + wanted.size());
    if (!goes_on_with_a_version(model.pattern, rest) && !has_another_size(model.pattern, words)) best = &model;
  }
  return best;
}

}  // namespace basin::upstream
