// A machine with model servers on it, for tests: answers given by URL, everything else as servers answer what they do
// not know.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "upstream/probe.h"

namespace basin::upstream::test {

class Machine {
 public:
  // A server under this base URL; `unknown` is its answer to paths that it was not given.
  void runs(std::string base, std::map<std::string, Probe> answers, Probe unknown = {404, "404 page not found"}) {
    servers_.push_back({std::move(base), std::move(answers), std::move(unknown)});
  }

  // REQUIRES: the Machine outlives it.
  Prober prober() {
    return [this](const Question& question) { return answer(question); };
  }

  std::vector<Question> asked;

 private:
  struct Running {
    std::string base;
    std::map<std::string, Probe> answers;
    Probe unknown;
  };

  std::optional<Probe> answer(const Question& question) {
    asked.push_back(question);
    const bool harmless = question.body.empty() || question.body == "{}" || question.url.ends_with("/api/show");
    EXPECT_TRUE(harmless) << "a prompt was sent: " << question.body;
    for (const Running& server : servers_) {
      if (question.url.rfind(server.base + "/", 0) != 0) continue;
      const std::string path = question.url.substr(server.base.size());
      auto found = server.answers.find(path + " " + question.body);
      if (found == server.answers.end()) found = server.answers.find(path);
      return found == server.answers.end() ? server.unknown : found->second;
    }
    return std::nullopt;
  }

  std::vector<Running> servers_;
};

}  // namespace basin::upstream::test
