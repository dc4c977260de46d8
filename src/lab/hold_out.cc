#include "lab/hold_out.h"

#include <map>

namespace basin::lab {

void leave_one_source_out(const std::vector<Prepared>& rows, const TrainOptions& options,
                          const std::function<void(const std::string&, const Report&)>& done) {
  std::map<std::string, std::vector<Example>> sources;
  for (const Prepared& row : rows) {
    if (row.example->large) sources[row.example->source].push_back(*row.example);
  }
  for (const auto& [source, held_out] : sources) {
    if (held_out.size() < kLeastRows) continue;
    std::vector<const Prepared*> seen;
    for (const Prepared& row : rows) {
      if (row.example->source != source) seen.push_back(&row);
    }
    done(source, evaluate(held_out, *build(fit(seen, options))));
  }
}

}  // namespace basin::lab
