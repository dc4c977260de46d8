// Another program that uses Basin's engine: sees include/basin alone, links libbasin alone.
#include <basin/engine.h>

#include <cstdio>

int main() {
  const auto engine = basin::Engine::builtin();
  const auto explanation = engine.explain("translate to French: see you on Monday");
  std::printf("%s %.2f\n", explanation.topology.c_str(), explanation.p_small_ok);
  return explanation.p_small_ok > 0 && explanation.p_small_ok < 1 ? 0 : 1;
}
