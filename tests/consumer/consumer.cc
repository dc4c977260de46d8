// As consumer.c, by the C++ interface.
#include <basin/engine.h>

#include <cstdio>
#include <iostream>
#include <string>

int main() {
  const basin::Engine engine = basin::Engine::builtin();
  std::cout << basin::Engine::version() << ' ' << engine.weights_sha256() << '\n';
  for (std::string prompt; std::getline(std::cin, prompt, '\0');) {
    std::string problem;
    std::cout << engine.record(prompt, &problem).value_or(problem) << '\n' << std::flush;
    const basin::Explanation e = engine.explain(prompt);
    std::printf("%.17g %.17g %.17g %.17g %.17g %s %s\n", e.p_small_ok, e.difficulty, e.delta_info, e.delta_tokens,
                e.depth, e.topology.c_str(), e.action.c_str());
    std::fflush(stdout);
  }
}
