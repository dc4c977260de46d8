#include "gateway/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/fingerprint.h"
#include "core/harness.h"
#include "gateway/access.h"
#include "gateway/attempts.h"
#include "gateway/weigh.h"
#include "gateway/wishes.h"
#include "geometry/measure.h"
#include "prompt/take_apart.h"
#include "route/decide.h"
#include "upstream/credentials.h"
#include "wire/client_marks.h"
#include "wire/read_request.h"

namespace basin::gateway {
namespace {

using base::Code;
using base::fail;
using core::RequestClass;

// Without configuration the decision speaks of a reference pair: a 3 to 8B instruct model, and a frontier model.
constexpr std::array<std::string_view, 2> kReferencePair = {"small", "large"};

base::Error not_local(std::string_view what) {
  return fail(Code::unsupported,
              fmt::format("x-basin-local-only is set and no local server can take this request ({} is not "
                          "local): add a tier whose upstream is on loopback",
                          what));
}

// Local-only binds what is passed on without a decision, too.
base::Status check_home(const net::RequestHead& head, const upstream::Server* home) {
  const auto local_only = wants_local_only(head);
  if (!local_only.ok()) return local_only.error();
  if (*local_only && home && !home->url.loopback()) return not_local(home->name);
  return base::ok_status();
}

// One request on its way to a decision: what each step found, for the next ones.
class Case {
 public:
  Case(Door& door, const Snapshot& snapshot, const Incoming& incoming)
      : door_(door), snapshot_(snapshot), catalogue_(snapshot.catalogue), incoming_(incoming) {}

  base::Result<Judgement> judge() {
    if (auto read = read_and_measure(); !read.ok()) return read.error();
    if (incoming_.endpoint == core::Endpoint::embeddings) return by_model();
    if (auto wished = wish(); !wished.ok()) return wished.error();
    recall();
    weigh();
    const route::Choice choice = choose();
    if (auto placed = place(choice); !placed.ok()) return placed.error();
    judgement_.request = std::move(request_);
    return std::move(judgement_);
  }

 private:
  core::Decision& decision() { return judgement_.decision; }
  bool reference_pair() const { return catalogue_.tiers().empty(); }

  base::Status read_and_measure() {
    auto request = wire::read_request(incoming_.endpoint, incoming_.body, door_.workspace().document);
    if (!request.ok()) return request.error();
    request_ = std::move(*request);
    judgement_.text_bytes = text_bytes(request_);
    const auto header = [this](std::string_view name) {
      return incoming_.head.find(name).value_or(std::string_view());
    };
    const core::ClientHints hints = wire::read_client_hints(header);
    agent_ = !hints.session.empty();
    prompt_ = prompt::take_apart(request_, hints, wire::harness_marks());
    // Counting belongs where the conversation is; it is no turn of its own.
    if (incoming_.endpoint == core::Endpoint::count_tokens) prompt_.cls = RequestClass::followup;
    if (prompt_.has_thinking) recognise_thinking();
    decision().difficulty = geometry::measure(prompt_, *door_.shared().model, door_.workspace().scratch);
    join_second_stage();
    return base::ok_status();
  }

  // While the document still holds the body.
  void recognise_thinking() {
    judgement_.thinking = wire::find_thinking(request_.dialect, door_.workspace().document.root());
    thinking_known_ = std::all_of(judgement_.thinking.begin(), judgement_.thinking.end(),
                                  [this](const wire::ThinkingBlock& block) { return is_known(block.seal); });
  }

  // Without a compaction the conversation would be gone, so that is never left behind.
  bool is_known(const wire::ThinkingSeal& seal) {
    Provenance& provenance = door_.shared().provenance;
    if (seal.kind == wire::ThinkingSeal::Kind::compaction) return false;
    return provenance.find(seal.fingerprint, incoming_.now_ms) ||
           provenance.find(seal.id_fingerprint, incoming_.now_ms);
  }

  void join_second_stage() {
    const geometry::Model& model = *door_.shared().model;
    core::Difficulty& d = decision().difficulty;
    if (!geometry::is_unsure(prompt_, d, model)) return;
    const std::string_view ask = geometry::mend(model.spelling().get(), prompt_.ask, door_.workspace().scratch.mended);
    if (const auto outputs = door_.shared().readings.known(ask))
      d = geometry::refine(std::move(d), *outputs, model.head(), *model.blend());
    else
      judgement_.unread = ask;
  }

  // Vectors of two models cannot be compared, so nobody but the named model will do.
  base::Result<Judgement> by_model() {
    decision().rule = "by_model";
    decision().mode = snapshot_.routing.mode;
    decision().tier = decision().served_tier = "client";
    decision().model = decision().served_model = request_.model;
    decision().dialect = request_.dialect;
    judgement_.names_model = !request_.model_value.empty();
    home_ = catalogue_.home_of(request_.dialect, request_.model);
    if (auto may = check_home(incoming_.head, home_); !may.ok()) return may.error();
    add_home();
    judgement_.request = std::move(request_);
    return std::move(judgement_);
  }

