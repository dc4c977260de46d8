// Basin's engine for C, and through it for any language: how hard is a prompt, and is a small model enough for it?
//
//   basin_engine* engine = basin_engine_builtin();
//   basin_explanation e = {.size = sizeof e};
//   if (basin_explain(engine, prompt, strlen(prompt), &e) == BASIN_OK && e.p_small_ok > 0.9) { ... }
//   basin_engine_free(engine);
//
// Stable: functions and fields are only ever added, at the end. Link libbasin (`pkg-config --libs basin`).
// Threads: an engine is immutable; any number of threads may use one at once. Free it when none does any more.
// Nothing is thrown, no signal is touched, no file, clock or network; memory that a call gives is freed as it says.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Whether a call did what it says.
typedef enum basin_status {
  BASIN_OK = 0,
  BASIN_INVALID = 1,   // an argument that cannot be used; where there is room for a text, it says what to change
  BASIN_NO_MEMORY = 2  // the memory ran out; nothing was changed
} basin_status;

// The learned weights, loaded.
typedef struct basin_engine basin_engine;

// What the engine measures of one prompt. Texts are static: never free them, keep them as long as the library is
// loaded.
typedef struct basin_explanation {
  size_t size;           // set by the caller: sizeof(basin_explanation); no more than that is written
  double p_small_ok;     // P(a good 3 to 8B instruct model is enough), with its 90 % interval
  double p_low;          //
  double p_high;         //
  double difficulty;     // logits of needing a large model
  double delta_info;     // share of the answer that is not in the prompt, 0..1
  double delta_tokens;   // expected number of new tokens in the answer
  double depth;          // expected number of dependent steps
  const char* topology;  // the likeliest kind of task: "refine", "reason", ...
  const char* action;    // "small", "verify" (small, then verify) or "large", under the default target risk
  uint32_t similar;      // held-out prompts of about this difficulty behind the interval
  uint32_t stage;        // 1, or 2 where the first was unsure and the encoder read the ask too
} basin_explanation;

// Basin's version, "major.minor.patch"; static.
const char* basin_version(void);

// The weights Basin ships with, or NULL when there is no memory. Free with basin_engine_free().
basin_engine* basin_engine_builtin(void);

// The bytes of a weight file, copied, into *engine. `error`, where not NULL, receives up to error_size bytes of text,
// ended by a zero, that say why the status is not BASIN_OK; *engine is NULL then. Free with basin_engine_free().
basin_status basin_engine_from_weights(const void* bytes, size_t bytes_size, basin_engine** engine, char* error,
                                       size_t error_size);

// Ends an engine; NULL is no engine and does nothing.
void basin_engine_free(basin_engine* engine);

// Names the weights: SHA-256 of the file, in hex. Valid until the engine is freed; NULL for NULL.
const char* basin_engine_weights_sha256(const basin_engine* engine);

// Measures a prompt: any bytes, zeros included, need no end mark, and are not kept. BASIN_INVALID only for a NULL
// engine or explanation, a NULL prompt that is not empty, and a size smaller than that of the first version.
basin_status basin_explain(const basin_engine* engine, const char* prompt, size_t prompt_size,
                           basin_explanation* explanation);

// The decision record as `basin explain --json` prints it, of a prompt or of a request body of any dialect, into *json,
// ended by a zero; its "time" is null, since the engine has no clock. Free it with basin_text_free(). `error` as in
// basin_engine_from_weights(): it says what to change in a body that cannot be read; *json is NULL then.
basin_status basin_explain_json(const basin_engine* engine, const char* prompt_or_body, size_t prompt_or_body_size,
                                char** json, char* error, size_t error_size);

// Frees a text that a call gave; NULL does nothing.
void basin_text_free(char* text);

#ifdef __cplusplus
}
#endif
