#include "gateway/answer.h"

#include "wire/errors.h"

namespace basin::gateway {

net::Task<void> send_answer(net::ServerConnection& client, Answer answer) {
  client.start(answer.status, net::Framing::length(answer.body.size()))
      .field("Content-Type", answer.type)
      .field("Cache-Control", "no-store");
  co_await client.finish(answer.body);
}

net::Task<void> send_error(net::ServerConnection& client, core::Dialect dialect, base::Error error,
                           const core::Decision* decision) {
  const std::string body =
      wire::error_body(dialect, error, decision ? std::string_view(decision->id) : std::string_view());
  auto head = client.start(wire::http_status(error.code), net::Framing::length(body.size()));
  head.field("Content-Type", "application/json");
  // Without this, clients ask ten times for what will not change.
  if (!wire::worth_retrying(error.code)) head.field("x-should-retry", "false");
  if (decision) add_decision_fields(head, *decision, {});
  co_await client.finish(body);
}

void add_decision_fields(net::HeadWriter& head, const core::Decision& decision, std::string_view advice) {
  head.field("x-basin-decision-id", decision.id).field("x-basin-tier", decision.served_tier);
  head.field("x-basin-model", decision.served_model).field("x-basin-action", core::name_of(decision.action));
  if (!advice.empty()) head.field("x-basin-advice", advice);
}

}  // namespace basin::gateway