  base::Status wish() {
    auto wishes = read_wishes(incoming_.head, request_.model, agent_, catalogue_);
    if (!wishes.ok()) return wishes.error();
    wishes_ = *wishes;
    const upstream::Server* home =
        wishes_.alias || request_.model.empty() ? nullptr : catalogue_.home_of(request_.dialect, request_.model);
    if (home && wishes_.local_only && !home->url.loopback()) home = nullptr;
    home_ = home;
    return base::ok_status();
  }

  // The branch's pin, if this conversation has been here before.
  void recall() {
    std::string_view client;
    const Access access{snapshot_.serve};
    for (const net::HeadField& field : incoming_.head.fields) {
      const auto credential = credential_in(field);
      if (credential.empty()) continue;
      // A login is renewed every few hours, in the middle of whatever goes on.
      client = upstream::is_subscription(credential) ? "login" : credential;
      brings_key_ = brings_key_ || !access.is_token(field);
    }
    judgement_.credential = client.empty() ? 0 : base::fingerprint(client);
    judgement_.session_key = Sessions::key_of(client, prompt_.session, prompt_.branch);
    // A conversation that is known by its first words only begins anew when they are all there is.
    if (prompt_.session.starts_with("text-") && prompt_.turns <= 1 && !prompt_.tool_exchange) return;
    const auto known = door_.shared().sessions.find(judgement_.session_key, incoming_.now_ms);
    if (!known) return;
    judgement_.last_tier = known->tier;
    const auto tier = catalogue_.tier_named(known->tier);
    if (!tier) return;  // the configuration has lost it
    route::Pin pin;
    pin.tier = *tier;
    pin.warm = !prompt_.compacted && incoming_.now_ms - known->last_used_ms < Sessions::kWarm_ms;
    pin.same_turn = !prompt_.turn.empty() && prompt_.turn == known->turn;
    pin_ = pin;
  }

  Weighing weighing() const {
    return {
        snapshot_, door_.shared(), request_,          judgement_.text_bytes, prompt_, judgement_.decision.difficulty,
        wishes_,   agent_,         incoming_.unix_ms, incoming_.now_ms};
  }

  core::Bound bound() const { return weighing().offers_vendor_tool() ? core::Bound::none : request_.bound; }

  // A picture binds a request to the client's model only where no tier sees.
  bool bound_is_taken() const {
    return request_.bound == core::Bound::image &&
           std::any_of(candidates_.begin(), candidates_.end(), [](const route::Candidate& c) { return c.eligible(); });
  }

  void weigh() {
    if (reference_pair()) {
      for (const std::string_view name : kReferencePair) candidates_.push_back({.name = name});
    } else {
      Weighed weighed = gateway::weigh(weighing());
      candidates_ = std::move(weighed.candidates);
      costs_ = std::move(weighed.costs);
    }
    costs_.resize(candidates_.size());
    for (std::size_t i = 0; i < candidates_.size(); ++i)
      decision().prices.push_back({std::string(candidates_[i].name), costs_[i]});
  }

  route::Choice choose() {
    const core::Difficulty& d = decision().difficulty;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      const auto chance = [&](double p) { return route::p_ok_of(candidates_, i, p); };
      decision().p_ok.push_back(
          {std::string(candidates_[i].name), chance(d.p_small_ok), chance(d.p_low), chance(d.p_high), d.n});
    }
    const route::Situation situation{.prompt = prompt_,
                                     .difficulty = d,
                                     .tiers = candidates_,
                                     .wish = wishes_.wish,
                                     .wished_tier = wishes_.tier,
                                     .pin = pin_,
                                     .bound = bound(),
                                     .bound_taken = !reference_pair() && bound_is_taken(),
                                     .client_tier = wishes_.ceiling_tier,
                                     .thinking_known = thinking_known_,
                                     .client_model_served = client_model_served()};
    return route::decide(situation, snapshot_.routing);
  }

  // Whether the model that the client named would really be answered: by its vendor, with a key, or by who lists it.
  bool client_model_served() const {
    if (!home_) return false;
    if (home_->builtin) return brings_key_;
    return home_->vendor == upstream::vendor_of(request_.dialect) || home_->lists(request_.model) ||
           catalogue_.tier_of_model(request_.model);
  }

  // Writes down what was decided, and lets the mode say whether it is done.
  base::Status place(const route::Choice& choice) {
    decision().mode = wishes_.mode.value_or(snapshot_.routing.mode);
    describe(choice);
    judgement_.names_model = !request_.model_value.empty();
    const bool wished = wishes_.wish != route::Wish::none || wishes_.alias;
    const bool carried_out = (decision().mode == core::Mode::on || wished) && !reference_pair();
    if (decision().mode == core::Mode::advise)
      judgement_.advice = fmt::format("{} (P(ok) {:.2f})", decision().tier, decision().difficulty.p_small_ok);
    if (decision().mode == core::Mode::off && !wished) decision().rule = "off";
    if (carried_out && choice.tier) return serve_by_tier(*choice.tier, choice.writes_pin);
    return serve_by_client();
  }

