// The kind is told by what is answered. The list's `owned_by` is a hint of what to ask first; what the answer to the
// kind's own question does not bear out is not believed.
#include "upstream/inspection.h"

#include <algorithm>
#include <string_view>

#include "base/json.h"
#include "base/json_writer.h"
#include "upstream/llamacpp.h"
#include "upstream/lmstudio.h"
#include "upstream/model_listing.h"
#include "upstream/ollama.h"

namespace basin::upstream {
namespace {

class Inspector {
 public:
  Inspector(const Inspect& what, const Prober& ask) : what_(what), ask_(ask) {}

  Inspection run() {
    const auto list = question("GET", "/v1/models");
    if (!list) return found_;
    if (list->status == 503) return ended(Inspection::Answer::loading);
    if (list->status == 401 || list->status == 403) return ended(Inspection::Answer::locked);
    auto models = list->status == 200 ? models_listed(list->body) : std::nullopt;
    if (!models) return ended(Inspection::Answer::other);
    found_.models = std::move(*models);
    const ServerKind hint = kind_of_list(list->body);
    for (const ServerKind kind : {hint, ServerKind::ollama, ServerKind::lmstudio, ServerKind::llamacpp}) {
      if (!is(kind)) continue;
      found_.kind = kind;
      break;
    }
    return ended(found_.unready.empty() ? Inspection::Answer::models : Inspection::Answer::loading);
  }

 private:
  Inspection ended(Inspection::Answer answer) {
    found_.answer = answer;
    return std::move(found_);
  }

  std::optional<Probe> question(std::string method, const std::string& path, std::string body = {}) {
    const std::string url = what_.base_url + path;
    auto answer = ask_({.method = std::move(method), .url = url, .body = std::move(body), .fields = what_.fields});
    if (answer && answer->status == 503) found_.unready = url;
    return answer;
  }

  // The body of an answer 200; nothing for others.
  std::optional<std::string> told(const std::string& path) {
    auto answer = question("GET", path);
    if (!answer || answer->status != 200) return std::nullopt;
    return std::move(answer->body);
  }

  // Whether it is of that kind; where it is, its models are told in that kind's words.
  bool is(ServerKind kind) {
    switch (kind) {
      case ServerKind::ollama: return is_ollama();
      case ServerKind::llamacpp: return is_llamacpp();
      case ServerKind::lmstudio: return is_lmstudio();
      case ServerKind::vllm: return is_vllm();
      case ServerKind::other: return false;
    }
    return false;
  }

  bool is_ollama() {
    const auto version = told("/api/version");
    if (!version || !tells_version(*version)) return false;
    const auto tags = told("/api/tags");
    auto models = tags ? ollama_tags(*tags) : std::nullopt;
    if (!models) return false;
    found_.models = std::move(*models);
    if (const auto running = told("/api/ps")) add_ollama_running(*running, found_.models);
    for (ServedModel* model : first_ones()) {
      std::string body;
      base::json::Writer(body).object().field("model", model->name).end();
      const auto shown = question("POST", "/api/show", std::move(body));
      if (!shown) break;
      if (shown->status == 200) add_ollama_show(shown->body, *model);
    }
    return true;
  }

  bool is_lmstudio() {
    if (const auto list = told("/api/v1/models")) {
      if (auto models = lmstudio_models(*list)) return take(std::move(*models));
    }
    const auto list = told("/api/v0/models");
    auto models = list ? lmstudio_models_v0(*list) : std::nullopt;
    return models && take(std::move(*models));
  }

  bool take(std::vector<ServedModel> models) {
    found_.models = std::move(models);
    return true;
  }

  bool is_llamacpp() {
    const auto props = told("/props");
    if (!props || !is_llamacpp_props(*props)) return false;
    if (is_llamacpp_router(*props)) return add_routed();
    if (found_.models.empty()) return true;
    ServedModel& model = found_.models.front();
    add_llamacpp_props(*props, model);
    if (const auto slots = told("/slots")) add_llamacpp_slots(*slots, model);
    return true;
  }

  // Asking about a model that is not loaded would load it.
  bool add_routed() {
    for (ServedModel* model : first_ones()) {
      if (!model->loaded.value_or(false)) continue;
      const auto answer = question("GET", "/props?model=" + escaped(model->name));
      if (!answer) break;
      if (answer->status == 200) add_llamacpp_props(answer->body, *model);
    }
    return true;
  }

  // Its list says all there is: max_model_len is the context in force.
  bool is_vllm() {
    const auto version = told("/version");
    return version && tells_version(*version);
  }

  // Those worth a question of their own.
  std::vector<ServedModel*> first_ones() {
    std::vector<ServedModel*> models;
    for (ServedModel& model : found_.models) models.push_back(&model);
    const auto rank = [this](const ServedModel* model) {
      const auto& wanted = what_.wanted;
      if (std::find(wanted.begin(), wanted.end(), model->name) != wanted.end()) return 0;
      return model->loaded.value_or(false) ? 1 : 2;
    };
    std::stable_sort(models.begin(), models.end(), [&](const auto* a, const auto* b) { return rank(a) < rank(b); });
    if (models.size() > kInspectedModels) models.resize(kInspectedModels);
    return models;
  }

  static std::string escaped(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    constexpr std::string_view kPlain = "-._~";
    std::string out;
    for (const char c : text) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (letter || kPlain.find(c) != std::string_view::npos) {
        out += c;
        continue;
      }
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
    }
    return out;
  }

  const Inspect& what_;
  const Prober& ask_;
  Inspection found_;
};

}  // namespace

Inspection inspect(const Inspect& what, const Prober& ask) { return Inspector(what, ask).run(); }

}  // namespace basin::upstream
