// Prompts on standard input, each ended by a zero; for each two lines: the record, and the numbers of the explanation.
#include <basin/basin.h>
#include <stdio.h>

enum { kRoom = 1 << 20 };

static int answer(const basin_engine* engine, const char* prompt, size_t size) {
  char error[200] = "";
  char* json = NULL;
  if (basin_explain_json(engine, prompt, size, &json, error, sizeof error) == BASIN_OK)
    puts(json);
  else
    puts(error);
  basin_text_free(json);

  basin_explanation e = {.size = sizeof e};
  if (basin_explain(engine, prompt, size, &e) != BASIN_OK) return 1;
  printf("%.17g %.17g %.17g %.17g %.17g %s %s\n", e.p_small_ok, e.difficulty, e.delta_info, e.delta_tokens, e.depth,
         e.topology, e.action);
  return 0;
}

int main(void) {
  static char prompts[kRoom];
  const size_t size = fread(prompts, 1, kRoom, stdin);
  basin_engine* engine = basin_engine_builtin();
  if (engine == NULL) return 1;
  printf("%s %s\n", basin_version(), basin_engine_weights_sha256(engine));
  int failed = 0;
  for (size_t at = 0, begin = 0; at < size; ++at) {
    if (prompts[at] != '\0') continue;
    failed |= answer(engine, prompts + begin, at - begin);
    begin = at + 1;
  }
  basin_engine_free(engine);
  return failed;
}