  void describe(const route::Choice& choice) {
    core::Decision& d = decision();
    d.cls = prompt_.cls;
    d.session = prompt_.session;
    d.branch = prompt_.branch;
    d.turn = prompt_.turn;
    d.action = choice.action;
    d.rule = choice.rule;
    d.tip = choice.tip;
    d.ask = std::move(prompt_.ask);
    d.ask_spans = std::move(prompt_.ask_spans);
    d.dialect = request_.dialect;
    d.tier = choice.tier ? std::string(candidates_[*choice.tier].name) : "client";
    d.model = !choice.tier ? request_.model : reference_pair() ? std::string() : catalogue_.tiers()[*choice.tier].model;
  }

  base::Status serve_by_tier(std::size_t index, bool writes_pin) {
    const upstream::Tier& tier = catalogue_.tiers()[index];
    const upstream::Server& server = catalogue_.server_of(tier);
    if (wishes_.local_only && !server.url.loopback()) return not_local(tier.name);
    if (!add_tier(index)) {
      return fail(Code::unsupported, fmt::format("tier {} is served by {}, which does not speak {}", tier.name,
                                                 server.name, core::name_of(request_.dialect)));
    }
    // Whoever names a tier means that one.
    const bool forced = wishes_.wish == route::Wish::tier || wishes_.wish == route::Wish::named;
    judgement_.may_move = snapshot_.routing.fallback && !forced;
    if (judgement_.may_move) add_others(index);
    const bool pins = writes_pin && incoming_.endpoint != core::Endpoint::count_tokens;
    if (pins) judgement_.pin = SessionPin{tier.name, prompt_.turn, incoming_.now_ms};
    return base::ok_status();
  }

  base::Status serve_by_client() {
    if (!home_ && wishes_.local_only) return not_local("the client's model");
    add_home();
    return base::ok_status();  // with nobody there, a dry run still wants the record; serving says what is missing
  }

  // Whether there is a language that this tier's server and the request have in common.
  bool add_tier(std::size_t index) {
    const upstream::Tier& tier = catalogue_.tiers()[index];
    const upstream::Server& server = catalogue_.server_of(tier);
    const auto spoken = spoken_at(server, request_.dialect, incoming_.endpoint);
    if (spoken)
      judgement_.placements.push_back({tier.name, tier.model, &server, &tier, catalogue_.context_of(tier), *spoken});
    return spoken.has_value();
  }

  void add_home() {
    decision().served_tier = "client";
    decision().served_model = request_.model;
    if (!home_) return;
    const auto spoken = spoken_at(*home_, request_.dialect, incoming_.endpoint);
    if (spoken) judgement_.placements.push_back({"client", request_.model, home_, nullptr, 0, *spoken});
  }

  // Where it may go when the first place fails.
  void add_others(std::size_t first) {
    for (const std::size_t other : route::others(candidates_, first)) add_tier(other);
    if (client_model_served()) add_home();
  }

  Door& door_;
  const Snapshot& snapshot_;
  const upstream::Catalogue& catalogue_;
  const Incoming& incoming_;
  core::Request request_;
  core::Prompt prompt_;
  Wishes wishes_;
  const upstream::Server* home_ = nullptr;
  std::optional<route::Pin> pin_;
  std::vector<route::Candidate> candidates_;
  std::vector<std::optional<core::MicroUsd>> costs_;
  bool agent_ = false;
  bool thinking_known_ = false;
  bool brings_key_ = false;  // a credential of the client's own, not the token that opens Basin
  Judgement judgement_;
};

}  // namespace

base::Result<Judgement> judge(Door& door, const Snapshot& snapshot, const Incoming& incoming) {
  auto judgement = Case(door, snapshot, incoming).judge();
  if (!judgement.ok()) return judgement;
  if (auto taken = take_place(*judgement, door); !taken.ok()) return taken.error();
  judgement->decision.id = door.shared().decisions.next_id();
  judgement->decision.time_ms = incoming.unix_ms;
  return judgement;
}

base::Result<Judgement> unjudged(Door& door, const Snapshot& snapshot, const Incoming& incoming, core::Dialect dialect,
                                 std::string_view rule) {
  Judgement judgement;
  core::Decision& decision = judgement.decision;
  decision.id = door.shared().decisions.next_id();
  decision.time_ms = incoming.unix_ms;
  decision.mode = snapshot.routing.mode;
  decision.dialect = dialect;
  decision.rule = rule;
  decision.tier = decision.served_tier = "client";
  const upstream::Server* home = snapshot.catalogue.home_of(decision.dialect, {});
  if (auto may = check_home(incoming.head, home); !may.ok()) return may.error();
  if (home) judgement.placements.push_back({"client", {}, home, nullptr, 0, dialect});
  return judgement;
}

}  // namespace basin::gateway
