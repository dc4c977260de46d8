#include "gateway/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/harness.h"
#include "gateway/access.h"
#include "gateway/wishes.h"
#include "geometry/measure.h"
#include "prompt/take_apart.h"
#include "route/decide.h"
#include "upstream/ability.h"
#include "upstream/credentials.h"
#include "upstream/model_name.h"
#include "wire/client_marks.h"
#include "wire/read_request.h"
#include "wire/splice.h"

namespace basin::gateway {
namespace {

using base::Code;
using base::fail;
using core::RequestClass;
using upstream::Service;

// About four bytes of a request are a token; texts that tokenise worse (code, other scripts) are longer in bytes, too.
constexpr std::uint64_t kBytesPerToken = 4;
// An answer is reckoned with at least this many tokens, and with no more than this many unless the client asks for
// less: agents ask for 128,000 and take 500.
constexpr std::uint64_t kLeastAnswer = 64;
constexpr std::uint64_t kMostAnswer = 4'096;

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
    reckon();
    recall();
    weigh();
    const route::Choice choice = choose();
    if (auto placed = place(choice); !placed.ok()) return placed.error();
    return std::move(judgement_);
  }

 private:
  core::Decision& decision() { return judgement_.decision; }
  bool reference_pair() const { return catalogue_.tiers().empty(); }

