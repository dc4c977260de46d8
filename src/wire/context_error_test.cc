#include "wire/context_error.h"

#include <gtest/gtest.h>

#include <string>

namespace basin::wire {
namespace {

struct Case {
  std::string message;
  std::uint64_t context = 0, prompt = 0;  // 0: not told
};

// What servers say, as their users have reported it.
const Case kCases[] = {
    {"prompt is too long: 202609 tokens > 200000 maximum", 200'000, 202'609},
    {"prompt is too long: 513,800 tokens > 400,000 maximum", 400'000, 513'800},
    {"input length and `max_tokens` exceed context limit: 188059 + 20000 > 200000, decrease input length or "
     "`max_tokens` and try again",
     200'000, 188'059},
    {"This model's maximum context length is 128000 tokens. However, your messages resulted in 131074 tokens. Please "
     "reduce the length of the messages.",
     128'000, 131'074},
    {"This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the "
     "messages, 10000 in the completion). Please reduce the length of the messages or completion.",
     16'384, 112'946},
    {"This model's maximum context length is 8192 tokens, however you requested 25701 tokens (25701 in your prompt; 0 "
     "for the completion). Please reduce your prompt; or completion length.",
     8'192, 25'701},
    {"This endpoint's maximum context length is 256000 tokens. However, you requested about 260344 tokens (256344 of "
     "text input, 4000 in the output).",
     256'000, 256'344},
    {"'max_tokens' or 'max_completion_tokens' is too large: 1000. This model's maximum context length is 1000 tokens "
     "and your request has 203 input tokens (1000 > 1000 - 203). None",
     1'000, 203},
    {"This model's maximum context length is 200 tokens. However, your request has 203 input tokens.", 200, 203},
    {"You passed 9001 input tokens and requested 100 output tokens. However, the model's context length is only 8192 "
     "tokens, resulting in a maximum input length of 8092 tokens.",
     8'192, 9'001},
    {"The decoder prompt (length 5951) is longer than the maximum model length of 4096. Make sure that "
     "`max_model_len` is no smaller than the number of text tokens.",
     4'096, 5'951},
    {"Input prompt (35247 tokens) is too long and exceeds limit of 1000", 1'000, 35'247},
    {"The input (9000 tokens) is longer than the model's context length (8192 tokens).", 8'192, 9'000},
    {"Requested token count exceeds the model's maximum context length of 4096 tokens. You requested a total of 5000 "
     "tokens: 4000 tokens from the input messages and 1000 tokens for the completion.",
     4'096, 4'000},
    {"Prompt contains 40014 tokens and 0 draft tokens, too large for model with 32768 maximum context length", 32'768,
     40'014},
    {"request (41533 tokens) exceeds the available context size (32768 tokens), try increasing it", 32'768, 41'533},
    {"the request exceeds the available context size. try increasing the context size or enable context shift"},
    {"Requested tokens (2285) exceed context window of 2048", 2'048, 2'285},
    {"Trying to keep the first 111490 tokens when context the overflows. However, the model is loaded with context "
     "length of only 32768 tokens, which is not enough. Try to load the model with a larger context length, or provide "
     "a shorter input.",
     32'768, 111'490},
    {"Cannot truncate prompt with n_keep (15028) >= n_ctx (7424)", 7'424, 15'028},
    {"The number of tokens to keep from the initial prompt is greater than the context length (n_keep: 5127>= n_ctx: "
     "4096). Try to load the model with a larger context length",
     4'096, 5'127},
    {"Reached context length of 32000 tokens with model (arch: gpt-oss)", 32'000},
    {"prompt too long; exceeded max context length by 540451 tokens (ref: 00ad71bb-fea0)"},
    {"the input length exceeds the context length"},
    {"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).", 1'048'576, 1'200'000},
    {"This model's maximum prompt length is 131072 but the request contains 537812 tokens.", 131'072, 537'812},
    {"Input validation error: `inputs` must have less than 1024 tokens. Given: 2000", 1'024, 2'000},
    {"Input is too long for requested model."},
    {"Your input exceeds the context window of this model. Please adjust your input and try again."},
    {"PROMPT IS TOO LONG"},
    {"prompt_too_long"},
    {"Request too large for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Requested 40000."},
    {"Extra usage is required for long context requests."},
    {"This endpoint's maximum context length is 8192 tokens. However, you requested about 9001 tokens", 8'192, 9'001},
    {"This model's maximum context length is 8192 tokens. However, you requested 9001 tokens", 8'192, 9'001},
    // words of nobody in particular
    {"Your messages exceed the model's context window of 4096 tokens", 4'096},
    {"the context size of this model is 4096 tokens, and your prompt is greater than that"},
    {"The text is too long for the context length of the model"},
    // numbers that cannot be
    {"prompt is too long: 5 tokens > 99999999999999 maximum", 0, 5},
    {"prompt is too long: 123456789012345678901234567890 tokens > 5 maximum"},
};

TEST(ContextError, EveryServersWordsAreRead) {
  for (const Case& one : kCases) {
    const auto told = read_too_long(one.message);
    ASSERT_TRUE(told) << one.message;
    EXPECT_EQ(told->context.value_or(0), one.context) << one.message;
    EXPECT_EQ(told->prompt_tokens.value_or(0), one.prompt) << one.message;
    // behind whatever a server puts before it
    EXPECT_TRUE(read_too_long("ValueError in worker 3: " + one.message)) << one.message;
  }
}

TEST(ContextError, TheAnswerIsCountedApartWhereTheServerDoesSo) {
  const std::string maximum = "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens ";
  for (const std::string& message : {
           std::string("input length and `max_tokens` exceed context limit: 3000 + 2000 > 4096, decrease"),
           maximum + "(3000 in the messages, 2000 in the completion).",
           maximum + "(3000 in the messages, 10 in the functions, and 2000 in the completion).",
           maximum + "(3000 in your prompt; 2000 for the completion).",
           maximum + "(3000 of text input, 2000 in the output).",
           maximum + "(3000 of text input, 10 of tool input, 2000 in the output).",
           std::string("'max_tokens' is too large: 2000. This model's maximum context length is 4096 tokens and your "
                       "request has 3000 input tokens (2000 > 4096 - 3000)."),
           std::string("Requested token count exceeds the model's maximum context length of 4096 tokens. You requested "
                       "a total of 5000 tokens: 3000 tokens from the input messages and 2000 tokens for the "
                       "completion."),
       }) {
    const auto told = read_too_long(message);
    ASSERT_TRUE(told) << message;
    EXPECT_EQ(told->context, 4096U) << message;
    EXPECT_EQ(told->prompt_tokens, 3000U) << message;
    EXPECT_EQ(told->answer_tokens, 2000U) << message;
  }
}

TEST(ContextError, OtherErrorsAreNone) {
  for (const char* other :
       {"", "#", "*", "messages.1: tool_use without tool_result", "max_tokens: 64000 > 8192, the maximum",
        "Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000", "n_keep",
        "prompt is too", "model 'llama3' not found", "maximum context"})
    EXPECT_FALSE(read_too_long(other)) << other;
}

TEST(ContextError, EveryPrefixOfAMessageIsReadSafely) {
  for (const Case& one : kCases) {
    for (std::size_t size = 0; size <= one.message.size(); ++size) {
      const auto told = read_too_long(std::string_view(one.message).substr(0, size));
      EXPECT_TRUE(!told || told->context.value_or(1) > 0U);
    }
  }
}

TEST(ContextError, ALongMessageIsReadToItsLimit) {
  const std::string before(kContextErrorRead - 18, 'x');
  EXPECT_TRUE(read_too_long(before + "prompt is too long"));
  EXPECT_FALSE(read_too_long(before + "xprompt is too long"));
}

}  // namespace
}  // namespace basin::wire
