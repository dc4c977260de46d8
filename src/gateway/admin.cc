#include "gateway/admin.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "base/json_writer.h"
#include "core/record.h"
#include "gateway/judge.h"
#include "gateway/page.h"
#include "gateway/status.h"
#include "wire/endpoint.h"
#include "wire/errors.h"
#include "wire/guess_endpoint.h"

namespace basin::gateway {
namespace {

using base::json::Writer;

struct Context {
  Door& door;
  const Snapshot& snapshot;
  const net::RequestHead& head;
  std::string_view path;  // without query
  std::string_view body;
  std::int64_t unix_ms;
};

Page error_page(int status, std::string_view code, std::string_view message) {
  Page page{.status = status};
  Writer w(page.body);
  w.object()
      .field("schema", "basin.error/1")
      .key("error")
      .object()
      .field("code", code)
      .field("message", message)
      .end()
      .end();
  return page;
}

std::string_view word_for(int status) {
  switch (status) {
    case 401: return "unauthorized";
    case 403: return "forbidden";
    case 404: return "not_found";
    case 413: return "too_large";
    default: return status < 500 ? "invalid" : "internal";
  }
}

Page health(const Context&) { return {.body = R"({"schema":"basin.health/1","status":"ok"})"}; }

Page hello(const Context&) { return {.type = "text/plain", .body = "ok\n"}; }

Page status(const Context& c) { return {.body = status_json(c.door, c.snapshot, c.unix_ms)}; }

Page metrics(const Context& c) { return {.type = "text/plain; version=0.0.4", .body = metrics_text(c.door)}; }

Page front(const Context& c) { return {.type = "text/html; charset=utf-8", .body = front_page(c.door, c.snapshot)}; }

// How many records a list holds: ?limit=N, at most 1000 (a record is about two kilobytes).
std::size_t limit_in(std::string_view target) {
  constexpr std::size_t kUsual = 50;
  constexpr std::size_t kMost = 1000;
  constexpr std::string_view kName = "limit=";
  const auto at = target.find(kName);
  if (at == std::string_view::npos || at == 0 || (target[at - 1] != '?' && target[at - 1] != '&')) return kUsual;
  std::size_t wanted = kUsual;
  std::from_chars(target.data() + at + kName.size(), target.data() + target.size(), wanted);
  return std::min(wanted, kMost);
}

Page decisions(const Context& c) {
  Page page;
  Writer w(page.body);
  w.object().field("schema", "basin.decisions/1").key("decisions").array();
  for (const core::Decision& decision : c.door.shared().decisions.recent(limit_in(c.head.target))) {
    std::string record;
    core::append_record(record, decision, c.door.shared().stamp());
    w.raw(record);
  }
  w.end().end();
  return page;
}

constexpr std::string_view kDecision = "/basin/decisions/";

Page decision(const Context& c) {
  const auto found = c.door.shared().decisions.find(c.path.substr(kDecision.size()));
  if (!found)
    return error_page(404, "not_found", fmt::format("no such decision; the last {} are kept", Decisions::kCapacity));
  Page page;
  core::append_record(page.body, *found, c.door.shared().stamp());
  return page;
}

// A dry run: the record of what would be decided. Nothing is sent, kept or pinned.
Page route(const Context& c) {
  const auto header = [&c](std::string_view name) { return c.head.find(name).value_or(std::string_view()); };
  const core::Dialect dialect = wire::dialect_for(c.head.target, header);
  const auto endpoint = wire::guess_endpoint(c.body, dialect, c.door.workspace().document);
  if (!endpoint.ok()) return error_page(400, "invalid", endpoint.error().message);
  const Incoming incoming{*endpoint, c.head, c.body, c.unix_ms, c.door.now_ms()};
  const auto judgement = judge(c.door, c.snapshot, incoming);
  if (!judgement.ok())
    return error_page(wire::http_status(judgement.error().code), "invalid", judgement.error().message);
  Page page;
  page.unread = judgement->unread;
  core::append_record(page.body, judgement->decision, c.door.shared().stamp());
  return page;
}

Page reload(const Context& c) {
  const auto done = c.door.shared().reload();
  if (!done.ok()) return error_page(400, "configuration", done.error().message + "; nothing was changed");
  return {.body = R"({"schema":"basin.reload/1","status":"reloaded"})"};
}

struct Row {
  std::string_view method;
  std::string_view path;
  Page (*answer)(const Context&);
};
constexpr std::array kRows = {
    Row{"GET", "/", front},
    Row{"HEAD", "/", hello},
    Row{"GET", "/api/hello", hello},
    Row{"HEAD", "/api/hello", hello},
    Row{"GET", "/metrics", metrics},
    Row{"GET", "/basin/health", health},
    Row{"GET", "/basin/status", status},
    Row{"GET", "/basin/decisions", decisions},
    Row{"POST", "/basin/route", route},
    Row{"POST", "/basin/reload", reload},
};

}  // namespace

Page admin(Door& door, const Snapshot& snapshot, const net::RequestHead& head, std::string_view body,
           std::int64_t unix_ms) {
  const Context context{door, snapshot, head, wire::path_of(head.target), body, unix_ms};
  const bool one_decision = context.path.substr(0, kDecision.size()) == kDecision;
  if (one_decision && head.method == "GET") return decision(context);
  bool path_known = one_decision;
  for (const Row& row : kRows) {
    if (row.path != context.path) continue;
    if (row.method == head.method) return row.answer(context);
    path_known = true;
  }
  if (path_known) return error_page(405, "invalid", fmt::format("{} does not take {}", context.path, head.method));
  return error_page(404, "not_found",
                    "nothing here; models are under /v1/messages, /v1/chat/completions, /v1/responses and /v1/models, "
                    "Basin itself under /, /metrics and /basin/{health,status,decisions,route,reload}");
}

Page refusal(const base::Error& error) {
  const int status = wire::http_status(error.code);
  return error_page(status, word_for(status), error.message);
}

}  // namespace basin::gateway
