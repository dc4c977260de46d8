// `basin explain`: what Basin would do with a prompt, and why.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "api/explainer.h"
#include "base/json.h"
#include "base/utf8.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/version.h"
#include "cli/weights_file.h"
#include "core/record.h"

namespace basin::cli {
namespace {

std::string percent(double share) { return fmt::format("{:.0f} %", share * 100); }

// The ask on one line, cut in the middle of nothing. What is no text, or would steer the terminal (escape sequences of
// a prompt that somebody else wrote), is shown as U+FFFD.
std::string one_line(std::string_view text, std::size_t width) {
  std::string line;
  while (!text.empty()) {
    const std::size_t length = base::utf8_length(text);
    const std::string_view one = text.substr(0, std::max<std::size_t>(length, 1));
    text.remove_prefix(one.size());
    const bool space = one == " " || one == "\n" || one == "\t" || one == "\r";
    if (space && (line.empty() || line.back() == ' ')) continue;
    const bool c0 = one.size() == 1 && (static_cast<unsigned char>(one[0]) < 0x20 || one[0] == 0x7f);
    const bool c1 = one.size() == 2 && one[0] == '\xc2' && static_cast<unsigned char>(one[1]) < 0xa0;
    line += space ? " " : length == 0 || c0 || c1 ? base::kReplacementCharacter : one;
  }
  if (line.size() <= width) return line;
  return line.substr(0, base::utf8_boundary(line, width - 3)) + "...";
}

std::string likely_kinds(const core::Difficulty& difficulty) {
  std::array<std::size_t, core::kTopologies> order;
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](auto a, auto b) { return difficulty.topology[a] > difficulty.topology[b]; });
  std::string text;
  for (std::size_t i = 0; i < 3; ++i) {
    if (i > 0 && difficulty.topology[order[i]] < 0.1) break;
    text += fmt::format("{}{} {}", i ? ", " : "", core::name_of(static_cast<core::Topology>(order[i])),
                        percent(difficulty.topology[order[i]]));
  }
  return text;
}

std::string strongest(const std::vector<core::Contribution>& parts) {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(parts.size(), 3); ++i)
    text += fmt::format("{}{} {:+.2f}", i ? ", " : "", parts[i].name, parts[i].value);
  return text;
}

void print_for_people(const core::Decision& d, Terminal& out) {
  const core::Difficulty& m = d.difficulty;
  const bool small = d.tier == "small";
  const auto row = [&](std::string_view name, const std::string& value, const std::string& remark = {}) {
    out.line(fmt::format("{}  {}{}", out.paint(Style::dim, fmt::format("{:<12}", name)), value,
                         remark.empty() ? "" : "  " + out.paint(Style::dim, remark)));
  };
  row("tier", out.paint(small ? Style::good : Style::accent, d.tier),
      fmt::format("rule {}, action {}", d.rule, core::name_of(d.action)));
  row("P(small ok)", percent(m.p_small_ok),
      fmt::format("{} to {} on {} held-out prompts like it", percent(m.p_low), percent(m.p_high), m.n));
  row("dI", percent(m.delta_info),
      fmt::format("new in the answer, about {:.0f} tokens; {}", m.delta_tokens, strongest(m.delta_info_parts)));
  row("D", fmt::format("{:.1f} steps", m.depth), strongest(m.depth_parts));
  row("difficulty", fmt::format("{:+.2f}", m.difficulty), "logits of needing the large model");
  if (m.stage == 2) row("stage", "2", "the first was unsure, so the encoder read the ask");
  row("kind", likely_kinds(m));
  row("ask", one_line(d.ask, static_cast<std::size_t>(std::max(out.width() - 16, 24))));
  row("tips", d.tip);
}

// A body that was cut or edited by hand; a person may also ask about one, so it is no error.
bool is_torn_body(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] != '{') return false;
  if (text.find("\"messages\"") == std::string_view::npos && text.find("\"input\"") == std::string_view::npos)
    return false;
  return !base::json::Document().parse_copy(text).ok();
}

class Explain : public Command {
 public:
  void declare(Options& options) override {
    options.text("-f,--file", "FILE", file_, "read the prompt or request body from a file; - is standard input")
        .text("--weights", "FILE", weights_, "another weight file than the built-in one")
        .text("--encoder", "FILE", encoder_, kEncoderHelp)
        .arguments("PROMPT", words_, "the prompt; without one, or for -, standard input is read");
  }

  Exit run(Context& context) override {
    if (!file_.empty() && !words_.empty()) return context.fail(Exit::usage, "give a prompt or a file, not both");
    std::string text;
    if (words_ == std::vector<std::string>{"-"}) words_.clear();
    if (words_.empty()) {
      note_if_typed(file_, context);
      auto read = read_whole(file_.empty() ? "-" : file_);
      if (!read) return context.fail(read.error());
      text = std::move(*read);
    } else {
      for (const std::string& word : words_) text += (text.empty() ? "" : " ") + word;
    }
    if (text.find_first_not_of(" \t\r\n") == std::string::npos) return context.fail(Exit::usage, "the prompt is empty");

    auto model = open_model(weights_, encoder_);
    if (!model) return context.fail(model.error());
    api::Explainer explainer(std::move(*model));
    auto decision = explainer.explain(text);
    if (!decision) return context.fail(decision.error());
    if (is_torn_body(text))
      context.note("It looks like a request body, but is no whole JSON: it was measured as a prompt, all of it.");
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    decision->time_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    if (context.flags.json) {
      std::string json;
      core::append_record(json, *decision, {kVersionNumber, explainer.weights_sha256()});
      context.out.line(json);
    } else {
      print_for_people(*decision, context.out);
    }
    return Exit::ok;
  }

 private:
  std::string file_, weights_, encoder_;
  std::vector<std::string> words_;
};

}  // namespace

extern const CommandInfo kExplain;
constinit const CommandInfo kExplain = {
    .name = "explain",
    .summary = "say what Basin would do with a prompt, and why",
    .details =
        "Measures how much of the answer is not in the prompt (dI) and how many dependent steps it takes (D), and "
        "decides between the built-in reference pair: a small instruct model of 3 to 8 billion parameters, and a "
        "large one. A request body of a dialect Basin speaks is taken apart first. Nothing is sent anywhere.",
    .examples =
        "basin explain \"fix the grammar: me and him goes home\" # a prompt\n"
        "basin explain -f request.json --json # a request body; the whole record\n"
        "git diff | basin explain # standard input",
    .make = &make_command<Explain>};

}  // namespace basin::cli