  base::Status read_and_measure() {
    auto request = wire::read_request(incoming_.endpoint, incoming_.body, door_.workspace().document);
    if (!request.ok()) return request.error();
    request_ = std::move(*request);
    const auto header = [this](std::string_view name) {
      return incoming_.head.find(name).value_or(std::string_view());
    };
    const core::ClientHints hints = wire::read_client_hints(header);
    agent_ = !hints.session.empty();
    prompt_ = prompt::take_apart(request_, hints, wire::harness_marks());
    // Counting belongs where the conversation is; it is no turn of its own.
    if (incoming_.endpoint == core::Endpoint::count_tokens) prompt_.cls = RequestClass::followup;
    decision().difficulty = geometry::measure(prompt_, *door_.shared().model, door_.workspace().scratch);
    join_second_stage();
    return base::ok_status();
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
    judgement_.server = catalogue_.home_of(request_.dialect, request_.model);
    if (auto may = check_home(incoming_.head, judgement_.server); !may.ok()) return may.error();
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

  // What the request will probably cost in tokens.
  void reckon() {
    usage_.input = std::max<std::uint64_t>(1, incoming_.body.size() / kBytesPerToken);
    const double share = std::max(0.05, decision().difficulty.delta_info);
    const auto answer = static_cast<std::uint64_t>(std::clamp(decision().difficulty.delta_tokens / share, 0.0, 1e6));
    usage_.output = std::clamp(answer, kLeastAnswer, kMostAnswer);
    if (request_.max_output_tokens)
      usage_.output = std::min(usage_.output, std::max<std::uint64_t>(1, *request_.max_output_tokens));
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
    judgement_.session_key = Sessions::key_of(client, prompt_.session, prompt_.branch);
    // A conversation that is known by its first words only begins anew when they are all there is.
    if (prompt_.session.starts_with("text-") && prompt_.turns <= 1 && !prompt_.tool_exchange) return;
    const auto known = door_.shared().sessions.find(judgement_.session_key, incoming_.now_ms);
    if (!known) return;
    const auto tier = catalogue_.tier_named(known->tier);
    if (!tier) return;  // the configuration has lost it
    route::Pin pin;
    pin.tier = *tier;
    pin.warm = !prompt_.compacted && incoming_.now_ms - known->last_used_ms < Sessions::kWarm_ms;
    pin.same_turn = !prompt_.turn.empty() && prompt_.turn == known->turn;
    pin_ = pin;
  }

  Service service() const {
    if (prompt_.cls == RequestClass::side || prompt_.cls == RequestClass::probe) return Service::side;
    return prompt_.tool_count > 0 ? Service::agent : Service::chat;
  }

  // Agents offer their vendor's own tools (web search) with every request. That keeps them with the vendor, not with
  // the model; anybody else who names such a tool means the model that he named it for.
  bool offers_vendor_tool() const { return agent_ && request_.bound == core::Bound::server_tool; }
  core::Bound bound() const { return offers_vendor_tool() ? core::Bound::none : request_.bound; }

  std::optional<core::MicroUsd> cost_of(std::string_view model) const {
    return snapshot_.prices->cost(model, usage_, incoming_.unix_ms);
  }

  // Dearer than the model the client named? Only where both prices are known, or both stand in the list of tiers.
  bool under_ceiling(std::size_t tier, const std::optional<core::MicroUsd>& cost) const {
    if (!snapshot_.routing.client_model_is_ceiling || wishes_.wish != route::Wish::none) return true;
    if (wishes_.ceiling_tier) return tier <= *wishes_.ceiling_tier;
    const auto named = cost_of(request_.model);
    return !named || !cost || *cost <= *named;
  }

  void weigh() {
    if (reference_pair()) {
      for (const std::string_view name : kReferencePair) add_candidate({.name = name}, std::nullopt);
      return;
    }
    for (std::size_t i = 0; i < catalogue_.tiers().size(); ++i) {
      const upstream::Tier& tier = catalogue_.tiers()[i];
      const upstream::Server& server = catalogue_.server_of(tier);
      const auto cost = cost_of(tier.model);
      route::Candidate candidate{.name = tier.name};
      candidate.speaks = server.speaks(request_.dialect) && (!wishes_.local_only || server.url.loopback());
      candidate.has_tools = !offers_vendor_tool() || server.vendor == upstream::vendor_of(request_.dialect);
      candidate.serves = tier.serves(service());
      candidate.fits = usage_.input + usage_.output <= catalogue_.context_of(tier);
      candidate.under_ceiling = under_ceiling(i, cost);
      candidate.odds =
          upstream::odds_over_reference(tier.model, upstream::billions_in_name(tier.model), decision().difficulty);
      add_candidate(candidate, cost);
    }
  }

  void add_candidate(const route::Candidate& candidate, std::optional<core::MicroUsd> cost) {
    candidates_.push_back(candidate);
    decision().prices.push_back({std::string(candidate.name), cost});
  }

  route::Choice choose() {
    const core::Difficulty& d = decision().difficulty;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      const auto chance = [&](double p) { return route::p_ok_of(candidates_, i, p); };
      decision().p_ok.push_back(
          {std::string(candidates_[i].name), chance(d.p_small_ok), chance(d.p_low), chance(d.p_high), d.n});
    }
    const route::Situation situation{prompt_, d,       candidates_,          wishes_.wish,         wishes_.tier,
                                     pin_,    bound(), wishes_.ceiling_tier, client_model_served()};
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
    judgement_.stream = request_.stream;
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
    if (!server.speaks(request_.dialect)) {
      return fail(Code::unsupported, fmt::format("tier {} is served by {}, which does not speak {}", tier.name,
                                                 server.name, core::name_of(request_.dialect)));
    }
    decision().served_tier = tier.name;
    decision().served_model = tier.model;
    judgement_.server = &server;
    if (request_.model != tier.model && judgement_.names_model)
      decision().edits.push_back(wire::model_edit(request_, tier.model));
    const bool pins = writes_pin && incoming_.endpoint != core::Endpoint::count_tokens;
    if (pins) judgement_.pin = SessionPin{tier.name, prompt_.turn, incoming_.now_ms};
    return base::ok_status();
  }

  base::Status serve_by_client() {
    decision().served_tier = "client";
    decision().served_model = request_.model;
    judgement_.server = home_;
    if (home_) return base::ok_status();
    if (wishes_.local_only) return not_local("the client's model");
    return base::ok_status();  // a dry run still wants the record; serving says what is missing
  }

  Door& door_;
  const Snapshot& snapshot_;
  const upstream::Catalogue& catalogue_;
  const Incoming& incoming_;
  core::Request request_;
  core::Prompt prompt_;
  Wishes wishes_;
  const upstream::Server* home_ = nullptr;
  core::Usage usage_;
  std::optional<route::Pin> pin_;
  std::vector<route::Candidate> candidates_;
  bool agent_ = false;
  bool brings_key_ = false;  // a credential of the client's own, not the token that opens Basin
  Judgement judgement_;
};

}  // namespace

base::Result<Judgement> judge(Door& door, const Snapshot& snapshot, const Incoming& incoming) {
  auto judgement = Case(door, snapshot, incoming).judge();
  if (!judgement.ok()) return judgement;
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
  judgement.server = snapshot.catalogue.home_of(decision.dialect, {});
  if (auto may = check_home(incoming.head, judgement.server); !may.ok()) return may.error();
  return judgement;
}

}  // namespace basin::gateway
